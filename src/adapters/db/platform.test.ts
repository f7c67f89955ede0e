import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { PlatformEvent } from '#src/domain/trading/platform-event.ts'
import { databases } from '#src/testing/database.ts'
import * as told from '#src/testing/ninjatrader/told.ts'
import { toPlatformEvent } from '../ninjatrader/to-domain.ts'
import type { Database } from './connect.ts'
import {
  bookOfBoot,
  fillsOf,
  foreignTradesOf,
  keepFill,
  latestHello,
  ordersOf,
  type StoredBatch,
  storeBatch,
} from './platform.ts'

const { toldAt } = told

const read = (wire: unknown): PlatformEvent => {
  const event = toPlatformEvent(JSON.parse(JSON.stringify(wire)), { receivedAt: toldAt + 5, simulator: false })
  if (!event.ok) throw new Error(event.reason)
  return event.value
}
const batchOf = (book: string, batch = 1): StoredBatch => ({
  speaker: { bridge: 'pc-1', boot: book.replace('sim:', ''), book, simulator: book !== 'real' },
  batch,
  digest: `digest ${batch}`,
  answer: { batch },
  receivedAt: toldAt + 5,
})

describe.each(databases)('what a platform told, in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('is news once', async () => {
    const { db } = database
    const events = [read(told.execution('e1')), read(told.logTold('l1'))]
    expect(await storeBatch(db, batchOf('sim:once'), events)).toEqual({ fresh: true, news: events })
    expect(await storeBatch(db, batchOf('sim:once'), events)).toEqual({
      fresh: false,
      digest: 'digest 1',
      answer: { batch: 1 },
    })
    const more = read(told.logTold('l2'))
    expect(await storeBatch(db, batchOf('sim:once', 2), [...events, more])).toEqual({ fresh: true, news: [more] })
  })

  test('is kept whole or not at all', async () => {
    const { db } = database
    const impossible = { ...read(told.execution('e2')), at: 2 ** 80 }
    await expect(storeBatch(db, batchOf('sim:whole'), [read(told.execution('e1')), impossible])).rejects.toThrow()
    expect(await fillsOf(db, 'sim:whole')).toEqual([])
    expect(await storeBatch(db, batchOf('sim:whole'), [read(told.execution('e1'))])).toMatchObject({ fresh: true })
  })

  test('is remembered of markets the product does not know', async () => {
    const { db } = database
    const events = [read(told.execution('f1', { instrument: '6E 12-26' })), read(told.execution('e1'))]
    expect(await storeBatch(db, batchOf('sim:foreign'), events)).toEqual({ fresh: true, news: events })
    expect(await foreignTradesOf(db, 'sim:foreign')).toEqual([{ account: 'Sim101', market: '6E 12-26', at: toldAt }])
    expect(await fillsOf(db, 'sim:foreign')).toHaveLength(1)
  })

  test('is never rewritten', async () => {
    const { db } = database
    await storeBatch(db, batchOf('sim:kept'), [read(told.execution('e1'))])
    for (const table of ['executions', 'platform_events'])
      await expect(db.execute(sql.raw(`delete from ${table}`))).rejects.toThrow()
  })

  test('is read again by book: fills from an instant on, every word of orders, the last hello', async () => {
    const { db } = database
    const hello = read(told.hello('h', { simulator: true }))
    const events = [
      hello,
      read(told.execution('e1', { at: toldAt - 1 })),
      read(told.orderTold('o1', { state: 'accepted' })),
      read(told.orderTold('o2')),
      read(told.execution('e2', { commission: undefined })),
    ]
    await storeBatch(db, batchOf('sim:read'), events)
    const [, first, , , second] = events.map((event) => (event.kind === 'execution' ? event.fill : undefined))
    expect(await fillsOf(db, 'sim:read')).toStrictEqual([first, second])
    expect(await fillsOf(db, 'sim:read', toldAt)).toStrictEqual([second])
    expect((await ordersOf(db, 'sim:read', toldAt)).map(({ state }) => state)).toEqual(['accepted', 'working'])
    expect(await ordersOf(db, 'sim:read', toldAt + 6)).toEqual([])
    expect(await latestHello(db, 'sim:read')).toEqual({ bridge: 'pc-1', hello })
    expect(await bookOfBoot(db, 'pc-1', 'read')).toBe('sim:read')
    expect(await bookOfBoot(db, 'pc-2', 'read')).toBeUndefined()
    const speaker = { bridge: 'pc-2', boot: 'read', book: 'real', simulator: false }
    await storeBatch(db, { ...batchOf('real'), speaker }, [read(told.logTold('l'))])
    expect(await bookOfBoot(db, 'pc-2', 'read')).toBe('real')
  })

  test('takes in a fill made here, once', async () => {
    const { db } = database
    const fill: Fill = {
      account: 'Sim101',
      instrument: 'MNQ',
      contract: 202612,
      executionId: 'adjust-1',
      orderId: '',
      orderName: 'adjustment',
      side: 'sell',
      quantity: 1,
      price: 20110.25,
      at: toldAt,
    }
    await keepFill(db, 'sim:made', fill, toldAt)
    await keepFill(db, 'sim:made', { ...fill, quantity: 2 }, toldAt)
    expect(await fillsOf(db, 'sim:made')).toStrictEqual([fill])
  })
})
