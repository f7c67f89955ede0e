import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { machineTime, schedule } from '#src/adapters/clock.ts'
import { connectDatabase, type Database } from '#src/adapters/db/connect.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import type { HistorySource } from '#src/engine/ports.ts'
import type { Row } from '#src/testing/bench.ts'
import { migrationsFolder } from '#src/testing/folders.ts'
import { createPast } from '#src/testing/past.ts'
import { startPostgres } from '#src/testing/postgres.ts'
import { createHistoryKeeper } from './history.ts'

export const name = 'history'

/** Friday 2026-11-20, 18:00 New York: the week is over. */
const now = Date.UTC(2026, 10, 20, 23)
const instruments = ['MES', 'MNQ', 'M2K', 'MYM', 'MCL', 'CL'] as const
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

const pageMs = 5 * 86_400_000

/** A source that makes a few days up at a time and holds nobody up: what is measured is the keeping. */
const createSource = (): HistorySource => {
  const { source } = createPast({ now: () => now })
  return {
    ...source,
    async *minutes(contract, { from, to }, signal) {
      for (let start = from; start < to; start += pageMs) {
        await nextTurn()
        yield* source.minutes(contract, { from: start, to: Math.min(to, start + pageMs) }, signal)
      }
    },
  }
}

/** How long a page that asks the database for one row has to wait meanwhile, at worst; ms. */
const watchPages = (database: Database, isOver: () => boolean): Promise<number> => {
  const look = async (worst: number): Promise<number> => {
    if (isOver()) return worst
    const began = performance.now()
    await database.db.execute(sql`select 1`)
    const waited = performance.now() - began
    await new Promise((resolve) => setTimeout(resolve, 20))
    return look(Math.max(worst, waited))
  }
  return look(0)
}

const fill = async (database: Database, market: string, days: number) => {
  const loop = monitorEventLoopDelay({ resolution: 5 })
  const clock = { now: () => now, wall: machineTime, speed: 1 }
  let bars = 0
  let peak = 0
  const keeper = createHistoryKeeper({
    ...{ db: database.db, market, source: createSource(), instruments, days, clock, schedule },
    ...{ fronts: () => frontContract, log: { info: () => {}, warn: () => {}, error: () => {} } },
    onBars: (_, kept) => {
      bars += kept.length
      peak = Math.max(peak, process.memoryUsage().rss)
    },
    onReading: () => {},
  })
  loop.enable()
  const began = performance.now()
  let over = false
  const waits = watchPages(database, () => over)
  await keeper.prepare(Math.min(days, 30), 90_000)
  const prepared = (performance.now() - began) / 1000
  await keeper.start()
  const seconds = (performance.now() - began) / 1000
  over = true
  loop.disable()
  await keeper.stop()
  return { bars, peak, prepared, seconds, waited: await waits, blocked: loop.max / 1e6 }
}

const measure = async (database: Database): Promise<Row[]> => {
  // The embedded database is compiled while it is first used, which holds everything up once.
  await fill(database, 'warm', 1)
  const { bars, peak, prepared, seconds, waited, blocked } = await fill(database, 'real', 365)
  const label = `${database.kind}: a year × six markets`
  return [
    { what: `${label}, the newest 30 trade dates`, ours: `${prepared.toFixed(1)} s` },
    { what: `${label}, ${(bars / 1e6).toFixed(2)} M bars of fronts and all`, ours: `${seconds.toFixed(1)} s` },
    { what: `${label}, bars a second`, ours: `${(bars / seconds).toFixed(0)}` },
    { what: `${label}, memory at most`, ours: megabytes(peak) },
    { what: `${label}, event loop held at most`, ours: `${blocked.toFixed(0)} ms` },
    { what: `${label}, another query waited at most`, ours: `${waited.toFixed(0)} ms` },
  ]
}

export const run = async (): Promise<Row[]> => {
  const cluster = await startPostgres()
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'))
  const rows: Row[] = []
  for (const databaseUrl of [undefined, cluster.url('postgres')]) {
    const database = await connectDatabase({ databaseUrl, dataDir, migrationsFolder })
    rows.push(...(await measure(database)))
    await database.close()
  }
  await cluster.stop()
  rmSync(dataDir, { recursive: true })
  return rows
}
