import type { Indicator } from './indicator.ts'
import type { Range } from './true-range.ts'
import { mean, slide } from './window.ts'

/**
 * Commodity channel index, without unit: (hlc3 − SMA(hlc3)) / (0.015 · mean absolute deviation) (Lambert 1980).
 * TradingView `ta.cci(hlc3, length)`; 0 where nothing moved.
 */
export const cci = (length = 20): Indicator<readonly number[], Range> => ({
  warmup: length,
  initial: [],
  step: (window, { high, low, close }) => slide(window, length, (high + low + close) / 3),
  value: (window) => {
    if (window.length < length) return Number.NaN
    const middle = mean(window)
    let deviation = 0
    for (const price of window) deviation += Math.abs(price - middle) / length
    return deviation === 0 ? 0 : ((window.at(-1) as number) - middle) / (0.015 * deviation)
  },
})
