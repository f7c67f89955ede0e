import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'
import { slide } from './window.ts'

type MfiState = { readonly price: number; readonly flows: readonly number[] }

/**
 * Money flow index, 0–100: the share of hlc3 · volume that came with a rising hlc3 among the last `length` moves
 * (Quong and Soudack 1989). TradingView `ta.mfi(hlc3, length)`; 50 where no money flowed either way.
 */
export const mfi = (length = 14): Indicator<MfiState, Pick<Bar, 'high' | 'low' | 'close' | 'volume'>> => ({
  warmup: length + 1,
  initial: { price: Number.NaN, flows: [] },
  step: ({ price: before, flows }, { high, low, close, volume }) => {
    const price = (high + low + close) / 3
    if (Number.isNaN(before)) return { price, flows }
    return { price, flows: slide(flows, length, Math.sign(price - before) * price * volume) }
  },
  value: ({ flows }) => {
    if (flows.length < length) return Number.NaN
    let [rising, all] = [0, 0]
    for (const flow of flows) {
      rising += Math.max(flow, 0)
      all += Math.abs(flow)
    }
    return all === 0 ? 50 : (100 * rising) / all
  },
})
