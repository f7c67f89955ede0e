import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { sma } from './sma.ts'

test('is the mean of the last inputs', () => {
  expect(series(sma(3), [3, 6, 9, 0, 30])).toEqual([Number.NaN, Number.NaN, 6, 5, 13])
})
