import { expect, test } from 'vitest'
import { anchoredVwap } from './anchored-vwap.ts'

const flat = (time: number, price: number, volume: number) => ({
  time,
  open: price,
  high: price,
  low: price,
  close: price,
  volume,
})

test('begins anew with each span and stands one and two deviations around', () => {
  const fold = anchoredVwap((time) => String(Math.floor(time / 10)))
  let state = fold.initial
  const told = [flat(0, 90, 5), flat(10, 10, 2), flat(11, 14, 2)].map((bar) => {
    state = fold.step(state, bar)
    return fold.value(state)
  })
  expect(told.map(({ vwap }) => vwap)).toEqual([90, 10, 12])
  // Of 10 and 14 by equal volume: a deviation of 2.
  expect(told[2]).toEqual({ vwap: 12, deviation: 2, upper1: 14, lower1: 10, upper2: 16, lower2: 8 })
})
