import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instrumentIds } from '#src/domain/instruments/instrument.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { orderStates, orderTypes } from '#src/domain/trading/order.ts'
import type { HeldPosition, PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, fill, sellLimit, sellStop, tenOClock } from '#src/testing/fills.ts'
import { createBooks } from './books.ts'

const speaker: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }
const limits = { ...defaultLimits, fees: evenFees }
const card = {
  id: '2026-11-20-MNQ-1',
  instrument: 'MNQ',
  contract: 'MNQ Z6',
  bias: 'long',
  ratio: 2.13,
  bracket: { zone: { low: 19_998, high: 20_002 }, stop: 19_980 },
  size: { contracts: 4 },
} as FocusCard

type Untimed = PlatformEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'at' | 'receivedAt'> : never) : never

const hello = (names: readonly string[] = ['Sim101']): Untimed => ({
  kind: 'hello',
  versions: { bridge: '1.0.0', platform: '8.1.5.2' },
  simulator: false,
  allowOrders: true,
  maxContracts: 5,
  accounts: names.map((name) => ({ name, connection: 'Rithmic' })),
  commandsAfter: 0,
})
const heartbeat = (executions = 0): Untimed => ({
  kind: 'heartbeat',
  connections: [{ name: 'Rithmic', price: 'connected', orders: 'connected' }],
  queues: { executions, market: 0 },
  dropped: 0,
})
const mnq = (quantity: number, averagePrice = 20_000): HeldPosition => ({
  instrument: 'MNQ',
  contract: 202612,
  quantity,
  averagePrice,
})
const positions = (held: readonly HeldPosition[] = [], over: Partial<Snapshot> = {}): Untimed => ({
  kind: 'positions',
  account: 'Sim101',
  positions: held,
  orders: [],
  foreign: [],
  ...over,
})

/** Books with a hand on their clock, told what an open, heard bridge tells. */
const setUp = ({ useFeed = true, plan = undefined as FocusCard | undefined } = {}) => {
  let at = tenOClock
  let ids = 0
  const told: string[] = []
  const made: Fill[] = []
  let feed: { price: number; receivedAt: number } | undefined = { price: 20_000, receivedAt: at }
  const books = createBooks({
    now: () => at,
    wall: () => at,
    accountSize: dollars(50_000),
    limits,
    useFeed: () => useFeed,
    feedPrice: (instrument, contract) => (instrument === 'MNQ' && contract === 202612 ? feed : undefined),
    cardOf: (_, contract) => (plan?.contract === contract ? plan : undefined),
    stackCap: () => dollars(375),
    events: {
      onFill: ({ executionId }) => told.push(`fill ${executionId}`),
      onMade: (fill) => {
        made.push(fill)
        told.push(`made ${fill.executionId.split(':')[0]} ${fill.side} ${fill.quantity}`)
      },
      onTradeClosed: ({ net, r }) => told.push(`closed ${net / 10_000} ${r?.toFixed(2) ?? '—'}R`),
      onOrderRejected: ({ name, reason }) => told.push(`rejected ${name} ${reason}`),
      onNaked: ({ account: name, contract, since }) =>
        told.push(`naked ${name} ${contract} ${(since - tenOClock) / 1_000}`),
      onBridge: (state, before) => told.push(`${before} → ${state}`),
    },
  })
  books.open('real')
  const hear = (...events: readonly Untimed[]) => {
    for (const event of events) books.hear({ ...event, id: `e${++ids}`, at, receivedAt: at } as PlatformEvent, speaker)
  }
  return {
    books,
    told,
    made,
    hear,
    /** Moves to `seconds` after ten o'clock, with a heartbeat unless the bridge is silent. */
    moveTo: (seconds: number, beats = true) => {
      at = tenOClock + seconds * 1_000
      if (beats) hear(heartbeat())
      books.look(at)
    },
    setFeed: (price: number | undefined) => {
      feed = price === undefined ? undefined : { price, receivedAt: at }
      if (price !== undefined) books.onPrice('MNQ', 202612, price, at)
    },
    execute: (...fills: readonly Fill[]) => hear(...fills.map((one): Untimed => ({ kind: 'execution', fill: one }))),
  }
}

