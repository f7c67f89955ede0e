import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { PlatformEvent } from '#src/domain/trading/platform-event.ts'
import type { Row } from '#src/testing/bench.ts'
import { account, fill, sellStop, tenOClock } from '#src/testing/fills.ts'
import { createBooks } from './books.ts'

/** Twenty accounts that hold all six markets, each with its stop. */
export const name = 'Books: 20 accounts × 6 positions'

const contract = 202612
const names = Array.from({ length: 20 }, (_, i) => `Eval${i}`)
const nothing = () => {}
const speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false } as const

const open = () => {
  const books = createBooks({
    now: () => tenOClock,
    wall: () => tenOClock,
    accountSize: dollars(50_000),
    limits: defaultLimits,
    useFeed: () => true,
    feedPrice: () => ({ price: 5_000, receivedAt: tenOClock }),
    cardOf: () => undefined,
    stackCap: () => dollars(375),
    events: {
      onFill: nothing,
      onMade: nothing,
      onTradeClosed: nothing,
      onOrderRejected: nothing,
      onNaked: nothing,
      onBridge: nothing,
    },
  })
  books.open('real')
  books.setAccounts(names.map((one) => account({ name: one })))
  const held = names.flatMap((one) => focusInstruments.map((instrument) => ({ account: one, instrument, contract })))
  books.restore({
    fills: held.flatMap((one, i) =>
      Array.from({ length: 9 }, (_, n) => fill(n, n % 2 === 0 ? 2 : -2, 5_000, { ...one, executionId: `${i}-${n}` })),
    ),
    orders: held.map((one, i) => sellStop(4_990, 2, { ...one, orderId: `s${i}` })),
  })
  return books
}

const percentiles = (took: number[]): string => {
  took.sort((a, b) => a - b)
  const at = (q: number): string => `${(1_000 * (took[Math.floor(q * (took.length - 1))] ?? 0)).toFixed(1)} µs`
  return `${at(0.5)} / ${at(0.99)}`
}

const measure = (count: number, once: (i: number) => void): string => {
  for (let i = 0; i < count / 10; i++) once(i)
  return percentiles(
    Array.from({ length: count }, (_, i) => {
      const began = performance.now()
      once(i)
      return performance.now() - began
    }),
  )
}

export const run = async (): Promise<Row[]> => {
  const books = open()
  const price = (i: number): void => {
    const instrument = focusInstruments[i % focusInstruments.length] ?? 'MES'
    books.onPrice(instrument, contract, 5_000 + (i % 997) / 4, tenOClock + 60_000 + i)
  }
  const hear = (event: object, i: number): void => {
    const at = tenOClock + 60_000 + i
    books.hear({ ...event, id: `e${i}`, at, receivedAt: tenOClock } as PlatformEvent, speaker)
  }
  const limit = 'limit 1,000 µs'
  return [
    { what: 'a price noted on all accounts: p50 / p99', ours: measure(50_000, price), peer: limit },
    {
      what: 'a price, and every account’s equity: p50 / p99',
      ours: measure(20_000, (i) => {
        price(i)
        books.figures()
      }),
      peer: limit,
    },
    {
      what: 'an execution heard: p50 / p99',
      ours: measure(2_000, (i) => {
        const one = {
          account: `Eval${i % 20}`,
          instrument: 'MNQ',
          contract,
          executionId: `${performance.now()}`,
        } as const
        hear({ kind: 'execution', fill: fill(60 + i / 100, i % 40 < 20 ? 1 : -1, 5_000, one) }, i)
      }),
    },
    { what: 'the whole reading: p50 / p99', ours: measure(500, () => books.reading()) },
  ]
}
