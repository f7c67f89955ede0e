import { expect, test } from 'vitest'
import { macd } from './macd.ts'

test('is the fast average less the slow one, and its own average begins with the mean of its first', () => {
  const fold = macd(1, 3, 2)
  let state = fold.initial
  const values = [2, 4, 6, 10, 2].map((close) => {
    state = fold.step(state, close)
    return fold.value(state)
  })
  // EMA(1) is the close; EMA(3): 4, 7, 4.5. Line 2, 3, −2.5; signal 2.5, then 2/3 of the way to −2.5.
  expect(values.slice(1, 4).map((value) => value.macd)).toEqual([Number.NaN, 2, 3])
  expect(values[3]).toEqual({ macd: 3, signal: 2.5, histogram: 0.5 })
  expect(values[4]?.macd).toBe(-2.5)
  expect(values[4]?.signal).toBeCloseTo(2.5 - (5 * 2) / 3, 12)
  expect(values[4]?.histogram).toBeCloseTo(-2.5 - (2.5 - 10 / 3), 12)
})
