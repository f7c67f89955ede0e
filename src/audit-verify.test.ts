import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAudit } from '#src/adapters/db/audit.ts'
import { openSeal } from '#src/adapters/db/audit-seal.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { backing } from './testing/database.ts'
import { migrationsFolder, projectFolder } from './testing/folders.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'copilot-verify-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
})
afterAll(() => rmSync(dataDir, { recursive: true }))

/** The exit code, and everything it wrote. */
const verify = (folder = dataDir) => {
  const env = { PATH: process.env['PATH'], DATA_DIR: folder }
  const given = ['--import', 'tsx', 'src/audit-verify.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: projectFolder, env, encoding: 'utf8' })
  return [status, stdout, stderr]
}

test('a folder without a log says so', () => {
  expect(verify()).toEqual([1, '', `No audit log was ever kept in ${dataDir}.\n`])
})

test('the log is checked line by line; while a terminal runs on it, that is told', async () => {
  const database = await connectDatabase({ dataDir, migrationsFolder })
  const audit = createAudit({ db: database.db, seal: openSeal(dataDir) })
  for (let n = 0; n < 3; n++) await audit.append({ at: n, kind: 'gate', who: 'the engine', body: { n } })
  const [status, , said] = verify()
  expect([status, said]).toEqual([1, expect.stringContaining(`in use by process ${process.pid}. Stop it first`)])
  await database.close()
  expect(verify()).toEqual([0, '3 lines checked: unbroken.\n', ''])
}, 60_000)

test('the first broken line is named', async () => {
  const { db, close } = await connectDatabase({ dataDir, migrationsFolder })
  await db.execute(sql`alter table audit_log disable trigger user`)
  await db.execute(sql`update audit_log set who = 'nobody' where number = 2`)
  await close()
  expect(verify()).toEqual([1, '', '3 lines checked: line 2 was changed after it was written.\n'])
}, 60_000)
