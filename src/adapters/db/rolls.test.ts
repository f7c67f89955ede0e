import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Roll } from '#src/domain/instruments/fronts.ts'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { rollsOf, saveRolls } from './rolls.ts'

const gold: Roll = { instrument: 'MGC', tradeDate: '2026-11-24', contract: 202702, reason: 'calendar' }
const crude: Roll = {
  instrument: 'MCL',
  tradeDate: '2026-11-12',
  contract: 202701,
  reason: 'volume',
  volumes: { front: 90_000, next: 91_000 },
}

describe.each(databases)('rolls in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('come back as they were decided, oldest first, each market its own', async () => {
    await saveRolls(database.db, 'real', [gold, crude], 1)
    await saveRolls(database.db, 'sim-7', [gold], 1)
    await saveRolls(database.db, 'real', [], 2)
    expect(await rollsOf(database.db, 'real')).toStrictEqual([crude, gold])
    expect(await rollsOf(database.db, 'nobody')).toEqual([])
  })

  test('are decided once', async () => {
    await saveRolls(database.db, 'once', [gold], 1)
    await saveRolls(database.db, 'once', [{ ...gold, contract: 202704 }, crude], 2)
    expect(await rollsOf(database.db, 'once')).toStrictEqual([crude, gold])
  })
})
