import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { batchSizes, crashContract, type Written, writeBatch } from '#src/testing/crash-writer.ts'
import { backing, createDatabase } from '#src/testing/database.ts'
import { migrationsFolder, projectFolder } from '#src/testing/folders.ts'
import { type Cluster, ended, startPostgres } from '#src/testing/postgres.ts'
import { alertsAfter } from './alerts.ts'
import { readBars } from './bars.ts'
import { connectDatabase, type Db } from './connect.ts'

/** What is stored, as the indexes the writer counted; a doubled or half-written row would show. */
const stored: Record<Written, (db: Db) => Promise<number[]>> = {
  bars: async (db) => [...(await readBars(db, { ...crashContract, from: 0, to: Number.MAX_SAFE_INTEGER })).close],
  alerts: async (db) => (await alertsAfter(db, 'real', 0)).map(({ key }) => Number(key)),
}

type Store = {
  readonly open: () => ReturnType<typeof connectDatabase>
  readonly arguments: readonly string[]
  /** Ends the writer, or what it writes to, at once. */
  readonly kill: (writer: ChildProcess) => Promise<void>
}

/** Starts a writer at batch `from` and kills it at a random moment; the number of batches acknowledged by then. */
const writeUntilKilled = async (what: Written, from: number, store: Store): Promise<number> => {
  const writer = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/testing/crash-writer.ts', what, `${from}`, ...store.arguments],
    { cwd: projectFolder, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let printed = ''
  writer.stdout.on('data', (text) => {
    printed += text
  })
  await once(writer.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, randomInt(400)))
  await store.kill(writer)
  writer.kill('SIGKILL')
  await ended(writer)
  return printed.trim().split('\n').length
}

/** Crashes and recovers twice; everything acknowledged is there once, nothing is there by half. */
const survives = async (what: Written, store: Store): Promise<void> => {
  let batches = 0
  for (let crash = 0; crash < 2; crash++) {
    const acknowledged = batches + (await writeUntilKilled(what, batches, store))
    const { db, close } = await store.open()
    const found = await stored[what](db)
    expect(found).toEqual(Array.from(found, (_, i) => i))
    expect(found.length % batchSizes[what]).toBe(0)
    batches = found.length / batchSizes[what]
    expect(batches).toBeGreaterThanOrEqual(acknowledged)
    expect(batches).toBeLessThanOrEqual(acknowledged + 1)
    // The batch whose answer was lost is written again, as the terminal would.
    await writeBatch[what](db, batches - 1)
    expect(await stored[what](db)).toHaveLength(found.length)
    await close()
  }
}

describe('PGlite, when its process is killed', () => {
  test.each(['bars', 'alerts'] as const)(
    'keeps the acknowledged %s and nothing by half',
    async (what) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'copilot-crash-'))
      cpSync(await backing('pglite'), dataDir, { recursive: true })
      await survives(what, {
        open: () => connectDatabase({ dataDir, migrationsFolder }),
        arguments: ['', dataDir],
        kill: async () => {},
      })
      rmSync(dataDir, { recursive: true })
    },
    120_000,
  )
})

describe('PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startPostgres()
  })
  afterAll(() => cluster.stop())

  const storeIn = async (database: string, kill: Store['kill']): Promise<Store> => {
    const databaseUrl = await createDatabase(cluster.url('postgres'), database)
    const open: Store['open'] = () => connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
    await (await open()).close()
    return { open, arguments: [databaseUrl], kill }
  }

  test.each(['bars', 'alerts'] as const)(
    'keeps the acknowledged %s when the writer is killed',
    async (what) => {
      await survives(what, await storeIn(`writer_${what}`, async () => {}))
    },
    120_000,
  )

  test.each(['bars', 'alerts'] as const)(
    'keeps the acknowledged %s when the server is killed',
    async (what) => {
      const crash: Store['kill'] = async () => {
        await cluster.kill()
        await cluster.start()
      }
      await survives(what, await storeIn(`server_${what}`, crash))
    },
    120_000,
  )
})
