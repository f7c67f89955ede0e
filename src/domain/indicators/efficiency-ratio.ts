import type { Indicator } from './indicator.ts'
import { slide } from './window.ts'

/** Kaufman's efficiency ratio, 0–1: |cᵢ − cᵢ₋ₙ| over the sum of the absolute changes between. 0 where nothing moved. */
export const efficiencyRatio = (length: number): Indicator<readonly number[], number> => ({
  warmup: length + 1,
  initial: [],
  step: (window, close) => slide(window, length + 1, close),
  value: (window) => {
    if (window.length < length + 1) return Number.NaN
    let path = 0
    for (let i = 1; i < window.length; i++) path += Math.abs((window[i] as number) - (window[i - 1] as number))
    return path === 0 ? 0 : Math.abs((window.at(-1) as number) - (window[0] as number)) / path
  },
})
