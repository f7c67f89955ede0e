import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databases } from '#src/testing/database.ts'
import { createAudit, latestAudit, verifyAudit } from './audit.ts'
import { openSeal } from './audit-seal.ts'
import type { Database } from './connect.ts'
import { openLockKeeper } from './lock-keeper.ts'

let database: Database
let folder: string
let now = Date.UTC(2026, 10, 20, 14)
const started = now
const sessionEnd = Date.UTC(2026, 10, 20, 22)
beforeAll(async () => {
  database = await databases[0].open()
  folder = mkdtempSync(join(tmpdir(), 'copilot-keeper-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

const openKeeper = () => {
  const { db } = database
  const seal = openSeal(folder)
  return openLockKeeper({
    db,
    seal,
    audit: createAudit({ db, seal }),
    book: 'real',
    clock: { now: () => now, wall: () => 77, speed: 1 },
    uptime: () => now,
    onError: (error) => expect.fail(`${error}`),
  })
}

test('a lock that names no end lasts until the session ends, here and for whoever reads next', async () => {
  const [keeper, other] = [await openKeeper(), await openKeeper()]
  expect(keeper.locks()).toEqual([])
  const lock = { account: '', reason: 'tired', from: started, until: sessionEnd }
  expect(await keeper.lock({ account: '', reason: 'tired' }, 'the trader')).toEqual({ ok: true, lock })
  expect(keeper.locks()).toEqual([lock])
  expect(keeper.lockOf('Sim101')).toEqual(lock)
  expect(other.locks()).toEqual([])
  await other.reload()
  expect(other.locks()).toEqual([lock])
  expect((await openKeeper()).findings()).toEqual([])
})

test('a lock that would end at once is refused and nothing is kept', async () => {
  const keeper = await openKeeper()
  const before = keeper.locks()
  expect(await keeper.lock({ account: '', reason: '', until: now }, 'the trader')).toEqual({
    ok: false,
    reason: 'until-not-later',
  })
  expect(keeper.locks()).toEqual(before)
  const far = await keeper.lock({ account: '', reason: '', until: now + 32 * 86_400_000 }, 'the trader')
  expect(far).toEqual({ ok: false, reason: 'until-too-far' })
})

test('what was changed by hand locks every account until the session ends, once, and is told', async () => {
  now += 1_000
  for (const each of [
    'alter table audit_log disable trigger user',
    'delete from audit_log',
    'alter table audit_log enable trigger user',
  ])
    await database.db.execute(sql.raw(each))
  const keeper = await openKeeper()
  expect(keeper.locks()).toContainEqual({
    account: '',
    from: started + 1_000,
    until: sessionEnd,
    reason: 'What is stored was changed by hand',
  })
  expect(keeper.findings().join('\n')).toMatch(
    /^lock 1 is in no audit line\naudit line 1 end-cut .*\naudit line 1 break-told /,
  )
  const again = await openKeeper()
  expect(again.findings()).toEqual([])
  expect(again.locks()).toEqual(keeper.locks())
  expect((await latestAudit(database.db, 1))[0]).toMatchObject({ at: 77, kind: 'lockout', who: 'the terminal' })
  expect((await verifyAudit(database.db, openSeal(folder))).breaks.map(({ reason }) => reason)).toEqual(['break-told'])
})

test('locks without the market time they were taken at are found', async () => {
  await database.db.execute(sql`delete from settings`)
  expect((await openKeeper()).findings()).toEqual(['the market time was gone'])
})
