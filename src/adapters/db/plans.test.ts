import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanVersion } from '#src/domain/signals/transition.ts'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { planVersions, savePlanVersion } from './plans.ts'

const first: PlanVersion = {
  tradeDate: '2026-11-20',
  version: 1,
  hash: 'a1',
  drawnAt: Date.UTC(2026, 10, 20, 10),
  reason: 'freeze',
  cards: [
    {
      id: '2026-11-20-MGC-1',
      instrument: 'MGC',
      contract: 'MGC Z6',
      side: 'long',
      zone: { low: 4099.8, high: 4101.2 },
      stop: 4096.1,
      target1: 4106.3,
      target2: 4111.5,
      contracts: 2,
      quality: 71,
    },
  ],
}
const second: PlanVersion = { ...first, version: 2, hash: 'b2', previousHash: 'a1', reason: 'redrawn', cards: [] }

describe.each(databases)('plan versions in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('are kept in order, each with the text it was hashed over', async () => {
    await savePlanVersion(database.db, 'real', first)
    await savePlanVersion(database.db, 'real', second)
    const stored = await planVersions(database.db, 'real', '2026-11-20')
    expect(stored).toStrictEqual([first, second])
    expect(JSON.stringify(stored[0]?.cards)).toBe(JSON.stringify(first.cards))
    expect(await planVersions(database.db, 'real', '2026-11-21')).toEqual([])
    expect(await planVersions(database.db, 'sim-7', '2026-11-20')).toEqual([])
  })

  test('saved again are the version first stored', async () => {
    await savePlanVersion(database.db, 'again', first)
    expect(await savePlanVersion(database.db, 'again', { ...first, drawnAt: 0 })).toStrictEqual(first)
    expect(await planVersions(database.db, 'again', '2026-11-20')).toHaveLength(1)
  })

  test('of one number and two hashes are refused', async () => {
    await savePlanVersion(database.db, 'clash', first)
    expect(await savePlanVersion(database.db, 'clash', { ...first, hash: 'other' })).toBeUndefined()
    expect(await planVersions(database.db, 'clash', '2026-11-20')).toStrictEqual([first])
  })

  test.each(['update plan_versions set hash = $$x$$', 'delete from plan_versions', 'truncate plan_versions'])(
    'refuse to %s',
    async (statement) => {
      await savePlanVersion(database.db, 'fixed', first)
      await expect(database.db.execute(sql.raw(statement))).rejects.toMatchObject({
        cause: { message: expect.stringContaining('plan_versions is append-only') },
      })
      expect(await planVersions(database.db, 'fixed', '2026-11-20')).toStrictEqual([first])
    },
  )
})
