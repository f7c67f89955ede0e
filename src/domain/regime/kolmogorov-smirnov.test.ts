import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { kolmogorovP, nothingRanked, rankMore, smirnovDistance } from './kolmogorov-smirnov.ts'

const ascending = (values: readonly number[]) => Float64Array.from(values).sort()

const distanceOf = (sample: readonly number[], reference: readonly number[]): number =>
  smirnovDistance(rankMore(nothingRanked, ascending(sample), [ascending(reference)], 0))

/** The definition: the largest difference of the two shares at most at any value. */
const byDefinition = (sample: readonly number[], reference: readonly number[]): number => {
  const share = (values: readonly number[], at: number): number =>
    values.filter((value) => value <= at).length / values.length
  return Math.max(...[...sample, ...reference].map((at) => Math.abs(share(sample, at) - share(reference, at))))
}

test.each([
  ['four against five', [1, 2, 3, 4], [2.5, 3.5, 4.5, 5.5, 6.5], 0.6],
  ['with ties', [1, 1, 2, 2, 3], [1, 2, 2, 2, 4, 4], 1 / 3],
  ['the same', [3, 1, 2], [1, 2, 3], 0],
  ['apart', [1, 2], [3, 4, 5], 1],
  ['a reference between', [1, 9], [4, 5, 6], 0.5],
])('%s', (_, sample, reference, d) => {
  expect(distanceOf(sample, reference)).toBeCloseTo(d, 15)
  expect(distanceOf(reference, sample)).toBeCloseTo(d, 15)
})

test('sixty against four hundred give the distance and the chance that scipy 1.17.1 gives', () => {
  const sample = Array.from({ length: 60 }, (_, i) => (i * i * 7 + 3) % 101)
  const reference = Array.from({ length: 400 }, (_, i) => (i * i * 5 + i * 11) % 131)
  const d = distanceOf(sample, reference)
  expect(d).toBeCloseTo(0.3541666666666667, 15)
  // Exactly 2.451e-6; Stephens' correction comes within three per cent.
  expect(kolmogorovP(d, 60, 400)).toBeCloseTo(2.522416004835007e-6, 15)
})

/** What the correction makes of a distance is undone here, so that the table's λ can be asked for. */
const q = (lambda: number): number => {
  const root = Math.sqrt(500)
  return kolmogorovP(lambda / (root + 0.12 + 0.11 / root), 1000, 1000)
}

test.each([
  [0.1, 1],
  [0.5, 0.9639452436648751],
  [0.8, 0.5441424115741981],
  [1, 0.26999967167735456],
  [1.2238478702170825, 0.1],
  [1.3580986393225505, 0.05],
  [1.6276236115189502, 0.01],
  [2, 0.0006709252557796953],
])('Kolmogorov’s table at %d says %d', (lambda, p) => {
  expect(q(lambda)).toBeCloseTo(p, 14)
})

test('without a sample or a reference nothing is said', () => {
  expect(kolmogorovP(Number.NaN, 0, 9)).toBeNaN()
  expect(distanceOf([], [1])).toBeNaN()
  expect(distanceOf([1], [])).toBeNaN()
})

test('it is the definition, ties and all, on random samples', () => {
  const chance = createChance(3)
  const some = (count: number) => Array.from({ length: count }, () => Math.round(chance() * 12))
  for (let round = 0; round < 300; round++) {
    const [sample, reference] = [some(1 + Math.floor(chance() * 9)), some(1 + Math.floor(chance() * 30))]
    expect(distanceOf(sample, reference)).toBeCloseTo(byDefinition(sample, reference), 12)
  }
})

test('a sample and a reference that grow part by part are ranked as if they had been whole from the start', () => {
  const chance = createChance(5)
  const draw = (count: number) => ascending(Array.from({ length: count }, () => Math.floor(40 * chance())))
  const parts = [draw(30), draw(0), draw(25), draw(40)]
  const samples = [draw(9), draw(7), draw(0), draw(12)]
  const grown = samples.reduce((ranked, more, i) => rankMore(ranked, more, parts.slice(0, i + 1), i), nothingRanked)
  const whole = rankMore(nothingRanked, ascending(samples.flatMap((each) => [...each])), parts, 0)
  expect(grown).toEqual(whole)
  expect(smirnovDistance(grown)).toBe(smirnovDistance(whole))
  expect(whole.of).toBe(95)
})
