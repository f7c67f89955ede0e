import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { databases } from '#src/testing/database.ts'
import { type Audit, type AuditEntry, auditOfKind, createAudit, latestAudit, verifyAudit } from './audit.ts'
import { openSeal, type Seal } from './audit-seal.ts'
import type { Database, Db } from './connect.ts'
import { readSetting, writeSetting } from './settings.ts'

const entry = (n: number): AuditEntry => ({
  at: 1_000 + n,
  kind: 'gate',
  who: 'the engine',
  body: { open: n % 2 === 0, n },
})

/** What somebody with the database's own rights can do. */
const byHand = async (db: Db, statement: string): Promise<void> => {
  await db.execute(sql.raw('alter table audit_log disable trigger audit_log_append_only'))
  await db.execute(sql.raw(statement))
  await db.execute(sql.raw('alter table audit_log enable trigger audit_log_append_only'))
}

describe.each(databases)('the audit log in $name', ({ open }) => {
  let database: Database
  let folder: string
  let seal: Seal
  let audit: Audit
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await byHand(database.db, 'truncate audit_log')
    folder = mkdtempSync(join(tmpdir(), 'copilot-audit-'))
    seal = openSeal(folder)
    audit = createAudit({ db: database.db, seal })
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const fill = async (count: number): Promise<void> => {
    for (let n = 1; n <= count; n++) await audit.append(entry(n))
  }
  /** The number of lines, and the first break of the log. */
  const verify = async () => {
    const { lines, breaks } = await verifyAudit(database.db, seal)
    return breaks[0] === undefined ? lines : [lines, breaks[0].number, breaks[0].reason]
  }

  test('is unbroken when empty and after every line', async () => {
    expect(await verify()).toBe(0)
    const first = await audit.append(entry(1))
    expect(first).toMatchObject({ number: 1, previousHash: '', ...entry(1) })
    expect(await audit.append(entry(2))).toMatchObject({ number: 2, previousHash: first.hash })
    expect(await verify()).toBe(2)
    expect((await latestAudit(database.db, 1)).map(({ body }) => body)).toEqual([{ open: true, n: 2 }])
  })

  test('keeps its key and its head for its owner alone', async () => {
    await audit.append(entry(1))
    for (const name of ['audit-key', 'audit-head']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    const [line] = await latestAudit(database.db, 1)
    expect(JSON.parse(readFileSync(join(folder, 'audit-head'), 'utf8'))).toEqual({ number: 1, hash: line?.hash })
  })

  test('takes every kind of body as written', async () => {
    const bodies = ['7', null, [], { 2: 'b', 1: 'a' }, 'a\u0000b', { text: '“é” \u2028' }, 1e21, false]
    for (const body of bodies) await audit.append({ ...entry(1), body })
    expect((await latestAudit(database.db, 9)).map(({ body }) => body).reverse()).toEqual(bodies)
    expect(await verify()).toBe(8)
  })

  test('numbers what is appended at once one after the other, from two processes too', async () => {
    const other = createAudit({ db: database.db, seal: openSeal(folder) })
    const lines = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? audit : other).append(entry(n))))
    expect(lines.map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    expect(await verify()).toBe(40)
  })

  test('stores a change and its line together or not at all', async () => {
    const change = (value: number, end: () => AuditEntry | undefined) =>
      audit.along(async (tx) => {
        await writeSetting(tx, 'x', z.number(), value, 1)
        return end()
      })
    await change(1, () => entry(1))
    await expect(
      change(2, () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await readSetting(database.db, 'x', z.number())).toBe(1)
    expect(await change(3, () => undefined)).toBeUndefined()
    expect(await verify()).toBe(1)
    await audit.append(entry(2))
    expect(await verify()).toBe(2)
  })

  test.each([
    ['update audit_log set body = \'{"open":true,"n":3}\' where number = 3', 3, 'changed'],
    ['update audit_log set body = \'{ "open":false,"n":3}\' where number = 3', 3, 'changed'],
    ["update audit_log set who = 'nobody' where number = 3", 3, 'changed'],
    ['update audit_log set at = at + 1 where number = 1', 1, 'changed'],
    ["update audit_log set hash = repeat('0', 64) where number = 5", 5, 'changed'],
    ['delete from audit_log where number = 2', 2, 'missing'],
    ['delete from audit_log where number = 1', 1, 'missing'],
    [
      'update audit_log set number = -number; update audit_log set number = case number when -2 then 3 when -3 then 2 else -number end',
      2,
      'changed',
    ],
    ['delete from audit_log where number = 2; update audit_log set number = number - 1 where number > 2', 2, 'changed'],
    ['delete from audit_log where number = 5', 5, 'end-cut'],
    ['delete from audit_log where number > 2', 3, 'end-cut'],
    ['delete from audit_log', 1, 'end-cut'],
    [
      "insert into audit_log values (6, 1, 'gate', 'me', '{}', (select hash from audit_log where number = 5), 'x')",
      6,
      'changed',
    ],
  ])('changed by %s names line %i', async (statement, number, reason) => {
    await fill(5)
    for (const part of statement.split('; ')) await byHand(database.db, part)
    expect(await verify()).toEqual([expect.any(Number), number, reason])
  })

  test('a cut end stays told after more is appended', async () => {
    await fill(5)
    await byHand(database.db, 'delete from audit_log where number > 3')
    await audit.append(entry(4))
    expect(await verify()).toEqual([5, 4, 'break-told'])
    await fill(3)
    expect(await verify()).toEqual([8, 4, 'break-told'])
  })

  test('every break is found, each with a trace of its own', async () => {
    await fill(9)
    const found = async () => (await verifyAudit(database.db, seal)).breaks
    await byHand(database.db, 'delete from audit_log where number in (3, 6)')
    await byHand(database.db, 'update audit_log set at = 7 where number = 8')
    const first = await found()
    expect(first.map(({ number, reason }) => [number, reason])).toEqual([
      [3, 'missing'],
      [6, 'missing'],
      [8, 'changed'],
    ])
    await byHand(database.db, 'delete from audit_log where number = 4')
    await byHand(database.db, 'update audit_log set at = 8 where number = 8')
    const second = await found()
    expect(new Set([...first, ...second].map(({ trace }) => trace)).size).toBe(5)
  })

  test('a line replaced by one sealed for another place does not follow', async () => {
    await fill(2)
    const forged = seal.ofLine({ number: 3, at: 1, kind: 'gate', who: 'me', text: '{}', previousHash: 'elsewhere' })
    await byHand(database.db, `insert into audit_log values (3, 1, 'gate', 'me', '{}', 'elsewhere', '${forged}')`)
    expect(await verify()).toEqual([3, 3, 'not-following'])
  })

  test.each(['', '{}', '{"number":1}'])('a head file that holds %j is told', async (text) => {
    await fill(2)
    writeFileSync(join(folder, 'audit-head'), text)
    expect(await verify()).toEqual([2, 2, 'head-missing'])
  })

  test('a head file taken away is told, and not made anew', async () => {
    await fill(2)
    rmSync(join(folder, 'audit-head'))
    seal = openSeal(folder)
    expect(await verify()).toEqual([2, 2, 'head-missing'])
  })

  test('with another key nothing is believed', async () => {
    await fill(2)
    writeFileSync(join(folder, 'audit-key'), 'a key of somebody else\n')
    seal = openSeal(folder)
    expect(await verify()).toEqual([2, 1, 'changed'])
  })

  test('of one kind gives the sound lines and names the others', async () => {
    await fill(3)
    await audit.append({ ...entry(4), kind: 'lock' })
    await byHand(database.db, "update audit_log set body = '{}' where number = 2")
    const { lines, broken } = await auditOfKind(database.db, seal, 'gate')
    expect([lines, broken].map((each) => each.map(({ number }) => number))).toEqual([[1, 3], [2]])
  })

  test.each(["update audit_log set who = 'x'", 'delete from audit_log', 'truncate audit_log'])(
    'refuses to %s',
    async (statement) => {
      await fill(1)
      await expect(database.db.execute(sql.raw(statement))).rejects.toMatchObject({
        cause: { message: expect.stringContaining('audit_log is append-only') },
      })
    },
  )
})
