import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { rsi } from './rsi.ts'

test('weighs average gains against average losses', () => {
  // Changes +2, −1, +3: gains (2 + 0)/2 = 1, then 2; losses (0 + 1)/2 = 0.5, then 0.25.
  expect(series(rsi(2), [10, 12, 11, 14])).toEqual([Number.NaN, Number.NaN, 100 - 100 / 3, 100 - 100 / 9])
})

test('is 100 without a loss and 0 without a gain', () => {
  expect(series(rsi(2), [1, 2, 3]).at(-1)).toBe(100)
  expect(series(rsi(2), [3, 2, 1]).at(-1)).toBe(0)
  expect(series(rsi(2), [3, 3, 3]).at(-1)).toBe(100)
})

test('turned upside down it is what is left to 100', () => {
  const closes = [5, 7, 6, 9, 4, 8, 8, 3]
  const mirrored = series(
    rsi(3),
    closes.map((close) => -close),
  )
  series(rsi(3), closes).forEach((value, i) => {
    if (i >= 3) expect(value + (mirrored[i] ?? Number.NaN)).toBeCloseTo(100, 10)
  })
})
