import { efficiencyRatio } from './efficiency-ratio.ts'
import type { Indicator } from './indicator.ts'

type KamaState = { readonly window: readonly number[]; readonly close: number; readonly average: number }

/**
 * Kaufman's adaptive moving average in the input's unit: closes (ER·(2/(fast+1) − 2/(slow+1)) + 2/(slow+1))² of the way
 * to the close, beginning from the close before the first efficiency ratio. StockCharts ChartSchool.
 */
export const kama = (length = 10, fast = 2, slow = 30): Indicator<KamaState, number> => {
  const efficiency = efficiencyRatio(length)
  const [quick, sluggish] = [2 / (fast + 1), 2 / (slow + 1)]
  return {
    warmup: length + 1,
    initial: { window: efficiency.initial, close: Number.NaN, average: Number.NaN },
    step: (state, close) => {
      const window = efficiency.step(state.window, close)
      const ratio = efficiency.value(window)
      if (Number.isNaN(ratio)) return { window, close, average: state.average }
      const before = Number.isNaN(state.average) ? state.close : state.average
      const pace = (ratio * (quick - sluggish) + sluggish) ** 2
      return { window, close, average: before + pace * (close - before) }
    },
    value: ({ average }) => average,
  }
}
