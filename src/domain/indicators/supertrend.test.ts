import { expect, test } from 'vitest'
import { supertrend } from './supertrend.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

test('begins falling, tightens, turns with a close beyond its line and back again', () => {
  const fold = supertrend(1, 1)
  let state = fold.initial
  const told = [
    bar(12, 10, 11), // Range 2 around 11: falling under 13.
    bar(11, 9, 10), // Range 2 around 10: the line comes down to 12.
    bar(13, 9, 11), // Range 4 around 11 would be 15: the line stays.
    bar(15, 13, 15), // Range 4 around 14: the close is beyond 12, the market rises over 10.
    bar(16, 14, 15), // Range 2 around 15: the line goes up to 13.
    bar(15, 13, 14), // Range 2 around 14 would be 12: it stays.
    bar(13, 11, 12), // Range 3 around 12: the close is beyond 13, the market falls under 15.
  ].map((each) => {
    state = fold.step(state, each)
    return fold.value(state)
  })
  expect(told.map(({ line }) => line)).toEqual([13, 12, 12, 10, 13, 13, 15])
  expect(told.map(({ rising }) => rising)).toEqual([false, false, false, true, true, true, false])
})

test('a close on the line does not turn it', () => {
  const fold = supertrend(1, 1)
  const state = [bar(12, 10, 11), bar(14, 12, 13)].reduce(fold.step, fold.initial)
  expect(fold.value(state)).toEqual({ line: 13, rising: false })
})