test('what NinjaTrader holds is shown with its stop, its R and what the plan says', () => {
  const { books, hear, execute, moveTo, setFeed } = setUp({ plan: card })
  books.setAccounts([account()])
  hear(hello(), positions())
  execute(fill(0, 2, 20_000))
  hear(
    { kind: 'order', order: sellStop(19_990, 2, { oco: 'a' }) },
    { kind: 'order', order: sellLimit(20_020, 2, { oco: 'a' }) },
  )
  hear(positions([mnq(2)], { orders: [sellStop(19_990, 2, { oco: 'a' }), sellLimit(20_020, 2, { oco: 'a' })] }))
  setFeed(19_995)
  setFeed(20_016)
  moveTo(4)
  const { positions: shown, orders, accounts, day, openRisk, bridge } = books.reading()
  expect(shown).toEqual([
    {
      account: 'Sim101',
      alias: 'Sim',
      kind: 'SIM',
      instrument: 'MNQ',
      contract: 'MNQ Z6',
      quantity: 2,
      averagePrice: 20_000,
      since: tenOClock,
      last: 20_016,
      lastAt: tenOClock,
      // 16 points of $2 on two, four sides of 50 cents.
      openNet: dollars(62),
      r: 62 / 44,
      stop: { price: 19_990, ticks: -40, money: dollars(-42), quantity: 2, where: 'broker' },
      target: { price: 20_020, ticks: 80, money: dollars(78), quantity: 2, where: 'broker' },
      risk: dollars(44),
      mae: dollars(-20),
      mfe: dollars(64),
      card: {
        id: '2026-11-20-MNQ-1',
        words: ['in its zone', 'size as planned', 'stop not moved'],
        agrees: true,
      },
      stack: { allowed: true, words: '+1.4R and ratio 2.1: one more allowed, total risk $98' },
    },
  ])
  expect(orders.map(({ name, contractName, alias }) => [name, contractName, alias])).toEqual([
    ['Stop1', 'MNQ Z6', 'Sim'],
    ['Target1', 'MNQ Z6', 'Sim'],
  ])
  expect(accounts[0]).toMatchObject({
    dayNet: dollars(62),
    fees: dollars(1),
    contracts: 2,
    balance: dollars(50_000),
    equity: dollars(50_062),
    unvalued: false,
    naked: false,
  })
  expect(day).toEqual({ net: dollars(62), closed: 0, fees: dollars(1), trades: 0 })
  expect(openRisk).toEqual({ money: dollars(44), known: dollars(44), share: 0.00088, over: false, naked: false })
  expect(bridge).toMatchObject({ state: 'in-sync', name: 'pc-1', versions: { platform: '8.1.5.2' }, differences: [] })
})

test('a closed trade is told once, in R, and is in the balance', () => {
  const { books, told, hear, execute } = setUp()
  books.setAccounts([account()])
  hear(hello(), positions())
  const [bought, sold] = [fill(0, 2, 20_000, { executionId: 'in' }), fill(60, -2, 20_011, { executionId: 'out' })]
  execute(bought)
  hear({ kind: 'order', order: sellStop(19_990, 2) })
  execute(sold, sold, bought)
  expect(told.filter((word) => /^(fill|closed)/.test(word))).toEqual(['fill in', 'fill out', 'closed 42 0.95R'])
  expect(books.reading().accounts[0]).toMatchObject({
    closed: dollars(42),
    trades: 1,
    balance: dollars(50_042),
    openTrades: 0,
  })
  expect(books.trades()).toMatchObject([{ net: dollars(42), risk: dollars(44) }])
  execute(fill(90, 1, 20_000, { executionId: 'again' }))
  expect(told.filter((word) => word.startsWith('closed'))).toHaveLength(1)
})

test('executions run ahead of positions: inside a second that is settling, then it differs, and it is told', () => {
  const { books, told, hear, execute, moveTo } = setUp()
  hear(hello(), positions())
  execute(fill(0, 1, 20_000, { executionId: 'ahead' }))
  expect(books.reading().bridge.state).toBe('settling')
  moveTo(0.9)
  expect(books.reading().bridge.state).toBe('settling')
  moveTo(1)
  expect(books.reading().bridge).toMatchObject({
    state: 'differs',
    differences: ['Sim101 MNQ Z6: NinjaTrader flat, ledger +1'],
  })
  // Nothing at the market can lose money, so nothing is shown as held.
  expect(books.reading().positions).toEqual([])
  hear(positions([mnq(1)]))
  expect(books.reading().bridge.state).toBe('in-sync')
  expect(told.slice(-2)).toEqual(['settling → differs', 'differs → in-sync'])
})

