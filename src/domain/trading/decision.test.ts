import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { decisionsOf, type OwnTrade } from './decision.ts'

const closed = (account: string, openedAt: number, closedAt: number, over: Partial<OwnTrade> = {}): OwnTrade => ({
  ...{ account, instrument: 'MNQ', side: 'long', quantity: 1 },
  openedAt,
  closedAt,
  net: dollars(-10),
  ...over,
})
const open = (account: string, openedAt: number, over: Partial<OwnTrade> = {}): OwnTrade => ({
  ...{ account, instrument: 'MNQ', side: 'long', quantity: 1 },
  openedAt,
  ...over,
})

test('a trade copied to five accounts is one decision with the sum of what they made', () => {
  const copies = ['A', 'B', 'C', 'D', 'E'].map((account, i) => closed(account, i * 300, 9_000 + i * 400))
  expect(decisionsOf(copies)).toEqual([
    { instrument: 'MNQ', side: 'long', openedAt: 0, quantity: 1, net: dollars(-50), closedAt: 10_600, isOpen: false },
  ])
})

test('what is still open in one account leaves the decision open, with what is closed so far', () => {
  expect(decisionsOf([closed('A', 0, 5_000), open('B', 400)])).toMatchObject([
    { net: dollars(-10), closedAt: 5_000, isOpen: true },
  ])
  expect(decisionsOf([open('A', 0), open('B', 400)])).toEqual([
    { instrument: 'MNQ', side: 'long', openedAt: 0, quantity: 1, net: 0, isOpen: true },
  ])
})

test('a runner in one account hides nothing of what is scalped in another', () => {
  const scalps = [closed('B', 100, 5_000), closed('B', 6_000, 8_000), closed('B', 20_000, 30_000)]
  expect(decisionsOf([open('A', 0), ...scalps])).toHaveLength(3)
})

test('the same account twice is two decisions, and each copy joins the first it fits', () => {
  expect(decisionsOf([closed('A', 0, 5_000), closed('A', 6_000, 9_000)])).toHaveLength(2)
  const both = [closed('A', 0, 2_000), closed('B', 500, 2_500), closed('A', 4_000, 6_000), closed('B', 4_500, 6_500)]
  expect(decisionsOf(both).map(({ openedAt, closedAt }) => [openedAt, closedAt])).toEqual([
    [0, 2_500],
    [4_000, 6_500],
  ])
})

test('a micro copied from its full size is one decision, of the larger of the two', () => {
  const full = closed('A', 0, 9_000, { instrument: 'NQ' })
  expect(decisionsOf([full, closed('B', 100, 9_000, { quantity: 9 })])).toMatchObject([
    { instrument: 'NQ', quantity: 1 },
  ])
  expect(decisionsOf([full, closed('B', 100, 9_000, { quantity: 11 })])).toMatchObject([
    { instrument: 'MNQ', quantity: 11 },
  ])
})

test.each([
  ['the other side', closed('B', 100, 9_000, { side: 'short' })],
  ['another market', closed('B', 100, 9_000, { instrument: 'MES' })],
  ['a trade that began more than ten seconds later', closed('B', 10_001, 20_000)],
])('%s is another decision', (_, other) => {
  expect(decisionsOf([closed('A', 0, 9_000), other])).toHaveLength(2)
})

test('a trade that began ten seconds later still belongs to it', () => {
  expect(decisionsOf([closed('A', 0, 9_000), closed('B', 10_000, 20_000)])).toHaveLength(1)
})

test('of whatever trades, nothing made is lost, and one account has as many decisions as trades', () => {
  const trade = fc.record({
    account: fc.constantFrom('A', 'B', 'C'),
    instrument: fc.constantFrom('MNQ', 'NQ', 'MES'),
    side: fc.constantFrom('long', 'short'),
    openedAt: fc.integer({ min: 0, max: 60_000 }),
    quantity: fc.integer({ min: 1, max: 20 }),
    closedAt: fc.integer({ min: 60_000, max: 90_000 }),
    net: fc.integer({ min: -5_000_000, max: 5_000_000 }),
  })
  const sum = (all: readonly { readonly net?: number }[]) => all.reduce((total, { net = 0 }) => total + net, 0)
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
      const decisions = decisionsOf(trades as OwnTrade[])
      const most = Math.max(
        0,
        ...['A', 'B', 'C'].map((name) => trades.filter(({ account }) => account === name).length),
      )
      expect(sum(decisions)).toBe(sum(trades))
      expect(decisions.length).toBeGreaterThanOrEqual(most)
      expect(decisionsOf(trades.filter(({ account }) => account === 'A') as OwnTrade[])).toHaveLength(
        trades.filter(({ account }) => account === 'A').length,
      )
    }),
  )
})
