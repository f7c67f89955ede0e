import { expect, test } from 'vitest'
import { sellStop } from '#src/testing/fills.ts'
import type { Snapshot } from './platform-event.ts'
import { agreed, differencesOf, judge } from './reconcile.ts'

const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  account: 'Sim101',
  positions: [],
  orders: [],
  foreign: [],
  ...over,
})
const mnq = (quantity: number, contract = 202612) =>
  ({ instrument: 'MNQ', contract, quantity, averagePrice: 20_000 }) as const

test('a difference is said in words', () => {
  expect(differencesOf(snapshot({ positions: [mnq(2)] }), [mnq(1)], [])).toEqual([
    'Sim101 MNQ Z6: NinjaTrader +2, ledger +1',
  ])
  expect(differencesOf(snapshot(), [mnq(-1)], [])).toEqual(['Sim101 MNQ Z6: NinjaTrader flat, ledger −1'])
  expect(differencesOf(snapshot({ positions: [mnq(2)] }), [mnq(2, 202703)], [])).toHaveLength(2)
  expect(differencesOf(snapshot({ positions: [mnq(2)] }), [mnq(2)], [])).toEqual([])
})

test('a market the ledger does not know differs', () => {
  expect(differencesOf(snapshot({ foreign: [{ name: '6E 12-26', quantity: 1 }] }), [], [])).toEqual([
    'Sim101 6E 12-26: NinjaTrader +1, not a market of the ledger',
  ])
})

test('orders that work for one side only differ; one of unknown state may be either', () => {
  const stop = sellStop(19_990, 1)
  expect(differencesOf(snapshot(), [], [stop])).toEqual([
    "Sim101 MNQ Z6: order 'Stop1' works in the ledger, not in NinjaTrader",
  ])
  expect(differencesOf(snapshot({ orders: [stop] }), [], [{ ...stop, state: 'filled' }])).toEqual([
    "Sim101 MNQ Z6: order 'Stop1' works in NinjaTrader, not in the ledger",
  ])
  expect(differencesOf(snapshot(), [], [{ ...stop, state: 'unknown' }])).toEqual([])
  expect(differencesOf(snapshot({ orders: [stop] }), [], [stop])).toEqual([])
})

test('a difference settles for a second after its first sign and after the last execution, then it differs', () => {
  const words = ['Sim101 MNQ Z6: NinjaTrader flat, ledger +1']
  const first = judge(agreed, words, 10_000, 10_000)
  expect(first).toMatchObject({ state: 'settling', differences: words })
  expect(judge(first, words, 10_000, 10_999).state).toBe('settling')
  expect(judge(first, words, 10_500, 11_400).state).toBe('settling')
  expect(judge(first, words, 10_000, 11_000)).toMatchObject({ state: 'differs', differences: words })
  expect(judge(first, [], 10_000, 11_000)).toEqual(agreed)
})

test('one difference that follows another is as young as itself, and an older one beside it is not', () => {
  const first = judge(agreed, ['order A'], 0, 10_000)
  const next = judge(first, ['order B'], 0, 10_900)
  expect(judge(next, ['order B'], 0, 11_000).state).toBe('settling')
  expect(judge(first, ['order A', 'order B'], 0, 11_000).state).toBe('differs')
})
