import { expect, test } from 'vitest'
import { createLatency } from './latency.ts'

const createBook = () => {
  let now = 1_000_000
  const book = createLatency(() => now)
  return {
    ...book,
    pass: (ms: number): void => {
      now += ms
    },
  }
}

test('percentiles are those of the durations, in ms', () => {
  const { record, read } = createBook()
  for (let microseconds = 100; microseconds > 0; microseconds--) record('trade → engine', microseconds / 1000)
  record('engine → picture', 1.5)
  expect(read()).toEqual([
    { name: 'trade → engine', p50: 0.05, p95: 0.095, p99: 0.099, count: 100, buckets: [100, 0, 0, 0, 0, 0, 0, 0, 0] },
    { name: 'engine → picture', p50: 1.5, p95: 1.5, p99: 1.5, count: 1, buckets: [0, 0, 1, 0, 0, 0, 0, 0, 0] },
  ])
})

test('a long duration is told to three figures, one beyond a minute as a minute', () => {
  const { record, read } = createBook()
  record('slow', 12_345)
  record('endless', 3_600_000)
  const [slow, endless] = read()
  expect(slow?.p50).toBeGreaterThan(12_340)
  expect(slow?.p50).toBeLessThan(12_360)
  expect(endless?.p99).toBeGreaterThan(59_900)
  expect(endless?.p99).toBeLessThan(60_100)
  expect([slow?.buckets.at(-1), endless?.buckets.at(-1)]).toEqual([1, 1])
})

test('no time at all counts as the shortest there is', () => {
  const { record, read } = createBook()
  record('hop', 0)
  record('hop', -3)
  expect(read()).toEqual([
    { name: 'hop', p50: 0.001, p95: 0.001, p99: 0.001, count: 2, buckets: [2, 0, 0, 0, 0, 0, 0, 0, 0] },
  ])
})

test('a duration is counted for one to two minutes, then forgotten', () => {
  const { record, read, pass } = createBook()
  const counts = () => read().map(({ count }) => count)
  record('hop', 1)
  pass(60_000)
  record('hop', 2)
  expect(counts()).toEqual([2])
  pass(60_000)
  expect(counts()).toEqual([1])
  pass(60_000)
  expect(read()).toEqual([{ name: 'hop', p50: 0, p95: 0, p99: 0, count: 0, buckets: [0, 0, 0, 0, 0, 0, 0, 0, 0] }])
})

test('the windows turn although nobody reads', () => {
  const { record, read, pass } = createBook()
  record('hop', 1)
  pass(600_000)
  record('hop', 2)
  expect(read()).toEqual([{ name: 'hop', p50: 2, p95: 2, p99: 2, count: 1, buckets: [0, 0, 1, 0, 0, 0, 0, 0, 0] }])
})
