import { expect, test } from 'vitest'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'
import { account, evenFees, tenOClock } from '#src/testing/fills.ts'
import { createBooks } from './books.ts'

const speaker: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }
const limits = { ...defaultLimits, fees: evenFees }

type Untimed = PlatformEvent extends infer E ? (E extends unknown ? Omit<E, 'id' | 'at' | 'receivedAt'> : never) : never

const hello: Untimed = {
  kind: 'hello',
  versions: { bridge: '1.0.0', platform: '8.1.5.2' },
  ...{ simulator: false, allowOrders: true, maxContracts: 5, commandsAfter: 0 },
  accounts: [{ name: 'Sim101', connection: 'Rithmic' }],
}
const beat: Untimed = { kind: 'heartbeat', connections: [], queues: { executions: 0, market: 0 }, dropped: 0 }
const holds = (foreign: Snapshot['foreign'] = []): Untimed => ({
  ...{ kind: 'positions', account: 'Sim101', positions: [], orders: [], foreign },
})
const executed = (executionId: string): Untimed => ({
  ...{ kind: 'foreignExecution', account: 'Sim101', executionId, market: '6E 12-26' },
})

/** The books of Sim101 with a hand on their clock, in sync. */
const setUp = () => {
  let at = tenOClock
  let ids = 0
  const books = createBooks({
    now: () => at,
    wall: () => at,
    accountSize: 500_000_000,
    limits,
    useFeed: () => false,
    feedPrice: () => undefined,
    cardOf: () => undefined,
    stackCap: () => 3_750_000,
    events: {
      onFill: () => {},
      onMade: () => {},
      onTradeClosed: () => {},
      onOrderRejected: () => {},
      onNaked: () => {},
      onBridge: () => {},
    },
  })
  books.open('real')
  books.setAccounts([account()])
  const hear = (...events: readonly Untimed[]): void => {
    for (const event of events) books.hear({ ...event, id: `e${++ids}`, at, receivedAt: at } as PlatformEvent, speaker)
  }
  const moveTo = (seconds: number): void => {
    at = tenOClock + seconds * 1_000
    hear(beat)
    books.look(at)
  }
  hear(hello, holds())
  moveTo(1)
  return { books, hear, moveTo, reading: () => [books.bridgeState, books.bridgeReading().differences] }
}

const inNoLimit = [
  'Sim101 6E 12-26: its result is in no limit; enter under Accounts the balance as of after 2026-11-20 10:00 ET',
]

test('what was traded in an unknown market keeps the account from agreeing until its balance is entered anew', () => {
  const { books, hear, moveTo, reading } = setUp()
  expect(reading()).toEqual(['in-sync', []])
  hear(executed('x1'), holds([{ name: '6E 12-26', quantity: 2 }]))
  moveTo(3)
  expect(reading()).toEqual(['differs', ['Sim101 6E 12-26: NinjaTrader +2, not a market of the ledger']])
  hear(executed('x2'), holds())
  moveTo(5)
  expect(reading()).toEqual(['differs', inNoLimit])
  moveTo(86_400)
  hear(holds())
  expect(reading()).toEqual(['differs', inNoLimit])
  books.setAccounts([account({ anchor: { balance: 475_000_000, at: tenOClock + 60_000 } })])
  moveTo(86_401)
  expect(reading()).toEqual(['in-sync', []])
})

test('a trade in an unknown market that no snapshot caught is not forgotten, nor by a restart', () => {
  const { hear, moveTo, reading } = setUp()
  hear(executed('x1'), executed('x2'), holds())
  moveTo(3)
  expect(reading()).toEqual(['differs', inNoLimit])
  const later = setUp()
  later.books.restore({ fills: [], foreign: [{ account: 'Sim101', market: '6E 12-26', at: tenOClock + 1_000 }] })
  later.hear(hello, holds())
  later.moveTo(4)
  expect(later.reading()).toEqual(['differs', inNoLimit])
})

test('an order that works in an unknown market is counted as working', () => {
  const { books, hear } = setUp()
  hear(holds([{ name: '6E 12-26', quantity: 0 }]))
  expect(books.truth().get('Sim101')).toMatchObject({ positions: 0, working: 1 })
})
