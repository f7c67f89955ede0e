import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { deltasSince, flowsSince, saveFlows } from './flows.ts'

const mes = { market: 'real', instrument: 'MES', contract: 202612 } as const
const flow = (minute: number, buy: number): MinuteFlow => ({
  time: minute * 60_000,
  buy,
  sell: 3,
  basis: 'quotes',
  levels: new Map([[26_600, buy + 3]]),
  ...(minute > 0 && { after: (minute - 1) * 60_000 }),
})

describe.each(databases)('the flow of minutes in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.execute(sql`truncate minute_flows`)
  })

  test('comes back as it was, oldest first, from an instant on', async () => {
    await saveFlows(database.db, mes, [flow(2, 5), flow(0, 7), flow(1, 6)])
    expect(await flowsSince(database.db, mes, 60_000)).toEqual([flow(1, 6), flow(2, 5)])
    expect(await flowsSince(database.db, mes, 0)).toEqual([flow(0, 7), flow(1, 6), flow(2, 5)])
  })

  test('is told without its prices where they are not asked for, of a stretch alone', async () => {
    await saveFlows(database.db, mes, [flow(0, 7), flow(2, 5), flow(1, 6)])
    expect(await deltasSince(database.db, mes, 60_000, 120_000)).toEqual([
      { time: 60_000, buy: 6, sell: 3, basis: 'quotes' },
    ])
  })

  test('is told again without harm, and of two tellings the later stays', async () => {
    await saveFlows(database.db, mes, [flow(1, 6), flow(1, 8)])
    await saveFlows(database.db, mes, [flow(1, 9)])
    expect(await flowsSince(database.db, mes, 0)).toEqual([flow(1, 9)])
  })

  test('of another market is another, and a roll does not part it', async () => {
    await saveFlows(database.db, mes, [flow(1, 6)])
    await saveFlows(database.db, { ...mes, contract: 202703 }, [flow(2, 7)])
    expect(await flowsSince(database.db, { ...mes, market: 'sim-7' }, 0)).toEqual([])
    expect(await flowsSince(database.db, mes, 0)).toEqual([flow(1, 6), flow(2, 7)])
  })
})
