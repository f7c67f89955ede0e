import { expect, test } from 'vitest'
import * as told from '#src/testing/ninjatrader/told.ts'
import { toldAt } from '#src/testing/ninjatrader/told.ts'
import { toPlatformEvent } from './to-domain.ts'

const read = (wire: unknown, simulator = false) => toPlatformEvent(wire, { receivedAt: toldAt + 40, simulator })
const heard = { at: toldAt, receivedAt: toldAt + 40 }

test('an execution becomes a fill of its market and contract, money in ten-thousandths', () => {
  expect(read(told.execution('e-1'))).toStrictEqual({
    ok: true,
    value: {
      id: 'e-1',
      ...heard,
      kind: 'execution',
      fill: {
        account: 'Sim101',
        instrument: 'MNQ',
        contract: 202612,
        executionId: 'e-1',
        orderId: 'o-1',
        orderName: 'Entry',
        side: 'buy',
        quantity: 2,
        price: 20110.25,
        at: toldAt,
        commission: 6_200,
      },
    },
  })
  const { commission: _, ...silent } = told.execution('e-2', { instrument: 'MNQ DEC26' })
  expect(read(silent)).toMatchObject({ ok: true, value: { fill: { contract: 202612 } } })
  expect(read(silent)).not.toHaveProperty('value.fill.commission')
})

test('an order keeps what the platform said of it; an empty group is none', () => {
  expect(read(told.orderTold('r-1'))).toStrictEqual({
    ok: true,
    value: {
      id: 'r-1',
      ...heard,
      kind: 'order',
      order: {
        account: 'Sim101',
        instrument: 'MNQ',
        contract: 202612,
        orderId: 'o-2',
        name: 'Stop1',
        side: 'sell',
        type: 'stop-market',
        quantity: 2,
        filled: 0,
        stopPrice: 20090.25,
        oco: 'oco-1',
        state: 'working',
        where: 'broker',
        at: toldAt,
      },
    },
  })
  expect(read(told.orderTold('r-2', { oco: '' }))).not.toHaveProperty('value.order.oco')
})

test('a snapshot names what the product does not know, positions and resting orders alike', () => {
  const read1 = read(
    told.positionsTold('p-1', {
      positions: [
        { instrument: 'MNQ 12-26', quantity: -2, averagePrice: 20110.375 },
        { instrument: '6E 12-26', quantity: 3, averagePrice: 1.0712, unrealized: 12 },
      ],
      orders: [told.order({ instrument: 'ZN DEC26', stopPrice: 110.015625 }), told.order()],
    }),
  )
  expect(read1).toMatchObject({
    ok: true,
    value: {
      account: 'Sim101',
      positions: [{ instrument: 'MNQ', contract: 202612, quantity: -2, averagePrice: 20110.375 }],
      orders: [{ orderId: 'o-2', contract: 202612 }],
      foreign: [
        { name: '6E 12-26', quantity: 3 },
        { name: 'ZN DEC26', quantity: 0 },
      ],
    },
  })
})

test.each(['6E 12-26', 'AAPL'])('an execution in %s, which nobody knows, is told as that', (instrument) => {
  expect(read(told.execution('e', { instrument, price: 1.0712 }))).toStrictEqual({
    ok: true,
    value: { id: 'e', ...heard, kind: 'foreignExecution', account: 'Sim101', executionId: 'e', market: instrument },
  })
})

test('money of an account is exact, and what the platform does not say is absent', () => {
  expect(read(told.accountTold('a-1'))).toMatchObject({
    value: { cash: 500_123_800, realized: 123_800, unrealized: -40_000, netLiquidation: 500_083_800, basis: 'net' },
  })
  const bare = { id: 'a-2', at: toldAt, kind: 'account', account: 'Sim101', basis: 'unknown' }
  expect(read(bare)).toStrictEqual({ ok: true, value: { ...bare, receivedAt: toldAt + 40 } })
})

test('a hello, a heartbeat, a price, a result and a log line pass as they are', () => {
  expect(read(told.hello('h-1'))).toMatchObject({
    value: {
      kind: 'hello',
      versions: { bridge: '1.0.0', platform: '8.1.5.2' },
      accounts: [{ name: 'Sim101', connection: 'Simulation', provider: 'NinjaTrader' }],
      commandsAfter: 0,
    },
  })
  expect(read(told.priceTold('q-1'))).toStrictEqual({
    ok: true,
    value: {
      id: 'q-1',
      ...heard,
      kind: 'price',
      instrument: 'MNQ',
      contract: 202612,
      last: 20110.25,
      bid: 20110,
      ask: 20110.25,
    },
  })
  for (const event of [told.heartbeat('b-1'), told.resultTold('c-1', 'c-13', 'done'), told.logTold('l-1')])
    expect(read(event)).toStrictEqual({ ok: true, value: { ...event, receivedAt: toldAt + 40 } })
})

