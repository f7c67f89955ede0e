import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'

export type Range = Pick<Bar, 'high' | 'low' | 'close'>

/** True range in points: the bar's reach from the close before it; the first bar's is high − low (Wilder 1978). */
export const trueRange = ({ high, low }: Range, previousClose: number): number =>
  Number.isNaN(previousClose)
    ? high - low
    : Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose))

type TrueRangeState = { readonly close: number; readonly range: number }

/** The true range of every bar, in points. TradingView `ta.tr(true)`. */
export const trueRanges: Indicator<TrueRangeState, Range> = {
  warmup: 1,
  initial: { close: Number.NaN, range: Number.NaN },
  step: ({ close }, bar) => ({ close: bar.close, range: trueRange(bar, close) }),
  value: ({ range }) => range,
}