test('where the two differ, what the platform holds is shown; adopting it makes it the ledger’s', () => {
  const { books, made, hear, execute, moveTo } = setUp()
  hear(hello(), positions())
  execute(fill(0, 1, 20_000))
  hear(positions([mnq(2, 20_001)]))
  moveTo(3)
  expect(books.reading()).toMatchObject({
    bridge: { state: 'differs', differences: ['Sim101 MNQ Z6: NinjaTrader +2, ledger +1'] },
    positions: [{ quantity: 2, averagePrice: 20_001 }],
  })
  expect(books.adopt('Sim101')).toMatchObject({ ok: true })
  expect(made.map(({ side, quantity, price, orderName }) => ({ side, quantity, price, orderName }))).toEqual([
    { side: 'buy', quantity: 1, price: 20_002, orderName: 'adjustment' },
  ])
  expect(books.reading()).toMatchObject({
    bridge: { state: 'in-sync' },
    positions: [{ quantity: 2, averagePrice: 20_001 }],
  })
  expect(books.adopt('Sim101')).toEqual({ ok: false, reason: 'nothing-differs' })
  expect(books.adopt('Nobody')).toEqual({ ok: false, reason: 'unknown-account' })
})

test('what was held before the books began is carried in, once no execution explains it', () => {
  const { books, told, made, hear, moveTo } = setUp()
  hear(hello(), positions([mnq(-2, 20_000.125)]))
  expect(books.reading().bridge.state).toBe('settling')
  moveTo(2.9)
  expect(made).toEqual([])
  moveTo(3)
  expect(told.slice(-2)).toEqual(['made carried sell 2', 'settling → in-sync'])
  expect(books.reading().positions).toMatchObject([{ quantity: -2, averagePrice: 20_000.125 }])
})

test('executions of the session that come after the first look are the position, and nothing is carried', () => {
  const { made, books, hear, execute, moveTo } = setUp()
  hear(hello(), positions([mnq(2)]))
  moveTo(1)
  execute(fill(-600, 2, 20_000))
  moveTo(9)
  expect(made).toEqual([])
  expect(books.reading()).toMatchObject({ bridge: { state: 'in-sync' }, positions: [{ quantity: 2 }] })
})

test('a position that appears later without an execution is never carried in', () => {
  const { made, books, hear, moveTo } = setUp()
  hear(hello(), positions())
  moveTo(5)
  hear(positions([mnq(1)]))
  moveTo(9)
  expect([made, books.reading().bridge.state]).toEqual([[], 'differs'])
})

test('a bridge without a heartbeat for five seconds is silent, and back when it beats', () => {
  const { books, told, hear, moveTo } = setUp()
  expect(books.reading().bridge.state).toBe('never-seen')
  hear(hello(), positions())
  moveTo(4.9, false)
  expect(books.reading().bridge.state).toBe('in-sync')
  moveTo(5, false)
  expect(books.reading().bridge).toMatchObject({ state: 'silent', since: tenOClock + 5_000, heardAt: tenOClock })
  moveTo(60)
  expect(told).toEqual(['never-seen → settling', 'settling → in-sync', 'in-sync → silent', 'silent → in-sync'])
})

test('a platform that beats and does not tell an account’s positions differs', () => {
  const { books, hear, moveTo } = setUp()
  hear(hello(), positions())
  for (let second = 1; second <= 15; second++) moveTo(second)
  expect(books.reading().bridge.state).toBe('in-sync')
  moveTo(16)
  expect(books.reading().bridge.differences).toEqual(['Sim101: NinjaTrader does not tell its positions'])
})

