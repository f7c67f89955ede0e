/** What can be drawn over the bars, in the words of the menu, and whether it is when nobody said otherwise. */
export const layers = {
  plan: { words: 'Plan and position', shown: true },
  fills: { words: 'Fills', shown: true },
  vwap: { words: 'VWAP ±1 ±2 sd', shown: true },
  ema: { words: 'EMA9', shown: true },
  bands: { words: 'Bollinger 20, 2 sd', shown: false },
  zones: { words: 'Gaps, blocks, the opening range in play', shown: true },
  ranges: { words: 'All opening ranges', shown: false },
  levels: { words: 'Equal highs and lows, prior 4h, day and week', shown: true },
  profile: { words: 'POC and value area', shown: false },
  dealing: { words: 'Dealing range middle', shown: false },
  turns: { words: 'Swings (hollow: taken), shifts, sweeps', shown: false },
} as const

export type Layer = keyof typeof layers
