import type { Indicator } from './indicator.ts'
import { slide } from './window.ts'
import { weightedMean, wma } from './wma.ts'

type HmaState = { readonly window: readonly number[]; readonly leading: readonly number[] }

/**
 * Hull moving average in the input's unit: WMA(2·WMA(n/2) − WMA(n), √n), both lengths rounded down (Alan Hull 2005).
 * TradingView `ta.hma`; `length` of 2 or more.
 */
export const hma = (length: number): Indicator<HmaState, number> => {
  const half = Math.floor(length / 2)
  const leading = wma(Math.floor(Math.sqrt(length)))
  return {
    warmup: length + leading.warmup - 1,
    initial: { window: [], leading: leading.initial },
    step: (state, input) => {
      const window = slide(state.window, length, input)
      if (window.length < length) return { window, leading: state.leading }
      const lead = 2 * weightedMean(window, half) - weightedMean(window, length)
      return { window, leading: leading.step(state.leading, lead) }
    },
    value: (state) => leading.value(state.leading),
  }
}
