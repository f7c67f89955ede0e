import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { kama } from './kama.ts'

test('goes the fast pace on a straight line and the slow one where price comes back', () => {
  // A fast length of 1 and a slow one of 3: paces 1² and (1/2)².
  expect(series(kama(2, 1, 3), [10, 11, 12])).toEqual([Number.NaN, Number.NaN, 12])
  expect(series(kama(2, 1, 3), [10, 14, 10])).toEqual([Number.NaN, Number.NaN, 13])
})

test('stands still with price, however long', () => {
  expect(series(kama(2, 2, 30), [5, 5, 5, 5]).slice(2)).toEqual([5, 5])
})