test('orders of an earlier start of the platform are forgotten unless it tells them again', () => {
  const { books, hear, moveTo } = setUp()
  books.restore({ fills: [], orders: [sellStop(19_990, 1), sellLimit(20_020, 1)] })
  expect(books.reading().bridge.state).toBe('silent')
  hear(hello(), positions([], { orders: [sellStop(19_990, 1)] }))
  moveTo(3)
  expect(books.reading()).toMatchObject({ bridge: { state: 'in-sync' }, orders: [{ name: 'Stop1' }] })
  hear(positions())
  moveTo(6)
  expect(books.reading().bridge.differences).toEqual([
    "Sim101 MNQ Z6: order 'Stop1' works in the ledger, not in NinjaTrader",
  ])
})

test('a stop that is told after its trade was closed still says what it had risked', () => {
  const { books, hear, execute } = setUp()
  books.setAccounts([account()])
  hear(hello(), positions())
  execute(fill(0, 2, 20_000), fill(60, -2, 20_011))
  expect(books.trades().map(({ risk }) => risk)).toEqual([undefined])
  hear({ kind: 'order', order: sellStop(19_990, 2) })
  expect(books.trades().map(({ risk }) => risk)).toEqual([dollars(44)])
})

test('without a stop for all of it a position is naked after two seconds beyond the settling one, and told once', () => {
  const { books, told, hear, execute, moveTo } = setUp()
  hear(hello(), positions())
  execute(fill(0, 2, 20_000))
  hear({ kind: 'order', order: sellStop(19_990, 1) }, positions([mnq(2)], { orders: [sellStop(19_990, 1)] }))
  const naked = () => told.filter((word) => word.startsWith('naked'))
  moveTo(3)
  expect([naked(), books.reading().positions[0]?.nakedSince]).toEqual([[], undefined])
  moveTo(3.1)
  moveTo(9)
  expect(naked()).toEqual(['naked Sim101 MNQ Z6 1'])
  expect(books.reading()).toMatchObject({ positions: [{ nakedSince: tenOClock + 1_000 }], openRisk: { naked: true } })
  expect(books.figures()[0]?.naked).toBe(true)
  hear({ kind: 'order', order: sellStop(19_990, 2, { at: tenOClock + 9_000 }) })
  expect(books.reading().positions[0]?.nakedSince).toBeUndefined()
  expect(books.figures()[0]?.naked).toBe(false)
})

test('what a position without a stop for all of it may lose is unknown, and no part of what the others risk', () => {
  const { books, hear, execute } = setUp()
  hear(hello(['Sim101', 'Eval50']), positions(), positions([], { account: 'Eval50' }))
  execute(fill(0, 2, 20_000), fill(0, 5, 20_000, { account: 'Eval50' }))
  const ofEval = sellStop(19_990, 3, { account: 'Eval50', orderId: 'stop-2' })
  hear({ kind: 'order', order: sellStop(19_990, 2) }, { kind: 'order', order: ofEval })
  const { openRisk } = books.reading()
  // Ten points of two MNQ are $40, two ticks beyond and the fees $4 more.
  expect(openRisk).toEqual({ known: dollars(44), share: 0.00044, over: false, naked: true })
  hear({ kind: 'order', order: { ...ofEval, quantity: 5, at: tenOClock + 1_000 } })
  expect(books.reading().openRisk).toMatchObject({ money: dollars(154), known: dollars(154), naked: false })
})

test('a position that went flat naked is told of anew when it is naked again', () => {
  const { told, hear, execute, moveTo } = setUp()
  hear(hello(), positions())
  execute(fill(0, 1, 20_000))
  hear(positions([mnq(1)]))
  moveTo(4)
  execute(fill(4, -1, 20_000))
  hear(positions())
  moveTo(5)
  execute(fill(6, 1, 20_000))
  hear(positions([mnq(1)]))
  moveTo(8)
  moveTo(10)
  const naked = told.filter((word) => word.startsWith('naked'))
  expect(naked).toEqual(['naked Sim101 MNQ Z6 1', 'naked Sim101 MNQ Z6 6'])
})

test('without a stop at the start R is measured in the card’s, and afterwards it may not be widened', () => {
  const { books, hear, execute, moveTo } = setUp({ plan: card })
  hear(hello(), positions())
  execute(fill(0, 1, 20_000))
  hear(positions([mnq(1)]))
  moveTo(10)
  hear({ kind: 'order', order: sellStop(19_970, 1, { at: tenOClock + 10_000 }) })
  // 80 + 2 ticks of 50 cents and a dollar is one R; at 20,000 the dollar is lost.
  expect(books.reading().positions[0]).toMatchObject({
    r: -1 / 42,
    card: { words: ['stop moved away', 'in its zone', 'size as planned'] },
  })
})

