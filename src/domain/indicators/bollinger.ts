import type { Indicator } from './indicator.ts'
import { mean, slide } from './window.ts'

type Bollinger = { readonly middle: number; readonly upper: number; readonly lower: number }

const cold: Bollinger = { middle: Number.NaN, upper: Number.NaN, lower: Number.NaN }

/** Bollinger bands in the input's unit: SMA(length) ± `multiple` population standard deviations. TradingView `ta.bb`. */
export const bollinger = (length = 20, multiple = 2): Indicator<readonly number[], number, Bollinger> => ({
  warmup: length,
  initial: [],
  step: (window, input) => slide(window, length, input),
  value: (window) => {
    if (window.length < length) return cold
    const middle = mean(window)
    let squares = 0
    for (const input of window) squares += (input - middle) ** 2
    const reach = multiple * Math.sqrt(squares / length)
    return { middle, upper: middle + reach, lower: middle - reach }
  },
})
