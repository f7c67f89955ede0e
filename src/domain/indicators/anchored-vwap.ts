import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'
import { type VwapState, vwap } from './vwap.ts'

type VwapBands = {
  readonly vwap: number
  readonly deviation: number
  readonly upper1: number
  readonly lower1: number
  readonly upper2: number
  readonly lower2: number
}

/** VWAP of hlc3 with bands of one and two deviations, in points, begun anew whenever `anchorAt(epoch ms)` names another span. TradingView `ta.vwap`. */
export const anchoredVwap = (anchorAt: (time: number) => string): Indicator<VwapState, Bar, VwapBands> => ({
  warmup: vwap.warmup,
  initial: vwap.initial,
  step: (state, bar) => vwap.step(state, { bar, anchor: anchorAt(bar.time) }),
  value: (state) => {
    const { vwap: middle, deviation } = vwap.value(state)
    return {
      vwap: middle,
      deviation,
      upper1: middle + deviation,
      lower1: middle - deviation,
      upper2: middle + 2 * deviation,
      lower2: middle - 2 * deviation,
    }
  },
})