test('a trade that began before a restart is not measured in a card drawn since', () => {
  const { books, execute } = setUp({ plan: card })
  books.restore({ fills: [fill(-60, 1, 20_000)] })
  execute(fill(0, 1, 20_000))
  expect(books.reading().positions[0]).toMatchObject({ quantity: 2, card: { id: '2026-11-20-MNQ-1' } })
  expect(books.reading().positions[0]).not.toHaveProperty('r')
})

test('a rejected order is told with the platform’s words', () => {
  const { told, hear } = setUp()
  const order = sellStop(19_990, 1, { state: 'rejected', reason: 'no margin' })
  hear({ kind: 'order', order }, { kind: 'order', order })
  expect(told.filter((word) => word.startsWith('rejected'))).toEqual(['rejected Stop1 no margin'])
})

test('an older word of an order does not undo a newer one', () => {
  const { books, hear } = setUp()
  hear(
    { kind: 'order', order: sellStop(19_990, 1, { state: 'filled', at: tenOClock + 5 }) },
    { kind: 'order', order: sellStop(19_990, 1) },
  )
  expect(books.reading().orders).toEqual([])
  const moved = sellStop(19_995, 1, { orderId: 'stop-2', at: tenOClock + 9 })
  hear({ kind: 'order', order: moved }, { kind: 'order', order: { ...moved, stopPrice: 19_990, at: tenOClock + 8 } })
  expect(books.reading().orders).toMatchObject([{ stopPrice: 19_995 }])
})

test('the platform’s own price counts where the feed has none, and alone where it trades another market', () => {
  const price: Untimed = { kind: 'price', instrument: 'MNQ', contract: 202612, last: 20_008 }
  const both = setUp()
  both.execute(fill(0, 1, 20_000))
  both.hear(price)
  expect(both.books.reading().positions[0]?.last).toBe(20_000)
  both.setFeed(undefined)
  both.hear(price)
  expect(both.books.reading().positions[0]).toMatchObject({ last: 20_008, mfe: dollars(16) })
  const alone = setUp({ useFeed: false })
  alone.execute(fill(0, 1, 20_000))
  expect(alone.books.reading().accounts[0]?.unvalued).toBe('no-price')
  expect(alone.books.onPrice('MNQ', 202612, 20_100, tenOClock)).toBe(false)
  alone.hear(price)
  expect(alone.books.reading().positions[0]).toMatchObject({ last: 20_008, mfe: dollars(16) })
})

test('a price nothing can be reckoned with is no price', () => {
  const { books, hear, execute } = setUp({ useFeed: false })
  execute(fill(0, 1, 20_000))
  hear({ kind: 'price', instrument: 'MNQ', contract: 202612, last: 9e303 })
  expect(books.reading().accounts[0]).toMatchObject({ unvalued: 'no-price', openNet: dollars(-1) })
})

test('what is held has no value at a price older than two minutes, unless its market is closed', () => {
  const { books, execute, moveTo, setFeed } = setUp()
  execute(fill(0, 1, 20_000))
  const unvalued = () => books.reading().accounts[0]?.unvalued
  moveTo(120)
  expect(unvalued()).toBe(false)
  moveTo(121)
  expect(unvalued()).toBe('old-price')
  setFeed(20_001)
  expect(unvalued()).toBe(false)
  // It is Friday, and past 17:00.
  moveTo(8 * 3_600)
  expect(unvalued()).toBe(false)
})

test('a price of NinjaTrader’s that stands alone, more than 1 % away, moves nothing; a second one beside it does', () => {
  const { books, hear, execute, moveTo } = setUp({ useFeed: false })
  const price = (last: number): Untimed => ({ kind: 'price', instrument: 'MNQ', contract: 202612, last })
  const shown = () => books.reading().positions.map(({ last, mae, mfe }) => [last, mae, mfe])
  execute(fill(0, 1, 20_000))
  hear(price(0))
  expect(books.reading().accounts[0]?.unvalued).toBe('no-price')
  hear(price(20_000))
  for (const [second, last] of [0, 30_000, 20_001].entries()) {
    moveTo(second + 1)
    hear(price(last))
  }
  expect(shown()).toEqual([[20_001, 0, dollars(2)]])
  moveTo(4)
  hear(price(19_700))
  expect(shown()).toEqual([[20_001, 0, dollars(2)]])
  moveTo(5)
  hear(price(19_701))
  expect(shown()).toEqual([[19_701, dollars(-598), dollars(2)]])
})

