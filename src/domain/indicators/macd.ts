import type { Indicator } from './indicator.ts'
import { ema, type Smoothed } from './smoothed.ts'

type MacdState = { readonly fast: Smoothed; readonly slow: Smoothed; readonly signal: Smoothed }
type Macd = { readonly macd: number; readonly signal: number; readonly histogram: number }

/** MACD in the input's unit: EMA(fast) − EMA(slow), its EMA(signal) and the difference (Appel). TradingView `ta.macd`. */
export const macd = (fastLength = 12, slowLength = 26, signalLength = 9): Indicator<MacdState, number, Macd> => {
  const fast = ema(fastLength)
  const slow = ema(slowLength)
  const signal = ema(signalLength)
  const line = (state: MacdState): number => fast.value(state.fast) - slow.value(state.slow)
  return {
    warmup: Math.max(fastLength, slowLength) + signalLength - 1,
    initial: { fast: fast.initial, slow: slow.initial, signal: signal.initial },
    step: (state, input) => {
      const next = { ...state, fast: fast.step(state.fast, input), slow: slow.step(state.slow, input) }
      const value = line(next)
      return Number.isNaN(value) ? next : { ...next, signal: signal.step(state.signal, value) }
    },
    value: (state) => {
      const [macd, average] = [line(state), signal.value(state.signal)]
      return { macd, signal: average, histogram: macd - average }
    },
  }
}
