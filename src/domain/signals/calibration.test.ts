import { describe, expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { bucketOf, calibrationOf, type Outcome, permutationTest, proportionOf } from './calibration.ts'

const repeat = (count: number, quality: number, won: boolean): Outcome[] =>
  Array.from({ length: count }, () => ({ quality, won }))

test('the interval of 10 in 100 is Wilson’s: 5.52 % to 17.44 %', () => {
  const { share, low, high } = proportionOf(10, 100)
  expect(share).toBe(0.1)
  expect(low).toBeCloseTo(0.055229, 6)
  expect(high).toBeCloseTo(0.174366, 6)
})

test('the interval of none and of all stays within nothing and everything', () => {
  expect(proportionOf(0, 10).low).toBeCloseTo(0, 12)
  expect(proportionOf(0, 10).high).toBeCloseTo(0.277533, 6)
  expect(proportionOf(10, 10).high).toBeCloseTo(1, 12)
  expect(proportionOf(0, 0).share).toBeNaN()
})

describe('the buckets', () => {
  const buckets = calibrationOf([
    ...repeat(60, 65, true),
    ...repeat(40, 69.9, false),
    ...repeat(99, 70, true),
    ...repeat(1, 100, true),
  ])
  test('count the cards of their ten points', () => {
    expect(buckets.map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 0, 100, 99, 0, 1])
    expect(buckets[6]).toMatchObject({ from: 60, share: 0.6, calibrated: true })
  })
  test('are uncalibrated below a hundred cards', () => {
    expect(buckets[7]).toMatchObject({ share: 1, calibrated: false })
    expect(buckets[0]?.share).toBeNaN()
  })
  test('of a quality is the one it falls into, 100 among the nineties', () => {
    expect(bucketOf(buckets, 69.9)?.from).toBe(60)
    expect(bucketOf(buckets, 100)?.from).toBe(90)
  })
})

describe('the permutation test', () => {
  test('finds a score that orders the outcomes', () => {
    const told = Array.from({ length: 60 }, (_, i) => ({ quality: 40 + i, won: i >= 30 }))
    expect(permutationTest(told, 1_000, createChance(1))).toEqual({ n: 60, auc: 1, p: 1 / 1_001, runs: 1_000 })
  })
  test('finds nothing where the score has nothing to do with the outcome', () => {
    const draw = createChance(2)
    const told = Array.from({ length: 300 }, () => ({ quality: 100 * draw(), won: draw() < 0.5 }))
    const { auc, p } = permutationTest(told, 1_000, createChance(3))
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.1)
    expect(p).toBeGreaterThan(0.05)
  })
  test('a small case worked by hand: of the three ways to place two wins among three cards, one is as good', () => {
    const told = [
      { quality: 50, won: false },
      { quality: 60, won: true },
      { quality: 70, won: true },
    ]
    const { auc, p } = permutationTest(told, 30_000, createChance(4))
    expect(auc).toBe(1)
    expect(p).toBeCloseTo(1 / 3, 1)
  })
  test('equal scores count half', () => {
    expect(permutationTest([...repeat(5, 60, true), ...repeat(5, 60, false)], 100, createChance(5))).toMatchObject({
      auc: 0.5,
      p: 1,
    })
  })
  test('says nothing where all won', () => {
    expect(permutationTest(repeat(5, 60, true), 100, createChance(6)).p).toBeNaN()
  })
  test('gives chance its due: of 400 scores without worth about one in twenty comes below 0.05', () => {
    const draw = createChance(7)
    const low = Array.from({ length: 400 }, () => {
      const told = Array.from({ length: 40 }, () => ({ quality: 100 * draw(), won: draw() < 0.4 }))
      return permutationTest(told, 200, draw).p
    }).filter((p) => p < 0.05).length
    expect(low).toBe(21)
  })
})
