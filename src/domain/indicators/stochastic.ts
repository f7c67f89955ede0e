import { type Extreme, highest, lowest } from './extreme.ts'
import type { Indicator } from './indicator.ts'
import { sma } from './sma.ts'
import type { Range } from './true-range.ts'

type Averaged = ReturnType<typeof sma>['initial']
type StochasticState = {
  readonly high: Extreme
  readonly low: Extreme
  readonly raw: number
  readonly k: Averaged
  readonly d: Averaged
}
type Stochastic = { readonly raw: number; readonly k: number; readonly d: number }

/**
 * Stochastic oscillator, 0–100 (George Lane): raw = where the close stands in the range of `length` bars, %K = SMA(raw,
 * smoothing), %D = SMA(%K, signal). TradingView `ta.stoch` and its two averages; a range of no height reads 50.
 */
export const stochastic = (length = 14, smoothing = 1, signal = 3): Indicator<StochasticState, Range, Stochastic> => {
  const [top, bottom, k, d] = [highest(length), lowest(length), sma(smoothing), sma(signal)]
  return {
    warmup: length + smoothing + signal - 2,
    initial: { high: top.initial, low: bottom.initial, raw: Number.NaN, k: k.initial, d: d.initial },
    step: (state, bar) => {
      const [high, low] = [top.step(state.high, bar.high), bottom.step(state.low, bar.low)]
      const floor = bottom.value(low)
      const height = top.value(high) - floor
      if (Number.isNaN(height)) return { ...state, high, low }
      const raw = height === 0 ? 50 : (100 * (bar.close - floor)) / height
      const smooth = k.step(state.k, raw)
      const value = k.value(smooth)
      return { high, low, raw, k: smooth, d: Number.isNaN(value) ? state.d : d.step(state.d, value) }
    },
    value: (state) => ({ raw: state.raw, k: k.value(state.k), d: d.value(state.d) }),
  }
}
