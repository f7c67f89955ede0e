import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { trueRange, trueRanges } from './true-range.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

test('the true range reaches from the close before when the bar gapped away from it', () => {
  expect(trueRange(bar(12, 10, 11), 11)).toBe(2)
  expect(trueRange(bar(12, 10, 11), 7)).toBe(5)
  expect(trueRange(bar(12, 10, 11), 15)).toBe(5)
})

test('the first bar’s true range is its own height', () => {
  expect(trueRange(bar(12, 10, 11), Number.NaN)).toBe(2)
  expect(series(trueRanges, [bar(12, 10, 11), bar(18, 16, 17), bar(14, 13, 13)])).toEqual([2, 7, 4])
})
