import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { createKnownRanges, type KnownRanges } from './known-ranges.ts'
import { percentileRank, volatilityCluster } from './volatility.ts'

/** Values as an average true range walks, the next from the one before. */
type Walk = (chance: () => number, before: number) => number

const walks: readonly (readonly [string, Walk])[] = [
  ['smooth', (chance, before) => before + (Math.exp(3 * chance() - 1) - before) / 14],
  ['jumping', (chance) => chance() ** 3 * 40],
  ['creeping up', (chance, before) => before + chance() * chance()],
  ['falling', (chance, before) => before - chance()],
  ['in two heaps', (chance) => (chance() < 0.9 ? chance() : 50 + chance())],
  ['on a grid', (chance, before) => Math.max(1, before + Math.floor(7 * chance()) - 3)],
  ['now and then far out', (chance) => (chance() < 0.99 ? chance() : 1e4 * (chance() - 0.5))],
]

const dateOf = (day: number): string => `2025-01-${String(10 + day).padStart(2, '0')}`

/** Feeds seven trade dates of which five are remembered, and shows what is held after each value. */
const play = (
  walk: Walk,
  seed: number,
  see: (ranges: KnownRanges, held: Float64Array, index: number) => void,
): void => {
  const chance = createChance(seed)
  const ranges = createKnownRanges()
  let held: { day: number; value: number }[] = []
  let before = 5
  for (let index = 0; index < 7 * 90; index++) {
    const day = Math.floor(index / 90)
    before = walk(chance, before)
    ranges.add(dateOf(day), before)
    ranges.forget(dateOf(Math.max(0, day - 4)))
    held = [...held, { day, value: before }].filter((each) => each.day > day - 5)
    see(
      ranges,
      Float64Array.from(held, ({ value }) => value),
      index,
    )
  }
}

test.each(walks)('says of values that walk %s what ranking and clustering them anew says', (_, walk) => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 150 }), (seed, every) => {
      play(walk, seed, (ranges, held, index) => {
        if (held.length < 200 || index % every !== 0) return
        const { percentile, cluster } = ranges.volatility
        expect([percentile, cluster]).toEqual([percentileRank(held), volatilityCluster(held)])
      })
    }),
    { numRuns: 5 },
  )
})

test('what is kept goes on apart from the ranges it was taken from', () => {
  const chance = createChance(3)
  const ranges = createKnownRanges()
  for (let i = 0; i < 300; i++) ranges.add(dateOf(Math.floor(i / 100)), chance())
  const kept = ranges.keep()
  const before = ranges.volatility
  for (let i = 0; i < 300; i++) ranges.add(dateOf(3), 2 + i)
  ranges.forget(dateOf(3))
  expect(ranges.volatility).toEqual({ percentile: 1, cluster: 'HIGH' })
  expect(kept.volatility).toEqual(before)
  kept.forget(dateOf(2))
  expect(kept.volatility.percentile).toBeNaN()
})

test('nothing is said of fewer than 200 ranges, and three clusters need three values', () => {
  const ranges = createKnownRanges()
  for (let i = 0; i < 199; i++) ranges.add(dateOf(0), 1)
  expect(ranges.volatility).toEqual({ percentile: Number.NaN, cluster: 'MEDIUM' })
  ranges.add(dateOf(0), 2)
  expect(ranges.volatility).toEqual({ percentile: 1, cluster: 'MEDIUM' })
  ranges.add(dateOf(0), 3)
  expect(ranges.volatility).toEqual({ percentile: 1, cluster: 'HIGH' })
})
