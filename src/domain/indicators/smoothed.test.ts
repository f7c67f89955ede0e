import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { ema, rma } from './smoothed.ts'

test('an exponential average starts from the plain mean and then closes 2/(n+1) of the way', () => {
  expect(series(ema(3), [2, 4, 6, 8, 0])).toEqual([Number.NaN, Number.NaN, 4, 6, 3])
})

test('a running average closes 1/n of the way', () => {
  expect(series(rma(4), [2, 4, 6, 8, 13, 6])).toEqual([Number.NaN, Number.NaN, Number.NaN, 5, 7, 6.75])
})

test('an average of one is its input', () => {
  expect(series(ema(1), [3, 5])).toEqual([3, 5])
  expect(series(rma(1), [3, 5])).toEqual([3, 5])
})
