import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'
import { rma, type Smoothed } from './smoothed.ts'

type Range = Pick<Bar, 'high' | 'low' | 'close'>

/** True range in points: the bar's reach from the close before it; the first bar's is high − low (Wilder 1978). */
export const trueRange = ({ high, low }: Range, previousClose: number): number =>
  Number.isNaN(previousClose)
    ? high - low
    : Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose))

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
