import { anchoredVwap } from '#src/domain/indicators/anchored-vwap.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { overBars, part } from './compare-with.ts'

/** The VWAP of the last `length` bars, or of what there is: ours, anchored anew at the first bar of each window. */
export const movingVwap = (length: number) => {
  const run = overBars(
    part(
      anchoredVwap(() => 'the window'),
      'vwap',
    ),
  )
  return (bars: readonly Bar[]): readonly number[] =>
    bars.map((_, i) => run(bars.slice(Math.max(i + 1 - length, 0), i + 1)).at(-1) ?? Number.NaN)
}

export const ofWindow = 'a moving window there: ours is anchored at its first bar, window by window'
