import type { Indicator } from './indicator.ts'
import { mean, slide } from './window.ts'

/** Simple moving average over `length` inputs, in the input's unit. Summed anew each step, so no error builds up. */
export const sma = (length: number): Indicator<readonly number[], number> => ({
  warmup: length,
  initial: [],
  step: (window, input) => slide(window, length, input),
  value: (window) => (window.length < length ? Number.NaN : mean(window)),
})
