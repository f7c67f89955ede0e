import { expect, test } from 'vitest'
import { cci } from './cci.ts'
import { series } from './indicator.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

test('measures the typical price from its mean in mean deviations', () => {
  // Typical prices 10, 12, 17: mean 13, deviations 3 + 1 + 4 over 3; (17 − 13)/(0.015 · 8/3) = 100.
  expect(series(cci(3), [bar(11, 9, 10), bar(14, 10, 12), bar(20, 14, 17)]).at(-1)).toBeCloseTo(100, 10)
})

test('is nought where nothing moved', () => {
  expect(series(cci(2), [bar(3, 3, 3), bar(3, 3, 3)])).toEqual([Number.NaN, 0])
})
