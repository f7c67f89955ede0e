import { expect, test } from 'vitest'
import { barsOf, randomBars } from '#src/testing/bars.ts'
import type { Bar } from '../market/bar.ts'
import { knownSwings } from './known-swings.ts'
import { furthest, past, type Swing, swings } from './swing.ts'

const minute = 60_000
const turns = swings()

/** The swings of a kind known after each bar, and all there ever were. */
const followed = (kind: Swing['kind'], bars: readonly Bar[]) => {
  const known = knownSwings(kind)
  const ever: Swing[] = []
  let [turned, state] = [turns.initial, known.initial]
  return bars.map((bar) => {
    turned = turns.step(turned, bar)
    state = known.step(state, bar, turned.confirmed)
    ever.push(...turned.confirmed.filter((swing) => swing.kind === kind))
    return { bar, all: state.all, ever: ever.slice() }
  })
}

/** Three bars up to each peak and three down, all above zero. */
const peaks = (...highs: readonly number[]): readonly Bar[] =>
  barsOf(highs.flatMap((high) => [1, 2, 3, high, 3, 2].map((top) => [0, top, 0, 1])))

const pricesOf = (kind: Swing['kind'], bars: readonly Bar[]) =>
  followed(kind, bars)
    .at(-1)
    ?.all.map(({ price }) => price)

test('a high of long ago is known until a later one lies as far', () => {
  const low = Array<number>(50).fill(9)
  expect(pricesOf('high', peaks(50, 30, ...low))).toEqual([50, 30, ...low.slice(10)])
  expect(pricesOf('high', peaks(50, 30, ...low, 40, 9))?.slice(0, 2)).toEqual([50, 9])
  expect(pricesOf('high', peaks(50, 30, ...low, 50, 9))?.[0]).toBe(9)
})

/** Readings of which the newest forty alone would not know the last swing beyond a price some points away. */
const forgetful = (kind: Swing['kind'], seed: number): number => {
  let differing = 0
  for (const { bar, all, ever } of followed(kind, randomBars(seed, 3000)))
    for (const away of [0, 5, 20, 80]) {
      const price = furthest(kind, bar) + (kind === 'high' ? away : -away)
      const lastOf = (list: readonly Swing[]) => list.findLast((swing) => past(kind, swing.price, price) > 0)?.at
      expect(lastOf(all)).toBe(lastOf(ever))
      if (lastOf(ever.slice(-40)) !== lastOf(ever)) differing++
    }
  return differing
}

test.each([
  [1, 476, 2496],
  [2, 1605, 241],
  [3, 345, 319],
] as const)('the last swing beyond any price is known, however long ago: random market %d', (seed, highs, lows) => {
  expect([forgetful('high', seed), forgetful('low', seed)]).toEqual([highs, lows])
})

test('a swing is taken by the first bar that trades beyond it, not by one that trades at it', () => {
  const bars = barsOf([1, 2, 3, 9, 3, 2, 1, 2, 3, 7, 3, 2, 1, 7, 8, 9.25, 10].map((high) => [0, high, 0, 1]))
  const takenBy = (count: number) =>
    followed('high', bars.slice(0, count))
      .at(-1)
      ?.all.map(({ takenAt }) => takenAt)
  expect(takenBy(14)).toEqual([undefined, undefined])
  expect(takenBy(15)).toEqual([undefined, 14 * minute])
  expect(takenBy(17)).toEqual([15 * minute, 14 * minute])
})

test.each([1, 2, 3])(
  'every swing is stamped as if all bars since had been looked through: random market %d',
  (seed) => {
    const bars = randomBars(seed, 1500)
    for (const kind of ['high', 'low'] as const) {
      const { all } = followed(kind, bars).at(-1) ?? { all: [] }
      const stamps = all.map(
        ({ price, knownAt }) =>
          bars.find((bar) => bar.time > knownAt && past(kind, furthest(kind, bar), price) > 0)?.time,
      )
      expect(all.map(({ takenAt }) => takenAt)).toEqual(stamps)
    }
  },
)
