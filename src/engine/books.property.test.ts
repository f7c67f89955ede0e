import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { microsOf } from '#src/domain/risk/guards.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { type Decision, decisionsOf } from '#src/domain/trading/decision.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { HeldPosition, PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, fill, sellStop, tenOClock } from '#src/testing/fills.ts'
import { createBooks } from './books.ts'

const speaker: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }
const day = 86_400
const names = ['Sim101', 'Eval50K']
const markets = [
  { instrument: 'MNQ', contract: 202612, price: 20_000 },
  { instrument: 'MNQ', contract: 202703, price: 20_100 },
  { instrument: 'MGC', contract: 202612, price: 4_100 },
] as const

/** What happens to an account; seconds are after ten o'clock, and fills come in any order of time. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant('fill'), fc.nat(1), fc.nat(2), fc.integer({ min: -2 * day, max: day })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('stop'), fc.nat(1), fc.nat(2), fc.integer({ min: -2 * day, max: day })),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('anchor'), fc.nat(1), fc.nat(2), fc.integer({ min: -day, max: day })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('account'), fc.nat(1), fc.nat(3), fc.nat(9)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('fees'), fc.nat(1), fc.nat(2), fc.nat(9)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('clock'), fc.nat(1), fc.nat(2), fc.integer({ min: 0, max: 3 * day })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('price'), fc.nat(1), fc.nat(2), fc.integer({ min: -40, max: 40 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('adopt'), fc.nat(1), fc.nat(2), fc.integer({ min: -3, max: 3 })) },
)

const openBooks = (now: () => number, limits = { ...defaultLimits, fees: evenFees }, onMade = (_: Fill) => {}) => {
  const books = createBooks({
    now,
    wall: now,
    accountSize: dollars(50_000),
    limits,
    useFeed: () => true,
    feedPrice: () => undefined,
    cardOf: () => undefined,
    stackCap: () => dollars(375),
    events: {
      onFill: () => {},
      onMade,
      onTradeClosed: () => {},
      onOrderRejected: () => {},
      onNaked: () => {},
      onBridge: () => {},
    },
  })
  books.open('real')
  return books
}

type Books = ReturnType<typeof openBooks>

/** All that is summed, without what the prices between two fills add: those a restart has not seen. */
const told = (books: Books, at: number) => ({
  figures: books
    .figures()
    .map(({ name, closed, fees, trades, executions, traded, balance }) => ({
      ...{ name, closed, fees, trades, executions, traded, balance },
    }))
    .filter(({ executions, balance }) => executions > 0 || balance !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  trades: books
    .trades()
    .map(({ mfe: _, mae: __, ...trade }) => trade)
    .sort((a, b) => a.closedAt - b.closedAt || (a.id < b.id ? -1 : 1)),
  past: names.map((name) => {
    const { days, today, since } = books.past(name, { balance: 0, at: tenOClock - day * 1_000 })
    // Of closes of one instant either may come first.
    const closes = today.map((close) => [close.at, close.net + 0] as const)
    return [days, closes.sort((a, b) => a[0] - b[0] || a[1] - b[1]), since(at - day * 500)]
  }),
})

/** A position does not tell how large its trade once was. */
const withoutOpenSize = ({ quantity, instrument, ...decision }: Decision) =>
  decision.isOpen ? decision : { quantity, instrument, ...decision }

const decidedAnew = (books: Books, accounts: readonly Account[]) => {
  const isCounted = (of: string): boolean => accounts.find(({ name }) => name === of)?.watched !== false
  const open = books.reading().positions.filter(({ account: of }) => isCounted(of))
  return decisionsOf([
    ...books.trades(),
    ...open.map(({ account: of, instrument, quantity, since }) => ({
      ...{ account: of, instrument, quantity: Math.abs(quantity), openedAt: since },
      side: quantity > 0 ? ('long' as const) : ('short' as const),
    })),
  ])
}

test('whatever happens in whatever order, the sums are those of books that hear it all at once', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), (events) => {
      let at = tenOClock
      let limits = { ...defaultLimits, fees: evenFees }
      let accounts: readonly Account[] = [account()]
      const fills: Fill[] = []
      const orders: Order[] = []
      const books = openBooks(
        () => at,
        limits,
        (made) => fills.push(made),
      )
      books.setAccounts(accounts)
      const hear = (heard: object): boolean =>
        books.hear({ ...heard, id: `${fills.length}`, at, receivedAt: at } as PlatformEvent, speaker)
      for (const [kind, who, which, amount] of events) {
        const { price, ...holding } = markets[which] ?? markets[0]
        const of = { ...holding, account: names[who] ?? '' }
        if (kind === 'fill') {
          const quantity = ((amount & 7) % 3) + 1
          const signed = amount & 8 ? quantity : -quantity
          const commission = amount & 16 ? { commission: dollars(0.62) * quantity } : {}
          const one = fill(amount - (amount % 4), signed, price + (amount & 31), { ...of, ...commission })
          fills.push(one)
          hear({ kind: 'execution', fill: one })
        } else if (kind === 'stop') {
          const placed = { ...of, orderId: `s${orders.length}`, at: tenOClock + (amount - (amount % 4)) * 1_000 }
          const order = sellStop(price - 10, 1, placed)
          orders.push(order)
          hear({ kind: 'order', order })
        } else if (kind === 'anchor') {
          const anchor = { balance: dollars(50_000 + which), at: tenOClock + amount * 1_000 }
          accounts = accounts.map((one) => (one.name === of.account ? { ...one, anchor } : one))
          books.setAccounts(accounts)
        } else if (kind === 'account') {
          const change = {
            watched: amount > 4,
            alias: `a${amount}`,
            commission: which > 1 ? 'platform' : 'settings',
          } as const
          const others = accounts.filter(({ name }) => name !== of.account)
          accounts = which === 0 ? others : [...others, account({ name: of.account, ...change })]
          books.setAccounts(accounts)
        } else if (kind === 'fees') {
          limits = { ...limits, fees: { ...limits.fees, [of.instrument]: dollars(amount / 10) } }
          books.setLimits({ accountSize: dollars(50_000), limits })
        } else if (kind === 'clock') at = Math.max(at, tenOClock + amount * 1_000)
        else if (kind === 'price') books.onPrice(of.instrument, of.contract, price + amount, at)
        else {
          const held: HeldPosition = {
            instrument: of.instrument,
            contract: of.contract,
            quantity: amount,
            averagePrice: price,
          }
          hear({
            kind: 'positions',
            account: of.account,
            positions: amount === 0 ? [] : [held],
            orders: [],
            foreign: [],
          })
          books.adopt(of.account)
        }
        const anew = openBooks(() => at, limits)
        anew.setAccounts(accounts)
        anew.restore({ fills, orders })
        expect(told(books, at)).toEqual(told(anew, at))
        const anewDecided = decidedAnew(books, accounts)
        expect(books.decisions().map(withoutOpenSize)).toEqual(anewDecided.map(withoutOpenSize))
        // It was never smaller than what is held of it.
        for (const [i, { instrument, quantity }] of books.decisions().entries()) {
          const held = anewDecided[i] as Decision
          expect(microsOf(instrument, quantity)).toBeGreaterThanOrEqual(microsOf(held.instrument, held.quantity))
        }
      }
    }),
    { numRuns: 60 },
  )
})
