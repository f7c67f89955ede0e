import { expect, test } from 'vitest'
import { bollinger } from './bollinger.ts'

const lastOf = (length: number, multiple: number, inputs: readonly number[]) => {
  const fold = bollinger(length, multiple)
  return fold.value(inputs.reduce(fold.step, fold.initial))
}

test('stands two deviations of the whole window around its mean', () => {
  // Mean 5, squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32 over 8: a deviation of 2, not the sample’s 2.14.
  expect(lastOf(8, 2, [2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ middle: 5, upper: 9, lower: 1 })
})

test('closes on a market that stands still and forgets what left the window', () => {
  expect(lastOf(3, 2, [900, 7, 7, 7])).toEqual({ middle: 7, upper: 7, lower: 7 })
  expect(lastOf(3, 2, [7, 7])).toEqual({ middle: Number.NaN, upper: Number.NaN, lower: Number.NaN })
})
