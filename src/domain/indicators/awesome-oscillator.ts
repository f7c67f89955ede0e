import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'
import { mean, slide } from './window.ts'

/** Awesome oscillator in points: SMA(hl2, 5) − SMA(hl2, 34) (Bill Williams). */
export const awesomeOscillator = (fast = 5, slow = 34): Indicator<readonly number[], Pick<Bar, 'high' | 'low'>> => ({
  warmup: slow,
  initial: [],
  step: (window, { high, low }) => slide(window, slow, (high + low) / 2),
  value: (window) => (window.length < slow ? Number.NaN : mean(window, slow - fast) - mean(window)),
})
