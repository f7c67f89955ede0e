import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrive, lagMs, type Punctuality, serverTime, skewMs, startPunctuality } from './punctuality.ts'

const start = Date.UTC(2026, 10, 18, 14)

/** Events a tenth of a second apart for `seconds`, received `delay` after they happened. */
const hear = (state: Punctuality, from: number, seconds: number, delay: number): void => {
  for (let ms = 0; ms < seconds * 1000; ms += 100) arrive(state, from + ms - delay, from + ms)
}

test('before the first event nothing is known', () => {
  expect([lagMs(startPunctuality()), skewMs(startPunctuality())]).toEqual([undefined, undefined])
})

test('lag is the newest second against the smallest delay of the last minute', () => {
  const state = startPunctuality()
  hear(state, start, 30, 40)
  expect(lagMs(state)).toBe(0)
  arrive(state, start + 30_000 - 640, start + 30_000)
  arrive(state, start + 30_100 - 40, start + 30_100)
  expect(lagMs(state)).toBe(600)
  arrive(state, start + 31_000 - 45, start + 31_000)
  expect(lagMs(state)).toBe(5)
})

test('a longer way becomes the usual one after a minute', () => {
  const state = startPunctuality()
  hear(state, start, 10, 40)
  hear(state, start + 10_000, 59, 240)
  expect(lagMs(state)).toBe(200)
  hear(state, start + 69_000, 1, 240)
  expect(lagMs(state)).toBe(0)
})

test('a silence longer than a minute leaves nothing of before', () => {
  const state = startPunctuality()
  hear(state, start, 10, 40)
  hear(state, start + 3_600_000, 1, 500)
  expect(lagMs(state)).toBe(0)
})

test('events from the future say that the clock is behind', () => {
  const state = startPunctuality()
  hear(state, start, 5, 30)
  expect(skewMs(state)).toBeUndefined()
  hear(state, start + 5_000, 5, -1_970)
  expect(skewMs(state)).toBe(-1_970)
})

test('a machine clock set back by an hour begins a new minute', () => {
  const state = startPunctuality()
  hear(state, start, 70, 40)
  hear(state, start - 3_600_000, 1, 90)
  expect(lagMs(state)).toBe(0)
})

test("a server's second and the request's two ends give the middle of what is possible", () => {
  const state = startPunctuality()
  hear(state, start, 5, 9_000)
  serverTime(state, start, start + 8_000, start + 8_200)
  expect(skewMs(state)).toBe(7_600)
  serverTime(state, start + 60_000, start + 67_400, start + 67_600)
  expect(skewMs(state)).toBe(7_300)
  serverTime(state, start + 120_000, start + 127_000, start + 128_500)
  expect(skewMs(state)).toBe(7_300)
})

test('a clock is never further ahead than the smallest delay', () => {
  const state = startPunctuality()
  hear(state, start, 5, 25)
  serverTime(state, start, start + 400, start + 500)
  expect(skewMs(state)).toBe(-50)
  serverTime(state, start + 1_000, start + 1_990, start + 2_010)
  expect(skewMs(state)).toBe(25)
})

test('answers that contradict each other mean that the clock was set', () => {
  const state = startPunctuality()
  hear(state, start, 5, 60_000)
  serverTime(state, start, start + 8_000, start + 8_200)
  serverTime(state, start + 60_000, start + 60_400, start + 60_600)
  expect(skewMs(state)).toBe(0)
})

test('the estimate is never further off than half a second and half the request', () => {
  const requests = fc.record({
    skew: fc.integer({ min: -600_000, max: 600_000 }),
    trip: fc.integer({ min: 0, max: 900 }),
  })
  fc.assert(
    fc.property(
      requests,
      fc.integer({ min: 0, max: 999 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ skew, trip }, ms, part) => {
        const state = startPunctuality()
        const truly = start + ms
        serverTime(state, truly - (truly % 1000), truly + skew - part * trip, truly + skew + (1 - part) * trip)
        arrive(state, 0, 10_000_000)
        expect(Math.abs((skewMs(state) ?? Number.NaN) - skew)).toBeLessThanOrEqual(500 + trip / 2)
      },
    ),
  )
})
