import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { Quote } from '../market/tick.ts'
import { classify } from './classify.ts'

const es = specOf('ES')
const at = Date.parse('2022-01-24T13:30:00Z')
const quote = (bid: number, ask: number, eventTime = at): Quote => ({
  instrument: 'ES',
  eventTime,
  receivedTime: eventTime,
  bid,
  ask,
  bidSize: 1,
  askSize: 1,
})
const trade = (price: number) => ({ eventTime: at, price })
const spread = quote(99.75, 100.25)

test('what the venue says counts, whatever the quote', () => {
  expect(classify(es, { ...trade(100.25), aggressor: 'sell' }, spread, undefined)).toEqual({
    side: 'sell',
    basis: 'quotes',
  })
})

test.each([
  [100.25, 'buy', 410],
  [100.5, 'buy', 410],
  [99.75, 'sell', 390],
  [99.5, 'sell', 390],
])('%d against 99.75 to 100.25 is a %s, whatever was before', (price, side, ticks) => {
  expect(classify(es, trade(price), spread, { ticks, side: undefined })).toEqual({ side, basis: 'quotes' })
})

test.each([
  [399, 'sell', 'buy'],
  [401, 'buy', 'sell'],
  [400, 'sell', 'sell'],
  [400, 'buy', 'buy'],
  [400, undefined, undefined],
] as const)('inside the spread, 400 ticks after a trade at %d by %s is by %s', (ticks, before, side) => {
  expect(classify(es, trade(100), spread, { ticks, side: before })).toEqual({ side, basis: 'quotes' })
})

test('without a quote the tick rule only estimates', () => {
  expect(classify(es, trade(100), undefined, { ticks: 399, side: 'sell' })).toEqual({ side: 'buy', basis: 'estimated' })
})

test('the first trade without anything to compare with has no side', () => {
  expect(classify(es, trade(100), undefined, undefined)).toEqual({ side: undefined, basis: 'estimated' })
  expect(classify(es, trade(100), spread, undefined)).toEqual({ side: undefined, basis: 'quotes' })
})

test.each([
  ['of a later instant', quote(99.75, 100, at + 1)],
  ['more than ten seconds old', quote(99.75, 100, at - 10_001)],
  ['locked', quote(100, 100)],
  ['crossed', quote(100.25, 99.75)],
])('a quote %s is none', (_, unfit) => {
  expect(classify(es, trade(100), unfit, { ticks: 401, side: 'buy' })).toEqual({ side: 'sell', basis: 'estimated' })
})

test('a quote of ten seconds ago still stands', () => {
  expect(classify(es, trade(100), quote(99.75, 100, at - 10_000), undefined).side).toBe('buy')
})

test('prices meet in ticks: what arithmetic leaves behind is no difference', () => {
  const gold = specOf('GC')
  const [price, ask] = [0.1 + 0.2, 0.3]
  expect(price).not.toBe(ask)
  expect(classify(gold, trade(ask), quote(0.2, price), undefined).side).toBe('buy')
})
