import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'

type ObvState = { readonly close: number; readonly balance: number }

/** On-balance volume in contracts: volume of bars that closed up less that of bars that closed down, from the second bar (Granville 1963). TradingView `ta.obv`. */
export const obv: Indicator<ObvState, Pick<Bar, 'close' | 'volume'>> = {
  warmup: 2,
  initial: { close: Number.NaN, balance: Number.NaN },
  step: ({ close: before, balance }, { close, volume }) => ({
    close,
    balance: Number.isNaN(before) ? balance : (balance || 0) + Math.sign(close - before) * volume,
  }),
  value: ({ balance }) => balance,
}
