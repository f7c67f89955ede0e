import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'

export type VwapState = {
  readonly anchor: string
  readonly volume: number
  readonly mean: number
  /** Volume-weighted sum of squared deviations (West 1979): no cancellation, however far price is from zero. */
  readonly spread: number
}
export type Vwap = { readonly vwap: number; readonly deviation: number }
export type AnchoredBar = { readonly bar: Bar; readonly anchor: string }

/** Volume-weighted average of hlc3 and its standard deviation, in points, since the bar's `anchor` last changed. */
export const vwap: Indicator<VwapState, AnchoredBar, Vwap> = {
  warmup: 1,
  initial: { anchor: '', volume: 0, mean: Number.NaN, spread: 0 },
  step: (state, { bar, anchor }) => {
    const fresh = state.anchor !== anchor || state.volume === 0
    const price = (bar.high + bar.low + bar.close) / 3
    if (fresh) return { anchor, volume: bar.volume, mean: bar.volume > 0 ? price : Number.NaN, spread: 0 }
    const volume = state.volume + bar.volume
    const mean = state.mean + ((price - state.mean) * bar.volume) / volume
    return { anchor, volume, mean, spread: state.spread + bar.volume * (price - state.mean) * (price - mean) }
  },
  value: ({ mean, spread, volume }) => ({ vwap: mean, deviation: Math.sqrt(spread / volume) }),
}