test('the platform’s balance is its cash, or what all is worth without what is open', () => {
  const { books, hear, execute } = setUp()
  books.setAccounts([account()])
  const word = (over: object): Untimed => ({ kind: 'account', account: 'Sim101', basis: 'net', ...over })
  const balance = () => books.reading().accounts[0]?.platformCash
  const netLiquidation = dollars(50_100)
  hear(hello(), positions(), word({ netLiquidation }))
  expect(balance()).toBe(dollars(50_100))
  execute(fill(0, 1, 20_000))
  hear(word({ netLiquidation: dollars(50_300) }))
  expect(balance()).toBe(dollars(50_100))
  hear(word({ netLiquidation, unrealized: dollars(200) }))
  expect(balance()).toBe(dollars(49_900))
  hear(word({ cash: dollars(49_950), netLiquidation, unrealized: dollars(200) }))
  expect(balance()).toBe(dollars(49_950))
})

test('a feed that stands still for five seconds while the platform’s prices come is not the last price', () => {
  const { books, hear, execute, moveTo } = setUp()
  execute(fill(0, 1, 20_000))
  const last = () => books.reading().positions[0]?.last
  moveTo(5)
  hear({ kind: 'price', instrument: 'MNQ', contract: 202612, last: 20_008 })
  expect(last()).toBe(20_000)
  moveTo(5.001)
  hear({ kind: 'price', instrument: 'MNQ', contract: 202612, last: 20_008 })
  expect(last()).toBe(20_008)
})

test('an older bridge shows positions and nothing else', () => {
  const { books } = setUp()
  books.hearLegacy({ account: 'Sim101', positions: [mnq(2, 19_995)], foreign: [] }, tenOClock)
  const { bridge, positions: shown } = books.reading()
  expect(bridge).toMatchObject({ state: 'legacy', heardAt: tenOClock, differences: [] })
  // 5 points of $2 on two, four sides of 50 cents.
  expect(shown).toMatchObject([{ quantity: 2, averagePrice: 19_995, openNet: dollars(18), since: tenOClock }])
  expect(shown[0]).not.toHaveProperty('nakedSince')
})

test('of an older bridge’s positions the stops are not known, so none is called naked', () => {
  const { books, told, hear, moveTo } = setUp()
  hear(hello(['Eval50']), positions([], { account: 'Eval50' }))
  books.hearLegacy({ account: 'Sim101', positions: [mnq(2)], foreign: [] }, tenOClock)
  moveTo(4)
  moveTo(9)
  expect([told.filter((word) => word.startsWith('naked')), books.reading().positions.length]).toEqual([[], 1])
})

test('a whole bridge’s word of an account stands above an older one’s', () => {
  const { books, hear } = setUp()
  hear(hello(), positions())
  books.hearLegacy({ account: 'Sim101', positions: [mnq(2)], foreign: [] }, tenOClock)
  expect(books.reading()).toMatchObject({ positions: [], bridge: { state: 'in-sync' } })
})

test('the events of another book are not taken', () => {
  const { books } = setUp()
  const event = { ...heartbeat(), id: 'e', at: tenOClock, receivedAt: tenOClock } as PlatformEvent
  expect(books.hear(event, { ...speaker, book: 'sim:1' })).toBe(false)
  expect(books.reading().bridge.state).toBe('never-seen')
})

test('before any account was told of, no open risk is said', () => {
  const { books } = setUp()
  books.setAccounts([account()])
  expect(books.reading().openRisk).toBeUndefined()
  expect(books.reading().bridge.state).toBe('never-seen')
})

