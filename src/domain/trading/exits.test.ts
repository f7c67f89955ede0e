import { expect, test } from 'vitest'
import { sellLimit, sellStop } from '#src/testing/fills.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { dollars } from '../money.ts'
import { exitsOf } from './exits.ts'
import type { Order } from './order.ts'
import { applyDeal, flat } from './position.ts'

const mnq = specOf('MNQ')
const held = (quantity: number, price = 20_000) =>
  applyDeal(mnq, flat, { quantity, ticks: price * 4, fee: dollars(0.5) * Math.abs(quantity) }).position
const exits = (quantity: number, orders: readonly Order[], last: number | undefined = 20_002) =>
  exitsOf(mnq, held(quantity), orders, last, dollars(0.5) * Math.abs(quantity))

test('a stop and a target of one group protect the position once', () => {
  expect(exits(2, [sellStop(19_990, 2, { oco: 'a' }), sellLimit(20_020, 2, { oco: 'a' })])).toEqual({
    // Four sides of 50 cents taken off what the move makes.
    stop: { price: 19_990, ticks: -40, money: dollars(-42), quantity: 2, where: 'broker' },
    target: { price: 20_020, ticks: 80, money: dollars(78), quantity: 2, where: 'broker' },
    covered: 2,
    // 40 + 2 ticks of 50 cents on two contracts, and four sides of 50 cents.
    risk: dollars(44),
  })
})

test('two stops of one group protect as much as the one that is met first', () => {
  const near = sellStop(19_995, 1, { orderId: 'near', oco: 'a' })
  const far = sellStop(19_980, 2, { orderId: 'far', oco: 'a' })
  expect(exits(2, [far, near]).covered).toBe(1)
  expect(exits(2, [{ ...far, oco: 'b' }, near])).toMatchObject({
    covered: 2,
    // One contract at each: 20 and 80 ticks.
    stop: { price: 19_995, ticks: -20, money: dollars(-52), quantity: 2 },
  })
})

test('stops for part of it leave the risk unknown, and what was filled of a stop protects no more', () => {
  // Of the fees of three contracts, those of two.
  expect(exits(3, [sellStop(19_990, 2)])).toMatchObject({ covered: 2, stop: { quantity: 2, money: dollars(-42) } })
  expect(exits(3, [sellStop(19_990, 2)]).risk).toBeUndefined()
  expect(exits(2, [sellStop(19_990, 3, { filled: 2, state: 'part-filled' })]).covered).toBe(1)
})

test('a stop larger than the position counts as the position', () => {
  expect(exits(1, [sellStop(19_990, 5)])).toMatchObject({ covered: 1, stop: { quantity: 1 }, risk: dollars(22) })
})

test.each([
  ['on the entry side', { side: 'buy', stopPrice: 20_050 }],
  ['above the market for a long', { stopPrice: 20_002 }],
  ['not yet accepted', { state: 'submitted' }],
  ['being cancelled', { state: 'cancel-pending' }],
  ['gone', { state: 'cancelled' }],
  ['of a state nobody knows', { state: 'unknown' }],
  ['without a price', { stopPrice: Number.NaN }],
] as const)('a stop %s does not protect', (_, over) => {
  expect(exits(1, [sellStop(19_990, 1, over as Partial<Order>)]).covered).toBe(0)
})

test('what makes no sense takes nothing from what does', () => {
  const nonsense = sellStop(19_995, Number.NaN, { orderId: 'nonsense' })
  expect(exits(1, [nonsense, sellStop(19_990, 1)])).toMatchObject({ covered: 1, stop: { price: 19_990 } })
})

test('a stop-limit is a stop, and one being changed still stands', () => {
  expect(
    exits(1, [sellStop(19_990, 1, { type: 'stop-limit', limitPrice: 19_985, state: 'change-pending' })]).covered,
  ).toBe(1)
})

test('a short is protected from above', () => {
  const stop = sellStop(20_010, 2, { side: 'buy' })
  expect(exits(-2, [stop, sellLimit(19_980, 2, { side: 'buy' })])).toMatchObject({
    stop: { price: 20_010, ticks: -40, money: dollars(-42) },
    target: { price: 19_980, ticks: 80, money: dollars(78) },
    risk: dollars(44),
  })
  expect(exits(-2, [{ ...stop, stopPrice: 20_001 }]).covered).toBe(0)
})

test('stops that hold a profit risk nothing', () => {
  expect(exits(1, [sellStop(20_001, 1)], 20_030)).toMatchObject({ stop: { money: dollars(1), ticks: 4 }, risk: 0 })
})

test('the least safe place is told', () => {
  const places = (...where: Order['where'][]) =>
    exits(
      3,
      where.map((place, i) => sellStop(19_990, 1, { orderId: `${i}`, where: place })),
    ).stop?.where
  expect([places('broker', 'broker'), places('broker', 'unknown'), places('broker', 'unknown', 'platform')]).toEqual([
    'broker',
    'unknown',
    'platform',
  ])
})

test('a market-if-touched order is a target', () => {
  const touched = sellStop(20_020, 1, { type: 'mit' })
  expect(exits(1, [touched])).toMatchObject({ covered: 0, target: { price: 20_020 } })
})
