import { expect, test } from 'vitest'
import { dealingRange } from './dealing-range.ts'
import type { Swing } from './swing.ts'

const swing = (kind: Swing['kind'], price: number, at: number): Swing => ({ kind, price, at, knownAt: at + 3 })
const highs = [swing('high', 120, 1), swing('high', 110, 5), swing('high', 104, 9)]
const lows = [swing('low', 90, 2), swing('low', 100, 6), swing('low', 106, 10)]

test('the last swings that bracket the close make the range', () => {
  expect(dealingRange(highs, lows, 105)).toEqual({
    low: 100,
    high: 110,
    lowAt: 6,
    highAt: 5,
    equilibrium: 105,
    share: 0.5,
    word: 'equilibrium',
  })
})

test('above the middle is premium, below discount', () => {
  expect(dealingRange(highs, lows, 107)).toMatchObject({ low: 106, high: 110, share: 0.25, word: 'discount' })
  expect(dealingRange(highs, lows, 103)).toMatchObject({ low: 100, high: 104, share: 0.75, word: 'premium' })
})

test('a close on a swing is bracketed by it', () => {
  expect(dealingRange(highs, lows, 110)).toMatchObject({ low: 106, high: 110, share: 1 })
  expect(dealingRange(highs, lows, 90)).toMatchObject({ low: 90, high: 104, share: 0 })
})

test('a close beyond every swing of a kind is in no range, nor is one where high and low are one price', () => {
  expect(dealingRange(highs, lows, 121)).toBeUndefined()
  expect(dealingRange(highs, lows, 89)).toBeUndefined()
  expect(dealingRange([swing('high', 100, 1)], [swing('low', 100, 2)], 100)).toBeUndefined()
})
