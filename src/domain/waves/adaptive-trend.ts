import type { Indicator } from '../indicators/indicator.ts'

/** A move no later one has reached, and which bar made it. */
type Peak = { readonly bar: number; readonly move: number }

export type AdaptiveTrendState = {
  readonly bars: number
  readonly close: number
  readonly trend: number
  /** The peaks within the lookback, widest and oldest first: the first is the widest move of all. */
  readonly peaks: readonly Peak[]
}

/** Moves that a later one reaches never matter again, so of 200 only a handful is held. */
const climb = (peaks: readonly Peak[], newest: Peak, oldest: number): readonly Peak[] => {
  const next: Peak[] = []
  for (const peak of peaks) if (peak.bar >= oldest && peak.move > newest.move) next.push(peak)
  next.push(newest)
  return next
}

/**
 * A trend line in points that hurries when price moves and rests when it chops:
 * αᵢ = min(1, 2/(length+1) · (1 + k·|Δcᵢ| / max|Δc| over the last `lookback` bars)), trend₀ = c₀, trendᵢ = trendᵢ₋₁ + αᵢ(cᵢ − trendᵢ₋₁).
 */
export const adaptiveTrend = (length = 20, k = 5, lookback = 200): Indicator<AdaptiveTrendState, number> => ({
  warmup: 1,
  initial: { bars: 0, close: Number.NaN, trend: Number.NaN, peaks: [] },
  step: (state, close) => {
    const bars = state.bars + 1
    if (Number.isNaN(state.trend)) return { bars, close, trend: close, peaks: [] }
    const move = Math.abs(close - state.close)
    const peaks = climb(state.peaks, { bar: bars, move }, bars - lookback + 1)
    const widest = (peaks[0] as Peak).move
    const alpha = Math.min(1, (2 / (length + 1)) * (1 + (widest === 0 ? 0 : (k * move) / widest)))
    return { bars, close, trend: state.trend + alpha * (close - state.trend), peaks }
  },
  value: ({ trend }) => trend,
})
