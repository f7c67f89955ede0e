import { expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { type Swing, swings } from './swing.ts'

/** What each bar made known, for bars given as [high, low]. */
const confirmedBy = (n: number, ranges: readonly (readonly [number, number])[]): readonly (readonly Swing[])[] => {
  const fold = swings(n)
  let state = fold.initial
  return barsOf(ranges.map(([high, low]) => [low, high, low, high])).map((bar) => {
    state = fold.step(state, bar)
    return state.confirmed
  })
}
const minute = 60_000
const rising = (highs: readonly number[]) => highs.map((high, i) => [high, i] as const)

test('a high with three lower ones on each side is known three bars later', () => {
  const known = confirmedBy(3, rising([1, 2, 3, 9, 3, 2, 1, 0]))
  expect(known.map((each) => each.length)).toEqual([0, 0, 0, 0, 0, 0, 1, 0])
  expect(known[6]).toEqual([{ kind: 'high', price: 9, at: 3 * minute, knownAt: 6 * minute }])
})

test('a low mirrors it', () => {
  const known = confirmedBy(
    1,
    [5, 3, 4].map((low, i) => [10 + i, low] as const),
  )
  expect(known[2]).toEqual([{ kind: 'low', price: 3, at: minute, knownAt: 2 * minute }])
})

test('one bar can be both', () => {
  const known = confirmedBy(1, [
    [10, 5],
    [12, 3],
    [11, 4],
  ])
  expect(known[2]?.map(({ kind }) => kind)).toEqual(['high', 'low'])
})

test('an equal high on either side is no swing', () => {
  expect(confirmedBy(1, rising([9, 9, 1])).flat()).toEqual([])
  expect(confirmedBy(1, rising([1, 9, 9])).flat()).toEqual([])
})

test('before enough bars stand on both sides nothing is known', () => {
  expect(confirmedBy(3, rising([9, 3, 2, 1, 0])).flat()).toEqual([])
  expect(confirmedBy(3, rising([1, 2, 3, 9, 3, 2])).flat()).toEqual([])
})
