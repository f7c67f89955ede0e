import { expect, test } from 'vitest'
import { linearRegression } from './linear-regression.ts'

const lastOf = (length: number, inputs: readonly number[]) => {
  const fold = linearRegression(length)
  return fold.value(inputs.reduce(fold.step, fold.initial))
}

test('finds a straight line again', () => {
  expect(lastOf(4, [99, 10, 12.5, 15, 17.5])).toEqual({ slope: 2.5, end: 17.5 })
})

test('lays the line of least squares through what is not straight', () => {
  // Inputs 1, 2, 6: mean 3, (−1·(1 − 3) + 0 + 1·(6 − 3))/2 = 2.5 a step, 5.5 at the end.
  expect(lastOf(3, [1, 2, 6])).toEqual({ slope: 2.5, end: 5.5 })
  expect(lastOf(3, [1, 2])).toEqual({ slope: Number.NaN, end: Number.NaN })
})
