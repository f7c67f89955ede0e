import type { Indicator } from './indicator.ts'
import { slide } from './window.ts'

/** Mean of the last `length` of a window, the newest weighing `length` and the oldest 1; NaN of fewer. */
export const weightedMean = (window: readonly number[], length: number): number => {
  const before = window.length - length
  if (before < 0) return Number.NaN
  let sum = 0
  for (let weight = 1; weight <= length; weight++) sum += weight * (window[before + weight - 1] as number)
  return (2 * sum) / (length * (length + 1))
}

/** Weighted moving average in the input's unit, the newest weighing `length`, the oldest 1. TradingView `ta.wma`. */
export const wma = (length: number): Indicator<readonly number[], number> => ({
  warmup: length,
  initial: [],
  step: (window, input) => slide(window, length, input),
  value: (window) => weightedMean(window, length),
})
