import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { realityCheck, signFlipTest } from './permutation.ts'

const noiseOf = (seed: number, trials: number, days: number): Float64Array[] => {
  const { normal } = createStream(seed)
  return Array.from({ length: trials }, () => Float64Array.from({ length: days }, normal))
}

test('four winning days are one of sixteen ways to sign them, whatever the days without a trade', () => {
  const { p, observed } = signFlipTest(Float64Array.of(2, 0, 2, 2, 0, 2), 100_000, createStream(1).uniform)
  expect(p).toBeCloseTo(1 / 16, 2)
  expect(observed).toBeCloseTo(8 / 6, 12)
})

test('a sum that is met again counts as as good', () => {
  expect(signFlipTest(Float64Array.of(3, -1), 100_000, createStream(2).uniform).p).toBeCloseTo(1 / 2, 2)
  expect(signFlipTest(Float64Array.of(0.1, 0.2, -0.3), 100_000, createStream(2).uniform).p).toBeCloseTo(5 / 8, 2)
})

test('no results are as good as any', () => {
  expect(signFlipTest(new Float64Array(0), 10, createStream(1).uniform)).toEqual({ observed: 0, p: 1, runs: 10 })
})

test('the best of fifty without an edge: alone it looks proven, among them it is what luck makes', () => {
  const checks = Array.from({ length: 40 }, (_, seed) =>
    realityCheck(noiseOf(seed, 50, 120), { runs: 199, random: createStream(seed, 9).uniform }),
  )
  const below = (line: number): number => checks.filter(({ p }) => p <= line).length
  const aloneBelow = checks.filter(({ best, each }) => (each[best] ?? 1) <= 0.05).length
  expect([below(0.05), below(0.5), aloneBelow]).toEqual([3, 25, 38])
})

test('a trial with an edge is found among them, however wild the others are', () => {
  const rows = noiseOf(5, 50, 120).map((row, t) => row.map((one) => (t === 30 ? one + 0.5 : t * one)))
  const { best, p, statistic, each } = realityCheck(rows, { runs: 999, random: createStream(5, 9).uniform })
  expect([best, p, each[30]]).toEqual([30, 1 / 1_000, 1 / 1_000])
  expect(statistic).toBeGreaterThan(4)
})

test('one trial alone is its own best', () => {
  const { p, each } = realityCheck(noiseOf(8, 1, 60), { runs: 499, random: createStream(8, 9).uniform })
  expect(each).toEqual([p])
})

test('days that hang together are drawn together: blocks make a run of luck less surprising', () => {
  const { normal } = createStream(12)
  let level = 0
  const levels = Float64Array.from({ length: 240 }, () => {
    level = 0.9 * level + normal()
    return level
  })
  const mean = levels.reduce((sum, one) => sum + one, 0) / 240
  const row = levels.map((one) => one - mean + 0.3)
  const pOf = (block: number): number =>
    realityCheck([row], { runs: 1_999, random: createStream(12, 9).uniform, block }).p
  expect(pOf(20)).toBeGreaterThan(2 * pOf(1))
})

test('the same chance gives the same bytes', () => {
  const check = () => realityCheck(noiseOf(2, 10, 50), { runs: 99, random: createStream(4).uniform })
  expect(check()).toEqual(check())
})

test('no trials are no proof', () => {
  expect(realityCheck([], { runs: 9, random: createStream(1).uniform })).toMatchObject({ p: Number.NaN, each: [] })
})
