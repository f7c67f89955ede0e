import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databases } from '#src/testing/database.ts'
import { createAudit, latestAudit, verifyAudit } from './audit.ts'
import { openSeal } from './audit-seal.ts'
import type { Database } from './connect.ts'
import { type LockStore, readLocks, refuseLock, storeLock } from './lockouts.ts'
import { lockouts } from './schema.ts'

const day = 86_400_000
const lock = { account: 'Sim101', from: 1_000, until: 5_000, reason: 'two losses' }
const asked = { who: 'the trader', at: 77 }

test('a lock ends after it begins and within a month', () => {
  expect(refuseLock(lock)).toBeUndefined()
  expect(refuseLock({ ...lock, until: 1_000 })).toBe('until-not-later')
  expect(refuseLock({ ...lock, until: Number.NaN })).toBe('until-not-later')
  expect(refuseLock({ ...lock, until: 1_000 + 31 * day })).toBeUndefined()
  expect(refuseLock({ ...lock, until: 1_001 + 31 * day })).toBe('until-too-far')
})

describe.each(databases)('locks in $name', ({ open }) => {
  let database: Database
  let folder: string
  let store: LockStore
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  const byHand = async (table: string, ...statements: string[]): Promise<void> => {
    for (const each of [
      `alter table ${table} disable trigger user`,
      ...statements,
      `alter table ${table} enable trigger user`,
    ])
      await database.db.execute(sql.raw(each))
  }
  beforeEach(async () => {
    await byHand('audit_log', 'truncate audit_log')
    await byHand('lockouts', 'truncate lockouts')
    folder = mkdtempSync(join(tmpdir(), 'copilot-locks-'))
    const seal = openSeal(folder)
    const { db } = database
    store = { db, seal, audit: createAudit({ db, seal }), book: 'real' }
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('are read as they were taken, each with its line in the audit log', async () => {
    await storeLock(store, lock, asked)
    await storeLock({ ...store, book: 'sim:1' }, { ...lock, account: '' }, asked)
    expect(await readLocks(store, 0)).toEqual({ locks: [lock, lock], findings: [], latest: 1_000 })
    const [, line] = await latestAudit(database.db, 2)
    expect(line).toMatchObject({ at: 77, kind: 'lockout', who: 'the trader', body: { ...lock, book: 'real' } })
    expect(await verifyAudit(database.db, store.seal)).toEqual({ lines: 2, breaks: [] })
  })

  test('that are refused leave neither row nor line', async () => {
    await expect(storeLock(store, { ...lock, until: 0 }, asked)).rejects.toThrow('until-not-later')
    expect(await readLocks(store, 0)).toEqual({ locks: [], findings: [], latest: undefined })
    expect(await latestAudit(database.db, 1)).toEqual([])
  })

  test('cannot be stored without their line', async () => {
    await byHand('audit_log', `insert into audit_log values (1, 0, '', '', '{}', '', 'x')`)
    const broken = { ...store, audit: createAudit({ db: database.db, seal: { ...store.seal, ofLine: () => 'x' } }) }
    await expect(storeLock(broken, lock, asked)).rejects.toThrow()
    expect(await database.db.select().from(lockouts)).toEqual([])
  })

  test.each([
    ['a shortened row', 'lockouts', 'update lockouts set until_time = 1001', /^lock \d+ was changed/],
    ['a row moved to another book', 'lockouts', "update lockouts set book = 'sim:1'", /^lock \d+ was changed/],
    ['a row moved to another account', 'lockouts', "update lockouts set account = 'Eval50'", /^lock \d+ was changed/],
    ['a row with another seal', 'lockouts', "update lockouts set seal = 'x'", /^lock \d+ was changed/],
    ['a deleted row', 'lockouts', 'delete from lockouts', /^a lock is gone/],
    ['a deleted line', 'audit_log', 'delete from audit_log', /is in no audit line$/],
    ['a changed line', 'audit_log', "update audit_log set body = '{}'", /is in no audit line$/],
  ])('%s is found, and the lock still counts', async (_, table, statement, finding) => {
    await storeLock(store, lock, asked)
    await byHand(table, statement)
    const { locks, findings } = await readLocks(store, 0)
    expect(locks).toContainEqual(lock)
    expect(findings).toContainEqual(expect.stringMatching(finding))
  })

  test('inserted by hand count, for a month at most, and are found', async () => {
    await byHand(
      'lockouts',
      `insert into lockouts (book, account, from_time, until_time, reason, seal) values ('real', '', 0, ${400 * day}, '', '')`,
    )
    const { locks, findings } = await readLocks(store, 10)
    expect(locks).toEqual([{ account: '', from: 0, until: 10 + 31 * day, reason: '' }])
    expect(findings).toHaveLength(1)
  })

  test('changed are found once in each book, and once more when changed again', async () => {
    await storeLock(store, lock, asked)
    await byHand('lockouts', 'update lockouts set until_time = 1001')
    const first = await readLocks(store, 0)
    const simulator = { ...store, book: 'sim:1' }
    await storeLock(simulator, lock, { ...asked, findings: first.findings })
    expect((await readLocks(simulator, 0)).findings).toEqual([])
    expect((await readLocks(store, 0)).findings).toEqual(first.findings)
    await storeLock(store, lock, { ...asked, findings: first.findings })
    expect((await readLocks(store, 0)).findings).toEqual([])
    await byHand('lockouts', 'update lockouts set until_time = 1002 where id = (select min(id) from lockouts)')
    expect((await readLocks(store, 0)).findings).toHaveLength(1)
  })
})
