import fc from 'fast-check'
import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { VolumeProfile } from './flow-reading.ts'
import type { FlowBar } from './minute-flow.ts'
import { keepProfile, volumeProfile } from './volume-profile.ts'

// The Dow's tick is one point.
const dow = volumeProfile(specOf('YM'))
const read = (inputs: readonly FlowBar[], { step, initial, value } = dow): VolumeProfile | undefined =>
  value(inputs.reduce(step, initial))

const bar = (low: number, high: number, volume: number, tradeDate = '2013-10-09'): FlowBar => ({
  bar: { time: 0, open: low, high, low, close: high, volume },
  tradeDate,
})
/** A minute whose trades are known: contracts at `from`, `from` + 1 and so on. */
const traded = (from: number, ...contracts: number[]): FlowBar => ({
  ...bar(from, from + contracts.length - 1, 0),
  flow: {
    time: 0,
    buy: 0,
    sell: 0,
    basis: 'quotes',
    levels: new Map(contracts.map((each, i) => [from + i, each])),
  },
})

test('the point of control is the busiest level, and the value area grows by two levels at a time', () => {
  // 26 contracts, 70 % are 18.2: 10, with the 4 + 4 above 18, with the 3 + 2 below 23. One at a time would stop at 102.
  expect(read([traded(100, 1, 2, 3, 10, 4, 4, 1, 1)])).toEqual({
    poc: 103,
    valueLow: 101,
    valueHigh: 105,
    volume: 26,
    basis: 'trades',
  })
})

test('the two levels of a pair are weighed together', () => {
  // 25 contracts, 70 % are 17.5: 4 + 4 above outweigh 3 + 2 below.
  expect(read([traded(100, 1, 2, 3, 10, 4, 4, 1)])).toMatchObject({ valueLow: 103, valueHigh: 105 })
})

test('two pairs that hold the same are both taken', () => {
  expect(read([traded(100, 1, 3, 3, 6, 3, 3, 1)])).toMatchObject({ poc: 103, valueLow: 101, valueHigh: 105 })
})

test('a single level left over counts as a pair', () => {
  // 20 contracts: 8, with the lone 5 below 13, with the 3 above and its empty neighbor 16.
  expect(read([traded(100, 5, 8, 3, 0, 2, 2)])).toMatchObject({ poc: 101, valueLow: 100, valueHigh: 103 })
})

test('exactly 70 % are enough', () => {
  expect(read([traded(100, 7, 1, 1, 1)])).toMatchObject({ poc: 100, valueLow: 100, valueHigh: 100 })
})

test('a busiest level far from the first trade is weighed as any other', () => {
  // 128 ticks on is as far as the column of the first trade reaches.
  expect(read([traded(100, 1), traded(226, 4, 0, 5)])).toMatchObject({ poc: 228, valueLow: 226, valueHigh: 228 })
})

test('levels nobody traded at are crossed', () => {
  expect(read([traded(100, 5, 0, 0, 0, 0, 0, 0, 4)])).toMatchObject({ poc: 100, valueLow: 100, valueHigh: 107 })
})

test('of several busiest levels the nearest to the middle of the range counts, then the lower', () => {
  expect(read([traded(100, 9, 1, 9, 1, 1, 1)])?.poc).toBe(102)
  expect(read([traded(100, 9, 1, 1, 9)])?.poc).toBe(100)
  expect(read([traded(100, 1, 1, 1, 9, 1, 9)])?.poc).toBe(103)
})

test('a price far below or above finds its place', () => {
  expect(read([traded(1000, 2), traded(400, 5), traded(5000, 1), traded(1000, 4)])).toMatchObject({
    poc: 1000,
    valueLow: 400,
    volume: 12,
  })
})

test('a bar alone is spread evenly over its ticks, and the profile says so', () => {
  // 4 a level from 100 to 103, and 2 more at 102 and 103: of 20 the 6 at 102 with the 4 + 4 below are 70 %.
  expect(read([bar(100, 103, 16), bar(102, 103, 4)])).toEqual({
    poc: 102,
    valueLow: 100,
    valueHigh: 102,
    volume: 20,
    basis: 'estimated',
  })
})

test('a bar of one price lies there whole', () => {
  // 5 at 100 and 2 at each of the four above: of 13 the 5 with 2 + 2 are too few.
  expect(read([bar(100, 100, 3), bar(100, 104, 10)])).toMatchObject({ poc: 100, valueHigh: 104, volume: 13 })
})

test('one minute without its trades makes the whole profile an estimate, until the next trade date', () => {
  expect(read([traded(100, 5), bar(100, 100, 1)])?.basis).toBe('estimated')
  const next = { ...traded(90, 3), tradeDate: '2013-10-10' }
  expect(read([traded(100, 5), bar(100, 100, 1), next])).toEqual({
    poc: 90,
    valueLow: 90,
    valueHigh: 90,
    volume: 3,
    basis: 'trades',
  })
})

test('nothing traded has no profile', () => {
  expect(read([])).toBeUndefined()
  expect(read([bar(100, 103, 0)])).toBeUndefined()
})

test('prices below zero have their levels too', () => {
  const crude = volumeProfile(specOf('CL'))
  expect(read([bar(-37.63, -37.61, 9)], crude)).toMatchObject({ poc: -37.62, valueLow: -37.63, valueHigh: -37.61 })
})

test('the busiest level is found whatever is spread over the levels', () => {
  const share = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 6 }), fc.nat({ max: 9 }))
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 30 }), (shares) => {
      const inputs = shares.map(([from, reach, volume]) => bar(from, from + reach, volume + 1))
      const levels = Array.from({ length: 19 }, () => 0)
      for (const [from, reach, volume] of shares)
        for (let i = from; i <= from + reach; i++) levels[i] = (levels[i] as number) + (volume + 1) / (reach + 1)
      const { poc } = read(inputs) as VolumeProfile
      expect(levels[poc]).toBe(Math.max(...levels))
    }),
  )
})

test('a state kept stands still while the other goes on', () => {
  const state = dow.step(dow.initial, traded(100, 5, 4))
  const kept = keepProfile(state)
  dow.step(state, traded(101, 50))
  expect(dow.value(kept)).toMatchObject({ poc: 100, volume: 9 })
  expect(dow.value(dow.step(kept, traded(100, 1)))).toMatchObject({ poc: 100, volume: 10 })
})