test('only what counts from the anchor on is in the balance, and an unwatched account is in no sum', () => {
  const { books, execute } = setUp()
  books.setAccounts([account({ anchor: { balance: dollars(40_000), at: tenOClock + 10_000 }, watched: false })])
  execute(fill(0, 1, 20_000), fill(5, -1, 20_010), fill(20, 1, 20_000), fill(30, -1, 20_005))
  expect(books.figures()[0]).toMatchObject({ closed: dollars(28), balance: dollars(40_009) })
  expect(books.reading().day).toBeUndefined()
  expect(books.reading().openRisk).toMatchObject({ money: 0, naked: false })
})

test('a balance told while something is open has paid its entry, which is not charged again when it closes', () => {
  const { books, execute } = setUp()
  execute(fill(0, 2, 20_000))
  books.setAccounts([account({ anchor: { balance: dollars(49_999), at: tenOClock + 3_000 } })])
  expect(books.figures()[0]).toMatchObject({ balance: dollars(50_000), entryFees: dollars(1) })
  execute(fill(5, -1, 20_010))
  // Half a dollar a side: $20 − $0.50 out, and the $0.50 in was paid.
  expect(books.figures()[0]).toMatchObject({ balance: dollars(50_019), entryFees: dollars(0.5) })
  execute(fill(9, -1, 20_010))
  expect(books.figures()[0]).toMatchObject({ balance: dollars(50_038), entryFees: 0 })
  // A fill from before the anchor that comes late had paid its entry, too.
  execute(fill(-5, 1, 20_000, { executionId: 'late' }))
  expect(books.figures()[0]).toMatchObject({ entryFees: dollars(0.5) })
})

test('an account’s past is its closed trade dates and today’s closings, from its anchor on', () => {
  const { books, execute } = setUp()
  const yesterday = -24 * 3_600
  execute(
    fill(2 * yesterday, 1, 20_000),
    fill(2 * yesterday + 9, -1, 20_100),
    fill(yesterday, 2, 20_000),
    fill(yesterday + 9, -1, 20_010),
    fill(yesterday + 10, -1, 20_005),
    fill(0, 2, 20_000),
    fill(5, -1, 20_010),
    fill(9, -1, 19_990),
  )
  const { since, ...past } = books.past('Sim101', { balance: 0, at: tenOClock + yesterday * 1_000 })
  expect([2 * yesterday, yesterday + 10, 0, 9].map((second) => since(tenOClock + second * 1_000) / 10_000)).toEqual([
    26, 7, -2, -21,
  ])
  expect(past).toEqual({
    days: [{ tradeDate: '2026-11-19', net: dollars(28) }],
    today: [
      { at: tenOClock + 5_000, net: dollars(19) },
      { at: tenOClock + 9_000, net: dollars(-21) },
    ],
  })
  expect(new Date(books.dayStart()).toISOString()).toBe('2026-11-19T23:00:00.000Z')
})

test('what the platform last said of its accounts is counted, whatever the books make of it', () => {
  const { books, hear, execute, moveTo } = setUp()
  hear(
    hello(['Sim101', 'Eval50']),
    positions([mnq(1)], { orders: [sellStop(19_990, 1)], foreign: [{ name: '6E 12-26', quantity: 1 }] }),
  )
  const closed = { account: 'Closed' }
  execute(fill(0, 1, 20_000, { account: 'Gone' }), fill(0, 1, 20_000, closed), fill(0, -1, 20_000, closed))
  moveTo(2)
  execute(fill(2, -1, 20_000))
  expect([...books.truth()]).toEqual([
    ['Sim101', { heardAt: tenOClock, busyAt: tenOClock + 2_000, positions: 2, working: 1 }],
    ['Eval50', { heardAt: 0, busyAt: Number.NEGATIVE_INFINITY, positions: 0, working: 0 }],
    ['Gone', { heardAt: 0, busyAt: tenOClock, positions: 1, working: 0 }],
  ])
})

test('an account that is merely looked at counts in nothing and closes no gate', () => {
  const { books, hear, execute, moveTo } = setUp()
  hear(hello(), positions())
  execute(fill(0, 1, 20_000), fill(1, -1, 20_001), fill(2, 1, 20_000))
  const decided = () => books.decisions().map(({ isOpen }) => (isOpen ? 'open' : 'closed'))
  expect(decided()).toEqual(['closed', 'open'])
  books.setAccounts([account({ watched: false })])
  moveTo(2)
  expect([decided(), books.bridgeState]).toEqual([[], 'in-sync'])
  expect(books.bridgeReading().differences).toEqual(['Sim101 MNQ Z6: NinjaTrader flat, ledger +1'])
})

