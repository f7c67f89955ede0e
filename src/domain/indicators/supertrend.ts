import { type AtrState, atr } from './atr.ts'
import type { Indicator } from './indicator.ts'
import type { Range } from './true-range.ts'

export type SupertrendState = {
  readonly range: AtrState
  readonly upper: number
  readonly lower: number
  readonly rising: boolean
}
type Supertrend = { readonly line: number; readonly rising: boolean }

/**
 * Supertrend in points (Olivier Seban): hl2 ± `multiple`·ATR(length), each band only tightening until a close goes
 * beyond it; the line is the lower band of a rising market and the upper of a falling one, which is how it begins.
 * TradingView `ta.supertrend`.
 */
export const supertrend = (multiple = 3, length = 10): Indicator<SupertrendState, Range, Supertrend> => {
  const average = atr(length)
  return {
    warmup: length,
    initial: { range: average.initial, upper: Number.NaN, lower: Number.NaN, rising: false },
    step: ({ range: before, upper, lower, rising }, bar) => {
      const range = average.step(before, bar)
      const reach = multiple * average.value(range)
      const middle = (bar.high + bar.low) / 2
      // Written so that a band that is not there yet gives way: no comparison with NaN holds.
      const nextUpper = upper <= middle + reach && before.close <= upper ? upper : middle + reach
      const nextLower = lower >= middle - reach && before.close >= lower ? lower : middle - reach
      return {
        range,
        upper: nextUpper,
        lower: nextLower,
        rising: Number.isNaN(upper) ? rising : rising ? bar.close >= nextLower : bar.close > nextUpper,
      }
    },
    value: ({ upper, lower, rising }) => ({ line: rising ? lower : upper, rising }),
  }
}
