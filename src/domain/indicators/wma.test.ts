import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { wma } from './wma.ts'

test('the newest weighs most, the oldest one', () => {
  // (1·1 + 2·2 + 3·6)/6 and (1·2 + 2·6 + 3·0)/6.
  const [, , third, fourth] = series(wma(3), [1, 2, 6, 0])
  expect([third, fourth]).toEqual([23 / 6, 14 / 6])
})

test('of one is its input', () => {
  expect(series(wma(1), [4, 7])).toEqual([4, 7])
})
