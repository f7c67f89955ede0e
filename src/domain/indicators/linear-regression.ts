import type { Indicator } from './indicator.ts'
import { mean, slide } from './window.ts'

type LinearRegression = { readonly slope: number; readonly end: number }

/**
 * The least-squares line through the last `length` inputs (2 or more): its slope, in the input's unit per step, and its
 * value `end` at the newest. TradingView `ta.linreg(x, length, offset)` is end − offset · slope.
 */
export const linearRegression = (length: number): Indicator<readonly number[], number, LinearRegression> => {
  const half = (length - 1) / 2
  return {
    warmup: length,
    initial: [],
    step: (window, input) => slide(window, length, input),
    value: (window) => {
      if (window.length < length) return { slope: Number.NaN, end: Number.NaN }
      const middle = mean(window)
      let turning = 0
      let at = -half
      for (const input of window) turning += at++ * (input - middle)
      // Σ of the squared distances from the middle of n equally spaced places is n(n² − 1)/12.
      const slope = (12 * turning) / (length * (length * length - 1))
      return { slope, end: middle + slope * half }
    },
  }
}
