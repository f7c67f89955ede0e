import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { defaultLimits } from '../risk/limits.ts'
import { type ShadowOutcome, shadowBookOf } from './shadow-book.ts'
import type { Trade } from './trade.ts'

/** 09:00 New York on 2026-11-20. */
const nine = Date.UTC(2026, 10, 20, 14)
const minutes = (n: number): number => nine + n * 60_000
const fees = { ...defaultLimits.fees, MGC: dollars(0.7) }

const card = (id: number, change: Partial<ShadowOutcome> = {}): ShadowOutcome => ({
  ...{ cardId: `2026-11-20-MGC-${id}`, instrument: 'MGC', tradeDate: '2026-11-20', side: 'long', quality: 71 },
  ...{ drawnAt: minutes(30 * id), enteredAt: minutes(30 * id + 5), endedAt: minutes(30 * id + 20) },
  ...{ endedAs: 'target-1', r: 1, lived: true },
  ...change,
})
/** A stop 5 points, 50 ticks of $1, below the zone's dear edge: one contract's R is $50. */
const plan = (id: number, contracts = 3) => ({
  ...{ id: `2026-11-20-MGC-${id}`, zone: { low: 4_119, high: 4_120 }, stop: 4_115, contracts },
})
const trade = (at: number, change: Partial<Trade> = {}): Trade =>
  ({
    ...{ account: 'Sim101', instrument: 'MGC', contract: 202612, id: String(at), side: 'long', openedAt: at },
    ...{ closedAt: at + 60_000, tradeDate: '2026-11-20', quantity: 3, net: dollars(90) },
    ...change,
  }) as Trade

test('a card that was taken is no hesitation, one that was shown and left alone is missed', () => {
  const book = shadowBookOf({
    cards: [card(1), card(2), card(3, { endedAs: 'stopped', r: -1 })],
    planned: [plan(1), plan(2), plan(3, 2)],
    trades: [trade(minutes(36))],
    fees,
  })
  expect(book.lines.map(({ card: { cardId }, fate, money }) => [cardId, fate, money])).toEqual([
    ['2026-11-20-MGC-3', 'missed', dollars(-102.8)],
    ['2026-11-20-MGC-2', 'missed', dollars(145.8)],
    ['2026-11-20-MGC-1', 'taken', dollars(145.8)],
  ])
  expect(book.every).toEqual({ n: 3, r: 1, money: dollars(188.8), unpriced: 0 })
  expect(book.compared).toEqual({
    since: '2026-11-20',
    taken: { n: 1, r: 1, money: dollars(145.8), unpriced: 0 },
    own: { n: 1, net: dollars(90) },
    missedWinners: { n: 1, r: 1, money: dollars(145.8), unpriced: 0 },
    missedLosers: { n: 1, r: -1, money: dollars(-102.8), unpriced: 0 },
    improvised: { n: 0, net: 0 },
    larger: { n: 0, net: 0 },
    smaller: { n: 0, net: 0 },
  })
})

test('nothing is held against a trader of whom no fill is known', () => {
  const book = shadowBookOf({ cards: [card(1)], planned: [], trades: [], fees })
  expect(book).toEqual({
    lines: [{ card: card(1), fate: 'unseen' }],
    every: { n: 1, r: 1, money: 0, unpriced: 1 },
  })
})

test('what was never shown, came before the first fill or was never entered was not missed', () => {
  const { enteredAt: _, r: __, ...waiting } = card(4, { endedAs: 'expired' })
  const book = shadowBookOf({
    cards: [card(1, { tradeDate: '2026-11-19', drawnAt: 0, endedAt: 1 }), card(2, { lived: false }), waiting],
    planned: [],
    trades: [trade(minutes(400))],
    fees,
  })
  expect(book.lines.map(({ fate }) => fate)).toEqual(['idle', 'unseen', 'unseen'])
  expect(book.compared?.missedWinners.n).toBe(0)
})

test.each([
  ['on the other side', { side: 'short' }],
  ['of another market', { instrument: 'MES' }],
  ['after the card had ended', { openedAt: minutes(51) }],
  ['before it was drawn', { openedAt: minutes(29) }],
] as const)('a trade %s is improvised', (_, change) => {
  const { compared } = shadowBookOf({
    cards: [card(1)],
    planned: [plan(1)],
    trades: [trade(minutes(36), { net: dollars(-40), ...change })],
    fees,
  })
  expect([compared?.improvised, compared?.own, compared?.missedWinners.n]).toEqual([
    { n: 1, net: dollars(-40) },
    { n: 0, net: 0 },
    1,
  ])
})

test('the full-size contract of the same market takes the card too, and a fill told late still does', () => {
  const gold = shadowBookOf({ cards: [card(1)], planned: [], trades: [trade(minutes(36), { instrument: 'GC' })], fees })
  expect(gold.lines[0]?.fate).toBe('taken')
  const late = shadowBookOf({ cards: [card(1)], planned: [], trades: [trade(minutes(50) + 5_000)], fees })
  expect(late.lines[0]?.fate).toBe('taken')
})

test.each([
  ['twice as large, which doubled a gain', 6, 120, 'larger', 60],
  ['twice as large, which doubled a loss', 6, -120, 'larger', -60],
  ['half of the start, which halved a gain', 1, 30, 'smaller', -30],
  ['half of the start, which halved a loss', 1, -30, 'smaller', 30],
] as const)('a trade %s, is told by what the size changed', (_, quantity, net, kind, effect) => {
  const { compared } = shadowBookOf({
    cards: [card(1)],
    planned: [plan(1)],
    trades: [trade(minutes(36), { quantity, net: dollars(net) })],
    fees,
  })
  expect([compared?.larger, compared?.smaller]).toEqual([
    kind === 'larger' ? { n: 1, net: dollars(effect) } : { n: 0, net: 0 },
    kind === 'smaller' ? { n: 1, net: dollars(effect) } : { n: 0, net: 0 },
  ])
})

test('between the start and the full size every size is the plan’s own', () => {
  for (const quantity of [2, 3]) {
    const trades = [trade(minutes(36), { quantity })]
    const { compared } = shadowBookOf({ cards: [card(1)], planned: [plan(1)], trades, fees })
    expect([compared?.larger.n, compared?.smaller.n]).toEqual([0, 0])
  }
})

test('a trade copied to two accounts is one decision', () => {
  const trades = [trade(minutes(36)), trade(minutes(36) + 800, { account: 'Eval50K' })]
  const { compared } = shadowBookOf({ cards: [card(1)], planned: [plan(1)], trades, fees })
  expect(compared?.own).toEqual({ n: 1, net: dollars(180) })
})
