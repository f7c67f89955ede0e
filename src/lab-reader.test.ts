import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { saveOutcomes } from '#src/adapters/db/outcomes.ts'
import { savePlanVersion } from '#src/adapters/db/plans.ts'
import { keepFill } from '#src/adapters/db/platform.ts'
import { latestReports, saveReport } from '#src/adapters/db/reports.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { databases } from '#src/testing/database.ts'
import { keptReport } from '#src/testing/lab.ts'
import { createLabReader } from './lab-reader.ts'

const now = Date.UTC(2026, 10, 20, 17)
const drawnAt = Date.UTC(2026, 10, 19, 13)
const on = { instrument: 'MGC', tradeDate: '2026-11-19' } as const
const method = { market: 'real', codeVersion: '1-a' }
const limits = { ...defaultLimits, fees: { ...defaultLimits.fees, MGC: dollars(0.7) } }

const outcome = (n: number, minutes: number) => ({
  ...({
    ...on,
    cardId: `2026-11-19-MGC-${n}`,
    side: 'long',
    quality: 71,
    components: [],
    drawnAt: drawnAt + minutes * 60_000,
  } as const),
  ...{ enteredAt: drawnAt + (minutes + 5) * 60_000, endedAt: drawnAt + (minutes + 25) * 60_000 },
  ...({ endedAs: 'target-1', won: true, r: 1, lived: true } as const),
})
const fill = (id: string, side: Fill['side'], minutes: number, price: number): Fill => ({
  ...{ account: 'Sim101', instrument: 'MGC', contract: 202612, executionId: id, orderId: id, orderName: 'Entry' },
  ...{ side, quantity: 2, price, at: drawnAt + minutes * 60_000 },
})

const pictureOf = (book: string | undefined) =>
  ({
    system: { market: 'real', ledger: 'real' },
    calibration: method,
    ...(book !== undefined && { account: { book, limits } }),
  }) as never

/** Every query is proved on both databases beside it; here they are only put together. */
const [{ open }] = databases

describe('what the lab reads', () => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    const { db } = database
    await saveOutcomes(db, method, on, [outcome(1, 0), outcome(2, 60)])
    await saveOutcomes(db, method, { ...on, tradeDate: '2026-05-01' }, [
      { ...outcome(9, 0), tradeDate: '2026-05-01', cardId: '2026-05-01-MGC-9' },
    ])
    const card = { instrument: 'MGC', contract: 'MGC Z6', side: 'long', zone: { low: 4_119, high: 4_120 } } as const
    await savePlanVersion(db, 'real', {
      ...{ tradeDate: '2026-11-19', version: 1, hash: 'h', drawnAt, reason: 'freeze' },
      cards: [
        { ...card, id: '2026-11-19-MGC-2', stop: 4_115, target1: 4_125, target2: 4_130, contracts: 3, quality: 71 },
      ],
    })
    await keepFill(db, 'real', fill('a', 'buy', 6, 4_119.5), now)
    await keepFill(db, 'real', fill('b', 'sell', 20, 4_123), now)
    await saveReport(db, keptReport)
  })
  afterAll(() => database.close())

  const readerOf = (book: string | undefined) =>
    createLabReader({ db: database.db, bus: { picture: () => pictureOf(book) }, now: () => now })

  test('the cards of the last ninety days lie beside the trades of the books that are shown', async () => {
    const { lines, compared } = await readerOf('real').shadowBook()
    expect(lines.map(({ card, fate, money }) => [card.cardId, fate, money])).toEqual([
      ['2026-11-19-MGC-2', 'missed', dollars(145.8)],
      ['2026-11-19-MGC-1', 'taken', undefined],
    ])
    expect(compared?.own).toEqual({ n: 1, net: dollars(67.2) })
    expect(compared?.since).toBe('2026-11-19')
  })

  test('of another book, or before one is known, nothing is compared', async () => {
    expect((await readerOf('sim:1').shadowBook()).compared).toBeUndefined()
    expect((await readerOf(undefined).shadowBook()).lines.map(({ fate }) => fate)).toEqual(['unseen', 'unseen'])
  })

  test('reports are those of the market that is shown', async () => {
    const [listed] = await latestReports(database.db, 'real', 1)
    expect(await readerOf('real').reports(5)).toEqual([listed])
    expect((await readerOf('real').report(listed?.id ?? ''))?.report.net).toBe(dollars(270))
    expect(await readerOf('real').study('none')).toBeUndefined()
  })
})
