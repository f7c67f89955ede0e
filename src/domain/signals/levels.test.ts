import { expect, test } from 'vitest'
import { blockAt, gapAt, quietSession, readAt, readingOf } from '#src/testing/readings.ts'
import { floorPivots } from '../indicators/pivots.ts'
import { entryLevel, opposingLevels } from './levels.ts'

const prior = { tradeDate: '2013-10-08', high: 5012, low: 4982, close: 5006 }
/** P 5000, R1 5018, S1 4988, R2 5030, S2 4970. */
const pivots = floorPivots(prior)
const names = (levels: readonly { readonly name: string }[]): readonly string[] => levels.map(({ name }) => name)

test('a long enters at the nearest level below the close', () => {
  const reading = readingOf({ close: 4999, vwap: 4996, ema21: 4997, prior, pivots })
  expect(entryLevel(reading, 'long', 6)).toEqual({
    kind: 'ema21',
    name: 'EMA21 5m',
    price: 4997,
    at: reading.frame.at,
  })
})

test('a short enters at the nearest level above the close', () => {
  const reading = readingOf({ close: 4999, vwap: 5004, ema21: 4997, prior, pivots })
  expect(entryLevel(reading, 'short', 6)).toEqual({ kind: 'pivot', name: 'P', price: 5000, at: readAt })
})

test('a level on the close serves both sides', () => {
  const reading = readingOf({ vwap: 5000 })
  expect([entryLevel(reading, 'long', 6).kind, entryLevel(reading, 'short', 6).kind]).toEqual(['vwap', 'vwap'])
})

test('a long leans on the top of a bull gap, a short on the bottom of a bear gap', () => {
  const gaps = [gapAt('long', 4994, 4998), gapAt('short', 5001, 5003)]
  const reading = readingOf({ frame: { gaps } })
  expect(entryLevel(reading, 'long', 6)).toMatchObject({ kind: 'gap', name: 'bull gap', price: 4998, at: gaps[0]?.at })
  expect(entryLevel(reading, 'short', 6)).toMatchObject({ kind: 'gap', name: 'bear gap', price: 5001 })
})

test('a long leans on the top of a bull block, a short on the bottom of a bear breaker', () => {
  const blocks = [blockAt('long', 4994, 4998), blockAt('short', 5001, 5003, true), blockAt('short', 4996, 4999)]
  const reading = readingOf({ frame: { blocks } })
  expect(entryLevel(reading, 'long', 6)).toMatchObject({ kind: 'block', name: 'bull block', price: 4998 })
  expect(entryLevel(reading, 'short', 6)).toMatchObject({ kind: 'block', name: 'bear breaker', price: 5001 })
})

test('the edges of the market’s own opening range are levels once its window is over', () => {
  const range = {
    name: 'New York',
    minutes: 15,
    opensAt: 0,
    state: 'OBSERVING',
    since: 0,
    high: 5003,
    low: 4997,
  } as const
  const reading = (more: object = {}) =>
    readingOf({ session: { ...quietSession, openingRanges: [{ ...range, ...more }] } })
  expect(entryLevel(reading(), 'long', 6)).toEqual({
    kind: 'opening-range',
    name: 'opening range 15 low',
    price: 4997,
    at: readAt,
  })
  expect(entryLevel(reading(), 'short', 6)).toMatchObject({ name: 'opening range 15 high', price: 5003 })
  expect(entryLevel(reading({ state: 'BUILDING' }), 'long', 6).kind).toBe('trend')
  expect(entryLevel(reading({ name: 'London' }), 'long', 6).kind).toBe('trend')
})

test('the other side’s gaps hold nothing up', () => {
  const gaps = [gapAt('short', 4996, 4998)]
  expect(entryLevel(readingOf({ frame: { gaps }, vwap: 4995 }), 'long', 6).kind).toBe('vwap')
})

test('beyond the reach the trend line serves instead, wherever it lies', () => {
  const reading = readingOf({ vwap: 4993.75, trend: 5020 })
  expect(entryLevel(reading, 'long', 6)).toEqual({ kind: 'trend', name: 'trend', price: 5020, at: reading.frame.at })
  expect(entryLevel(reading, 'long', 6.25).kind).toBe('vwap')
})

test('of two levels at one price the one named first in the method wins', () => {
  expect(entryLevel(readingOf({ vwap: 4998, ema21: 4998, trend: 4998 }), 'long', 6).kind).toBe('vwap')
})

test('a trade runs into the other side’s gaps, the lines, the prior day and the pivots, nearest first', () => {
  const gaps = [gapAt('short', 5005, 5009), gapAt('long', 4990, 5002)]
  const reading = readingOf({ vwap: 5003, ema21: 4999, prior, pivots, frame: { gaps } })
  const above = opposingLevels(reading, 'long', 5000.25)
  expect(names(above)).toEqual(['VWAP', 'bear gap', 'prior-day high', 'R1', 'R2', 'R3'])
  expect(above[1]?.price).toBe(5005)
  const below = opposingLevels(reading, 'short', 5000)
  expect(names(below)).toEqual(['EMA21 5m', 'S1', 'prior-day low', 'S2', 'S3', 'trend'])
})

test('a short runs into the tops of bull gaps', () => {
  const gaps = [gapAt('long', 4990, 4996)]
  expect(opposingLevels(readingOf({ frame: { gaps } }), 'short', 5000)[0]?.price).toBe(4996)
})

test('what is not known is no level', () => {
  expect(names(opposingLevels(readingOf({ trend: Number.NaN }), 'long', 0))).toEqual([])
})
