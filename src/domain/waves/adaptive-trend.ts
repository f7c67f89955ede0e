import type { Indicator } from '../indicators/indicator.ts'
import { slide } from '../indicators/window.ts'

export type AdaptiveTrendState = { readonly close: number; readonly trend: number; readonly moves: readonly number[] }

/**
 * A trend line in points that hurries when price moves and rests when it chops:
 * αᵢ = min(1, 2/(length+1) · (1 + k·|Δcᵢ| / max|Δc| over the last `lookback` bars)), trend₀ = c₀, trendᵢ = trendᵢ₋₁ + αᵢ(cᵢ − trendᵢ₋₁).
 */
export const adaptiveTrend = (length = 20, k = 5, lookback = 200): Indicator<AdaptiveTrendState, number> => ({
  warmup: 1,
  initial: { close: Number.NaN, trend: Number.NaN, moves: [] },
  step: (state, close) => {
    if (Number.isNaN(state.trend)) return { close, trend: close, moves: [] }
    const move = Math.abs(close - state.close)
    const moves = slide(state.moves, lookback, move)
    let widest = 0
    for (const each of moves) if (each > widest) widest = each
    const alpha = Math.min(1, (2 / (length + 1)) * (1 + (widest === 0 ? 0 : (k * move) / widest)))
    return { close, trend: state.trend + alpha * (close - state.trend), moves }
  },
  value: ({ trend }) => trend,
})
