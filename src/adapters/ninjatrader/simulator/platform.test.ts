import { expect, test } from 'vitest'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { type Faults, noFaults } from './faults.ts'
import { createPlatform } from './platform.ts'
import { createTimers } from './timers.ts'

const mnq = { account: 'Sim101', instrument: 'MNQ 12-26', name: 'Manual' } as const

const open = (faults: Partial<Faults> = {}) => {
  const { clock, schedule, pass } = createHandClock(0)
  const timers = createTimers(schedule)
  const platform = createPlatform({ clock, random: () => 0.5, timers, faults: { ...noFaults, ...faults } })
  const price = (last: number, bid?: number, ask?: number): void => platform.onPrice(mnq.instrument, { last, bid, ask })
  const fills = () => platform.executions().map(({ side, quantity, price: at }) => [side, quantity, at])
  return { platform, pass, price, fills }
}

test('a market order takes the other side of the book', async () => {
  const { platform, pass, price, fills } = open()
  price(20_000, 19_999.75, 20_000.25)
  platform.submit({ ...mnq, side: 'buy', quantity: 1, type: 'market' })
  await pass(30)
  expect(fills()).toEqual([['buy', 1, 20_000.25]])
})

test('a limit needs a price a tick through, a stop is hit at its price and pays what is there', async () => {
  const { platform, pass, price, fills } = open()
  price(20_000)
  platform.submit({ ...mnq, side: 'sell', quantity: 1, type: 'limit', limitPrice: 20_010 })
  platform.submit({ ...mnq, side: 'sell', quantity: 2, type: 'stop-market', stopPrice: 19_990 })
  await pass(30)
  price(20_010)
  expect(fills()).toEqual([])
  price(20_010.25)
  expect(fills()).toEqual([['sell', 1, 20_010]])
  price(19_989.5)
  expect(fills()).toEqual([
    ['sell', 1, 20_010],
    ['sell', 2, 19_989.5],
  ])
})

test('the position follows its execution by thirty to a hundred and fifty milliseconds', async () => {
  const { platform, pass, price } = open()
  price(20_000)
  platform.submit({ ...mnq, side: 'buy', quantity: 2, type: 'market' })
  await pass(29)
  expect(platform.executions()).toHaveLength(1)
  expect(platform.positions()).toEqual([])
  await pass(150)
  expect(platform.positions()).toEqual([
    { account: 'Sim101', instrument: 'MNQ 12-26', quantity: 2, averagePrice: 20_000 },
  ])
})

test('what one order of a group fills the other can no longer fill', async () => {
  const { platform, pass, price } = open()
  price(20_000)
  const exit = { ...mnq, side: 'sell', quantity: 3, oco: 'pair' } as const
  const target = platform.submit({ ...exit, type: 'limit', limitPrice: 20_010 })
  const stop = platform.submit({ ...exit, type: 'stop-market', stopPrice: 19_990 })
  await pass(30)
  platform.fill(target.orderId, 1, 20_010)
  expect(platform.order(stop.orderId)?.quantity).toBe(2)
  platform.fill(target.orderId, 2, 20_010)
  expect(platform.order(stop.orderId)).toMatchObject({ state: 'cancelled', filled: 0 })
})

test('money is counted by tick and contract, commissions apart', async () => {
  const { platform, pass, price } = open()
  price(20_000)
  platform.trade({ ...mnq, side: 'buy', quantity: 2 }, 20_000)
  platform.trade({ ...mnq, side: 'sell', quantity: 1 }, 20_010)
  await pass(200)
  price(20_005)
  expect(platform.balance('Sim101')).toEqual({
    cash: 50_018.14,
    realized: 20,
    unrealized: 10,
    netLiquidation: 50_028.14,
  })
})

test('while a cancel is pending no other is taken, and a late one finds the order filled', async () => {
  const { platform, pass, price } = open({ race: 1 })
  price(20_000)
  const { orderId } = platform.submit({ ...mnq, side: 'sell', quantity: 1, type: 'limit', limitPrice: 20_010 })
  await pass(30)
  expect(platform.cancel(orderId)).toBe(true)
  expect(platform.cancel(orderId)).toBe(false)
  await pass(100)
  expect(platform.order(orderId)?.state).toBe('filled')
})

test('without a connection an order is rejected and a cancel waits for the connection', async () => {
  const { platform, pass, price } = open()
  price(20_000)
  const { orderId } = platform.submit({ ...mnq, side: 'sell', quantity: 1, type: 'limit', limitPrice: 20_010 })
  await pass(30)
  platform.connect('Simulation', 'lost', 'lost')
  platform.cancel(orderId)
  const refused = platform.submit({ ...mnq, side: 'sell', quantity: 1, type: 'market' })
  await pass(200)
  expect(platform.order(orderId)?.state).toBe('cancel-pending')
  expect(platform.order(refused.orderId)?.state).toBe('rejected')
  platform.connect('Simulation', 'connected', 'connected')
  await pass(200)
  expect(platform.order(orderId)?.state).toBe('cancelled')
})
