import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { backing, createDatabase } from '#src/testing/database.ts'
import { migrationsFolder } from '#src/testing/folders.ts'
import { freePort } from '#src/testing/postgres.ts'
import { blankFolder, copyBlank } from './blank-folder.ts'
import { connectDatabase, type Db } from './connect.ts'
import { latestRuns } from './runs.ts'

test('an embedded database is held by one process and reopens', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  const first = await connectDatabase({ dataDir, migrationsFolder })
  expect(first.kind).toBe('pglite')
  await first.ping()
  await expect(connectDatabase({ dataDir, migrationsFolder })).rejects.toThrow(
    `The database folder is in use by process ${process.pid}. Stop it first`,
  )
  await first.close()
  expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false)
  await (await connectDatabase({ dataDir, migrationsFolder })).close()
  rmSync(dataDir, { recursive: true })
})

test('an embedded database that cannot be opened gives its lock back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  await expect(connectDatabase({ dataDir, migrationsFolder: dataDir })).rejects.toThrow('_journal.json')
  expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false)
  rmSync(dataDir, { recursive: true })
})

test('the folder is given back when its thread has closed it, a query under way or not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  const { db, close } = await connectDatabase({ dataDir, migrationsFolder })
  const underWay = db.execute(sql`select pg_sleep(0.2)`).then(() => 'done')
  await new Promise((resolve) => setImmediate(resolve))
  await close()
  expect(await underWay).toBe('done')
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return []
    }
  })
  expect(open.filter((path) => path.startsWith(dataDir))).toEqual([])
  rmSync(dataDir, { recursive: true })
})

/** As on a full disk: the log goes on in the next file, and that cannot be made until what is returned is removed. */
const endLog = async (db: Db, dataDir: string): Promise<string> => {
  const [at] = await db.execute<{ file: string }>(sql`select pg_walfile_name(pg_current_wal_lsn()) as file`)
  const log = join(dataDir, 'postgres/pg_wal')
  const next = join(log, (BigInt(`0x${at?.file}`) + 1n).toString(16).toUpperCase().padStart(24, '0'))
  rmSync(next, { force: true })
  mkdirSync(next)
  await db.execute(sql`select pg_switch_wal()`)
  return next
}

test('while its log cannot be written queries fail; once it can they go on, and nothing acknowledged is lost', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  const { db, ping, close } = await connectDatabase({ dataDir, migrationsFolder })
  await db.execute(sql`create table kept as select 41 as number`)
  const next = await endLog(db, dataDir)
  const write = async (number: number): Promise<unknown> => db.execute(sql`insert into kept values (${number})`)
  await expect(write(1)).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^The embedded database stopped: could not .* Is a directory$/) },
  })
  for (const number of [2, 3])
    await expect(write(number)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^The embedded database cannot be opened; its disk may be full\./) },
    })
  rmSync(next, { recursive: true })
  await write(42)
  await ping()
  expect([...(await db.execute(sql`select number from kept order by number`))]).toEqual([
    { number: 41 },
    { number: 42 },
  ])
  await close()
  rmSync(dataDir, { recursive: true })
})

test('a database whose log cannot be written closes all the same', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  const { db, close } = await connectDatabase({ dataDir, migrationsFolder })
  await endLog(db, dataDir)
  await expect(db.execute(sql`create table lost ()`)).rejects.toThrow()
  await close()
  expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false)
  rmSync(dataDir, { recursive: true })
})

test('a first start copies the blank database, whatever was left of a copy that was cut off', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  const blank = join(await backing('pglite'), 'postgres')
  mkdirSync(join(dataDir, 'postgres.copy'))
  writeFileSync(join(dataDir, 'postgres.copy/PG_VERSION'), 'half')
  // Without migrations only a database that is migrated already can be asked.
  const migrations = join(dataDir, 'migrations')
  mkdirSync(join(migrations, 'meta'), { recursive: true })
  writeFileSync(join(migrations, 'meta/_journal.json'), '{"entries":[]}')
  const database = await connectDatabase({ dataDir, migrationsFolder: migrations, blank })
  expect(await latestRuns(database.db, 'real', 1)).toEqual([])
  await database.close()
  expect(existsSync(join(dataDir, 'postgres.copy'))).toBe(false)
  rmSync(dataDir, { recursive: true })
})

test('a blank database that cannot be copied is done without, and leaves nothing behind', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  const blank = join(dataDir, 'blank')
  mkdirSync(blank)
  writeFileSync(join(blank, 'PG_VERSION'), '17')
  // What no copy can be made of, whoever asks.
  execFileSync('mkfifo', [join(blank, 'base')])
  copyBlank(join(dataDir, 'postgres'), blank)
  expect(readdirSync(dataDir)).toEqual(['blank'])
  rmSync(dataDir, { recursive: true })
})

test('a blank database is named after the very migrations it was made with', () => {
  const root = mkdtempSync(join(tmpdir(), 'copilot-connect-'))
  cpSync(migrationsFolder, join(root, 'migrations'), { recursive: true })
  const before = blankFolder(root)
  expect(blankFolder(root)).toBe(before)
  const newest = readdirSync(join(root, 'migrations'))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .at(-1)
  appendFileSync(join(root, 'migrations', newest ?? ''), '--> statement-breakpoint\nselect 1;')
  expect(blankFolder(root)).not.toBe(before)
  rmSync(root, { recursive: true })
})

test('several processes may migrate an empty PostgreSQL at once', async () => {
  const databaseUrl = await createDatabase(await backing('postgres'), 'connect_together')
  const databases = await Promise.all(
    [1, 2, 3].map(() => connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })),
  )
  for (const { db, kind, ping, close } of databases) {
    expect(kind).toBe('postgres')
    await ping()
    expect(await latestRuns(db, 'real', 1)).toEqual([])
    await close()
  }
})

test('a PostgreSQL that does not answer is named without its password', async () => {
  const databaseUrl = `postgres://copilot:secret@127.0.0.1:${await freePort()}/copilot`
  const refusal = connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
  await expect(refusal).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: /)
  await expect(refusal).rejects.not.toThrow('secret')
})