test('what an older bridge showed can be forgotten', () => {
  const { books } = setUp()
  books.hearLegacy({ account: 'Sim101', positions: [mnq(2)], foreign: [] }, tenOClock)
  books.forgetLegacy()
  expect(books.reading()).toMatchObject({ positions: [], bridge: { state: 'never-seen' } })
})

test('what was restored and heard again is what was heard once', () => {
  const fills = [fill(0, 2, 20_000), fill(30, -1, 20_010), fill(60, -2, 20_020)]
  const heard = setUp()
  heard.hear(hello(), positions())
  heard.execute(...fills)
  const restored = setUp()
  restored.books.restore({ fills: fills.slice(0, 2) })
  restored.hear(hello(), positions())
  restored.execute(...fills)
  expect(restored.told.filter((word) => word.startsWith('fill'))).toHaveLength(1)
  const sums = ({ books }: typeof heard) => [books.figures(), books.trades(), books.reading().positions]
  expect(sums(restored)).toEqual(sums(heard))
})

const wild = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double(), fc.constant(20_000), fc.constant(Number.NaN))
const holding = fc.record({
  account: fc.constantFrom('Sim101', 'Eval50', ''),
  instrument: fc.constantFrom(...instrumentIds),
  contract: fc.constantFrom(202612, 202703, 0, -1),
})
const order = fc
  .tuple(
    holding,
    fc.constantFrom(...orderTypes),
    fc.constantFrom(...orderStates),
    wild,
    wild,
    wild,
    fc.constantFrom('a', 'b'),
  )
  .map(([held, type, state, quantity, price, at, oco]) => ({
    ...sellStop(price, quantity, {
      ...held,
      type,
      state,
      at: tenOClock + at,
      oco,
      limitPrice: price,
      orderId: `o${Math.abs(quantity % 3)}`,
    }),
  }))
const execution = fc
  .tuple(holding, wild, wild, wild)
  .map(([held, quantity, price, at]) =>
    fill(0, quantity, price, { ...held, at: tenOClock + at * 1e4, executionId: `x${quantity}${price}` }),
  )
const anyEvent: fc.Arbitrary<Untimed> = fc.oneof(
  fc.constantFrom(hello(), hello(['Eval50', '']), heartbeat(), heartbeat(3)),
  execution.map((one): Untimed => ({ kind: 'execution', fill: one })),
  order.map((one): Untimed => ({ kind: 'order', order: one })),
  fc
    .tuple(fc.array(fc.tuple(holding, wild, wild), { maxLength: 3 }), fc.array(order, { maxLength: 3 }))
    .map(([held, orders]) =>
      positions(
        held.map(([one, quantity, averagePrice]) => ({ ...one, quantity, averagePrice })),
        { orders, foreign: [{ name: '6E 12-26', quantity: 1 }] },
      ),
    ),
  fc.tuple(holding, wild).map(([one, last]): Untimed => ({ kind: 'price', ...one, last })),
  fc
    .tuple(holding, wild)
    .map(([one, cash]): Untimed => ({ kind: 'account', account: one.account, cash, basis: 'unknown' })),
)

test('whatever is told in whatever order, the books go on', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 4_000 })), { maxLength: 60 }), (events) => {
      const { books, hear, moveTo } = setUp({ plan: card })
      books.setAccounts([account()])
      let seconds = 0
      for (const [event, pause] of events) {
        hear(event)
        seconds += pause / 1_000
        moveTo(seconds, pause % 2 === 0)
        books.onPrice('MNQ', 202612, 20_000 + pause, tenOClock + seconds)
        books.reading()
      }
      books.adopt('Sim101')
      books.hearLegacy({ account: 'Eval50', positions: [mnq(1)], foreign: [] }, tenOClock)
      const { accounts, positions: shown } = books.reading()
      for (const { dayNet, fees } of accounts) expect([dayNet, fees].every(Number.isFinite)).toBe(true)
      for (const { quantity, averagePrice } of shown) expect([quantity, averagePrice].every(Number.isFinite)).toBe(true)
    }),
  )
})
