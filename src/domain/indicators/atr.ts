import type { Indicator } from './indicator.ts'
import { rma, type Smoothed } from './smoothed.ts'
import { type Range, trueRange } from './true-range.ts'

export type AtrState = { readonly close: number; readonly range: Smoothed }

/** Average true range in points: RMA of the true range. TradingView `ta.atr`. */
export const atr = (length: number): Indicator<AtrState, Range> => {
  const average = rma(length)
  return {
    warmup: length,
    initial: { close: Number.NaN, range: average.initial },
    step: ({ close, range }, bar) => ({ close: bar.close, range: average.step(range, trueRange(bar, close)) }),
    value: ({ range }) => average.value(range),
  }
}
