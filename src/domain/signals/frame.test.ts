import { expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import type { Bar } from '../market/bar.ts'
import { alignment, type FrameReading, frame } from './frame.ts'

const fiveMinutes = 300_000
const read = (bars: readonly Bar[]): FrameReading =>
  frame.value(bars.reduce((state, bar) => frame.step(state, bar), frame.initial))
const closing = (closes: readonly number[]): readonly Bar[] =>
  barsOf(
    closes.map((close) => [close, close + 1, close - 1, close]),
    fiveMinutes,
  )
const line = (count: number, step: number): readonly number[] => Array.from({ length: count }, (_, i) => 100 + i * step)
const voteAfter = (closes: readonly number[]): number =>
  alignment.value(closes.reduce((state, close) => alignment.step(state, close), alignment.initial)).vote

test('a rising close stands above its averages in order, a falling one below them', () => {
  expect([voteAfter(line(40, 1)), voteAfter(line(40, -1))]).toEqual([1, -1])
})

test('a close between its averages, or averages not in order, have no vote', () => {
  expect(voteAfter([...line(40, 1), 130])).toBe(0)
  expect(voteAfter([...line(40, 1), 90])).toBe(0)
  expect(voteAfter(line(40, 0))).toBe(0)
})

test('before the slow average is warm there is no vote', () => {
  expect([voteAfter(line(20, 1)), voteAfter(line(21, 1))]).toEqual([0, 1])
})

test('the band is the high and low of the last twenty bars', () => {
  const { band } = read(closing([500, 1, ...line(19, 1)]))
  // The second bar, 0–2, is the oldest of the twenty; the first is forgotten.
  expect(band).toEqual({ low: 0, high: 119 })
})

test('the drift is the close against the one 24 bars before', () => {
  expect(read(closing(line(24, 1))).drift).toBeNaN()
  expect(read(closing(line(25, 1))).drift).toBe(24)
  expect(read(closing(line(30, -2))).drift).toBe(-48)
})

test('the oscillator before is the one of the bar before', () => {
  const closes = [...line(40, 1), 120]
  expect(read(closing(closes)).aoBefore).toBe(read(closing(closes.slice(0, -1))).ao)
})

test('a reading is stamped with the open of its newest bar', () => {
  expect(read(closing([1, 2, 3])).at).toBe(2 * fiveMinutes)
})

test('swings are listed as they become known, newest last, forty at most', () => {
  const zigzag = Array.from({ length: 45 }, (_, i) => [0, 1, 2, 3 + i / 100, 2, 1]).flat()
  const { swingHighs, swingLows } = read(closing(zigzag))
  expect(swingHighs).toHaveLength(40)
  // The last peak has only two bars behind it, so the one before is the newest known, with its third bar.
  expect(swingHighs.at(-1)).toEqual({
    kind: 'high',
    price: 4.43,
    at: (43 * 6 + 3) * fiveMinutes,
    knownAt: (43 * 6 + 6) * fiveMinutes,
    takenAt: (44 * 6 + 3) * fiveMinutes,
  })
  expect(swingLows.every(({ kind }) => kind === 'low')).toBe(true)
})
