import { expect, test } from 'vitest'
import { efficiencyRatio } from './efficiency-ratio.ts'
import { series } from './indicator.ts'

test('is the way made over the way walked', () => {
  // From 10 to 13 over 10 → 12 → 11 → 13: 3 of 5; then from 12 to 13: 1 of 3.
  expect(series(efficiencyRatio(3), [10, 12, 11, 13, 13])).toEqual([Number.NaN, Number.NaN, Number.NaN, 3 / 5, 1 / 3])
})

test('is one on a straight line, either way, and zero where nothing was gained or moved', () => {
  expect(series(efficiencyRatio(2), [1, 2, 3]).at(-1)).toBe(1)
  expect(series(efficiencyRatio(2), [3, 2, 1]).at(-1)).toBe(1)
  expect(series(efficiencyRatio(2), [1, 5, 1]).at(-1)).toBe(0)
  expect(series(efficiencyRatio(2), [4, 4, 4]).at(-1)).toBe(0)
})
