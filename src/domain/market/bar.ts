export const timeframes = ['1m', '5m', '15m', '60m', '1d'] as const
export type Timeframe = (typeof timeframes)[number]

export const minuteMs = 60_000

/** One bar; `time` is the epoch ms of its first instant, prices are in points, volume in contracts. */
export type Bar = {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/**
 * How much of its minute a bar has seen, weakest first. A later rank replaces an earlier one:
 * partial — only a part of the minute was seen; history — whole, from a history request;
 * live — whole, built from every trade as it came; settled — the venue's own correction.
 */
export const finalities = ['partial', 'history', 'live', 'settled'] as const
export type Finality = (typeof finalities)[number]

/** A bar with where it came from and the instant (epoch ms) up to which its source had seen the market. */
export type RecordedBar = Bar & { readonly finality: Finality; readonly asOf: number; readonly source: string }
