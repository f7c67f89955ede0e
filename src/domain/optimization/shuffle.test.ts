import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { pathsOf, shuffledOf } from './shuffle.ts'

const terms = (order: 'shuffled' | 'resampled', ruin: number) => ({
  order,
  ruin,
  paths: 100_000,
  random: createStream(1).uniform,
})

test('two won and two lost: three of six orders fall by one, three by two, and one is two behind at once', () => {
  const { drawdown, end, losingStreak, ruined, paths } = pathsOf(Float64Array.of(1, 1, -1, -1), terms('shuffled', 2))
  expect(drawdown).toMatchObject({ p5: 1, p25: 1, p75: 2, p99: 2 })
  expect(losingStreak).toMatchObject({ p5: 1, p25: 1, p75: 2, p99: 2 })
  expect(end).toEqual({ p5: 0, p25: 0, p50: 0, p75: 0, p95: 0, p99: 0 })
  expect([ruined, paths]).toEqual([expect.closeTo(1 / 6, 2), 100_000])
})

test('drawn anew the end varies too: one in sixteen loses all four', () => {
  const { end, drawdown, ruined } = pathsOf(Float64Array.of(1, 1, -1, -1), terms('resampled', 4))
  expect(end).toEqual({ p5: -4, p25: -2, p50: 0, p75: 2, p95: 4, p99: 4 })
  expect(drawdown).toMatchObject({ p5: 0, p99: 4 })
  expect(ruined).toBeCloseTo(1 / 16, 2)
})

test('every order of three is dealt as often', () => {
  const { uniform } = createStream(3)
  const { drawdown } = pathsOf(Float64Array.of(-1, 100, -10), {
    order: 'shuffled',
    ruin: 1,
    paths: 30_000,
    random: uniform,
  })
  // −1 and −10 in a row fall by 11, in two of three orders; apart by 10.
  expect(drawdown).toMatchObject({ p5: 10, p25: 10, p50: 11, p99: 11 })
})

test('no results make no way', () => {
  expect(pathsOf(new Float64Array(0), terms('shuffled', 1))).toMatchObject({ ruined: 0, drawdown: { p50: 0 } })
})

test('twenty trades are dealt in a thousand orders, nineteen in none', () => {
  const loser = Float64Array.from({ length: 20 }, (_, i) => (i === 7 ? -100 : 0))
  expect(shuffledOf(loser, createStream(1).uniform)).toMatchObject({
    paths: 1_000,
    drawdown: { p5: 100, p50: 100, p95: 100 },
    losingStreak: { p5: 1, p50: 1, p95: 1 },
  })
  expect(shuffledOf(loser.subarray(1), createStream(1).uniform)).toBeUndefined()
})
