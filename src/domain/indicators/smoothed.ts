import type { Indicator } from './indicator.ts'

export type Smoothed = { readonly seen: number; readonly sum: number; readonly average: number }

/** Exponential smoothing with weight `alpha`, seeded with the mean of the first `length` inputs (TradingView's seed). */
const smoothed = (length: number, alpha: number): Indicator<Smoothed, number> => ({
  warmup: length,
  initial: { seen: 0, sum: 0, average: Number.NaN },
  step: ({ seen, sum, average }, input) =>
    seen < length
      ? { seen: seen + 1, sum: sum + input, average: seen + 1 === length ? (sum + input) / length : Number.NaN }
      : { seen, sum, average: alpha * input + (1 - alpha) * average },
  value: ({ average }) => average,
})

/** Exponential moving average, α = 2/(length+1), seeded with SMA(length). TradingView `ta.ema`. */
export const ema = (length: number): Indicator<Smoothed, number> => smoothed(length, 2 / (length + 1))

/** Wilder's running average, α = 1/length, seeded with SMA(length). TradingView `ta.rma`. */
export const rma = (length: number): Indicator<Smoothed, number> => smoothed(length, 1 / length)