test.each([
  ['a quantity of none', told.execution('e', { quantity: 0 }), 'quantity-not-positive', 'quantity'],
  ['a quantity below none', told.execution('e', { quantity: -2 }), 'quantity-not-positive', 'quantity'],
  ['half a contract', told.execution('e', { quantity: 1.5 }), 'field-wrong', 'quantity'],
  ['more contracts than anyone trades', told.execution('e', { quantity: 10_001 }), 'field-wrong', 'quantity'],
  ['a price between two ticks', told.execution('e', { price: 20110.3 }), 'off-grid', 'price'],
  ['no price', told.execution('e', { price: undefined }), 'field-missing', 'price'],
  ['a price that is text', told.execution('e', { price: '20110.25' }), 'field-wrong', 'price'],
  [
    'a price beyond all numbers',
    JSON.parse('{"id":"e","at":1795266147000,"kind":"price","instrument":"MNQ 12-26","last":1e999}'),
    'field-wrong',
    'last',
  ],
  ['a third side', told.execution('e', { side: 'Long' }), 'field-wrong', 'side'],
  [
    'an order in a market nobody knows',
    told.orderTold('r', { instrument: '6E 12-26' }),
    'unknown-instrument',
    'order.instrument',
  ],
  [
    'a price of a market nobody knows',
    told.priceTold('q', { instrument: '6E 12-26' }),
    'unknown-instrument',
    'instrument',
  ],
  ['a stop between two ticks', told.orderTold('r', { stopPrice: 20090.3 }), 'off-grid', 'order.stopPrice'],
  [
    'a snapshot with a stop between two ticks',
    told.positionsTold('p', { orders: [told.order(), told.order({ stopPrice: 20090.3 })] }),
    'off-grid',
    'orders.1.stopPrice',
  ],
  ['a bid between two ticks', told.priceTold('q', { bid: 20110.1 }), 'off-grid', 'bid'],
  [
    'a flat position',
    told.positionsTold('p', { positions: [{ instrument: 'MNQ 12-26', quantity: 0, averagePrice: 0 }] }),
    'quantity-zero',
    'positions.0.quantity',
  ],
  ['a field of its own', told.logTold('l', { colour: 'red' }), 'unknown-field', 'colour'],
  [
    'a field named like a prototype',
    JSON.parse('{"id":"l","at":1795266147000,"kind":"log","level":"info","text":"","__proto__":{"x":1}}'),
    'unknown-field',
    '__proto__',
  ],
  ['a kind nobody knows', told.logTold('l', { kind: 'chat' }), 'unknown-kind', 'kind'],
  ['no kind', told.logTold('l', { kind: undefined }), 'field-missing', 'kind'],
  ['text that is too long', told.logTold('l', { text: 'x'.repeat(501) }), 'field-wrong', 'text'],
  ['half a character', told.logTold('l', { text: '\ud83d' }), 'field-wrong', 'text'],
  ['a zero byte', told.execution('e', { orderName: 'a\0b' }), 'field-wrong', 'orderName'],
  ['an empty id', told.logTold(''), 'field-wrong', 'id'],
  ['an instant with a fraction', told.logTold('l', { at: toldAt + 0.5 }), 'field-wrong', 'at'],
  ['eleven minutes ahead', told.logTold('l', { at: toldAt + 660_000 }), 'too-far-ahead', 'at'],
  ['the year 2009', told.logTold('l', { at: Date.UTC(2009, 11, 31) }), 'too-old', 'at'],
  ['no object', 7, 'field-wrong', 'event'],
  ['nothing', null, 'field-wrong', 'event'],
])('%s is refused by its field', (_, wire, reason, field) => {
  expect(read(wire)).toStrictEqual({ ok: false, reason, field })
})

test('a simulator lives on a clock of its own, between 2010 and the end of the century', () => {
  const at = (...date: [number, number, number]) => read(told.logTold('l', { at: Date.UTC(...date) }), true)
  expect(at(2031, 4, 5)).toMatchObject({ ok: true })
  expect(at(2009, 11, 31)).toMatchObject({ ok: false, reason: 'too-old' })
  expect(at(2100, 0, 2)).toMatchObject({ ok: false, reason: 'too-far-ahead' })
})

test('the years of a contract are those closest to the platform’s clock', () => {
  const event = told.execution('e', { instrument: 'MNQ 03-12', at: Date.UTC(2011, 11, 1) })
  expect(read(event)).toMatchObject({ value: { fill: { contract: 201203 } } })
})
