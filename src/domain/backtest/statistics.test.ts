import { expect, test } from 'vitest'
import {
  deviationOf,
  downsideOf,
  lineOf,
  meanOf,
  profitFactorOf,
  quantileOf,
  sharpeOf,
  sortinoOf,
  sqnOf,
  straightnessOf,
  tailRatioOf,
} from './statistics.ts'

test('the deviation of 2, 4, 4, 4, 5, 5, 7, 9 as a sample is √(32 / 7)', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9]
  expect(meanOf(values)).toBe(5)
  expect(deviationOf(values)).toBeCloseTo(Math.sqrt(32 / 7), 14)
})

test('equal values have no deviation, whatever rounding does to their sum', () => {
  expect(deviationOf(Array.from({ length: 9 }, () => 0.01))).toBe(0)
  expect(meanOf(Array.from({ length: 10 }, () => 0.1))).toBe(0.1)
})

test('one value has no deviation to tell, and nothing has no mean', () => {
  expect([deviationOf([1]), meanOf([]), sharpeOf([1]), sortinoOf([1]), quantileOf([], 0.5)]).toEqual(
    Array.from({ length: 5 }, () => Number.NaN),
  )
})

test('Sharpe and Sortino of 1, −1, 3 in a year of three dates', () => {
  // Mean 1, squares 0, 4, 4: s = 2. The one loss: √(3 · 1 / 3) = 1.
  expect(sharpeOf([1, -1, 3], 3)).toBeCloseTo(Math.sqrt(3) / 2, 14)
  expect(downsideOf([1, -1, 3], 3)).toBe(1)
  expect(sortinoOf([1, -1, 3], 3)).toBe(3)
})

test('the system quality number of Tharp’s kind: √4 · 0.5 ÷ √(4 / 3)', () => {
  expect(sqnOf([1.5, -0.5, 1.5, -0.5])).toBeCloseTo((2 * 0.5) / Math.sqrt(4 / 3), 14)
})

test('the profit factor is what was won over what was lost, and untold without a loss', () => {
  expect(profitFactorOf([3, -1, 0, -1])).toBe(1.5)
  expect(profitFactorOf([3, 1])).toBeNaN()
})

test('quantiles lie between the values, at both ends on them', () => {
  expect([0, 0.25, 0.5, 0.875, 1].map((share) => quantileOf([1, 2, 3, 4, 10], share))).toEqual([1, 2, 3, 7, 10])
})

test('the tails of 1 to 21 and their mirror weigh alike', () => {
  const values = Array.from({ length: 21 }, (_, i) => i - 10)
  expect(tailRatioOf(values)).toBe(1)
  expect(tailRatioOf([...values, 40, 40])).toBeCloseTo(37 / 8.9, 12)
})

test('a line through points on it explains them wholly, one through noise in part', () => {
  expect(lineOf([1, 3, 5], [0, 1, 2])).toEqual({ slope: 2, intercept: 1, rSquared: 1 })
  expect(lineOf([1, 2, 1], [0, 1, 2])).toMatchObject({ slope: 0, rSquared: 0 })
  expect(lineOf([1, 2], [3, 3]).slope).toBeNaN()
})

test('a ruler is straight, a step of two equal halves four fifths so', () => {
  expect(straightnessOf([5, 4, 3, 2])).toBe(1)
  expect(straightnessOf([0, 0, 1, 1])).toBeCloseTo(0.8, 14)
})
