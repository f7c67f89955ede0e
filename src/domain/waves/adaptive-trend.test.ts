import { expect, test } from 'vitest'
import { series } from '../indicators/indicator.ts'
import { adaptiveTrend } from './adaptive-trend.ts'

test('hurries when the move is the widest of its time and rests when price stands', () => {
  // Length 19: weight 0.1, and 0.1 · (1 + 4) for the widest move. 100 → 110 is the widest: half way.
  // Standing at 110 takes a tenth of the rest; 110 → 105 moves half the widest: 0.1 · (1 + 4/2) = 0.3 of the way.
  const [start, hurried, rested, half] = series(adaptiveTrend(19, 4), [100, 110, 110, 105])
  expect([start, hurried]).toEqual([100, 105])
  expect(rested).toBeCloseTo(105.5, 12)
  expect(half).toBeCloseTo(105.5 + 0.3 * (105 - 105.5), 12)
})

test('forgets the widest move after its lookback', () => {
  const values = series(adaptiveTrend(19, 4, 2), [100, 110, 110, 110, 111])
  // The last two moves are 0 and 1, so 1 is the widest: half of what lies between is gone.
  const before = values[3] as number
  expect(values[4]).toBeCloseTo(before + 0.5 * (111 - before), 12)
})

test('a move counts for its lookback, its own bar included', () => {
  const values = series(adaptiveTrend(19, 4, 2), [100, 110, 111, 112])
  const [, first, second, third] = values as [number, number, number, number]
  // Beside the move of 10 that of 1 is a tenth: 0.1 · (1 + 0.4). One bar on it is the widest.
  expect(second).toBeCloseTo(first + 0.14 * (111 - first), 12)
  expect(third).toBeCloseTo(second + 0.5 * (112 - second), 12)
})

test('never overshoots the price', () => {
  expect(series(adaptiveTrend(3, 5), [100, 110, 90])).toEqual([100, 110, 90])
})

test('a price that never moved is its own trend', () => {
  expect(series(adaptiveTrend(), [7, 7, 7])).toEqual([7, 7, 7])
})
