import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finalities, type RecordedBar } from '#src/domain/market/bar.ts'
import type { Row } from '#src/testing/bench.ts'
import { migrationsFolder } from '#src/testing/folders.ts'
import { startPostgres } from '#src/testing/postgres.ts'
import { type BarsOf, readBars, saveBars } from './bars.ts'
import { connectDatabase, type Database } from './connect.ts'
import * as schema from './schema.ts'

export const name = 'bars'

const yearOfMinutes = 345_000
const of = (contract: number): BarsOf => ({ market: 'real', instrument: 'MES', contract })
const all = { from: 0, to: Number.MAX_SAFE_INTEGER }

const barOf = (index: number): RecordedBar => {
  const open = 26_000 + Math.round(Math.sin(index / 999) * 2_000)
  return {
    time: Date.UTC(2026, 0, 1) + index * 60_000,
    open: open / 4,
    high: (open + 6) / 4,
    low: (open - 5) / 4,
    close: (open + 1) / 4,
    volume: index % 997,
    finality: 'history',
    asOf: Date.UTC(2027, 0, 1),
    source: 'import:es.csv.gz',
  }
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const best = async (work: () => Promise<unknown>): Promise<number> =>
  Math.min(await secondsOf(work), await secondsOf(work), await secondsOf(work))

/** The peer: what one writes first, a statement of many rows with twelve parameters each, and a row per bar back. */
const insertValues = ({ db }: Database, bars: readonly RecordedBar[]) =>
  db.transaction(async (tx) => {
    for (let start = 0; start < bars.length; start += 5_000)
      await tx.insert(schema.bars).values(
        bars.slice(start, start + 5_000).map((bar) => ({
          ...of(202603),
          ...bar,
          finality: finalities.indexOf(bar.finality),
        })),
      )
  })

const measure = async (database: Database): Promise<Row[]> => {
  const bars = Array.from({ length: yearOfMinutes }, (_, i) => barOf(i))
  await saveBars(database.db, { ...of(202601), bars: bars.slice(0, 20_000) })
  const save = await secondsOf(() => saveBars(database.db, { ...of(202602), bars }))
  const again = await secondsOf(() => saveBars(database.db, { ...of(202602), bars }))
  const values = await secondsOf(() => insertValues(database, bars))
  const read = await best(() => readBars(database.db, { ...of(202602), ...all }))
  const rows = await best(async () => database.db.select().from(schema.bars).limit(yearOfMinutes))
  const stored = (await readBars(database.db, { ...of(202602), ...all })).time.length
  if (stored !== yearOfMinutes) throw new Error(`${stored} bars came back`)
  const text = (seconds: number): string => `${seconds.toFixed(2)} s`
  const label = `${database.kind}: ${yearOfMinutes} bars`
  return [
    { what: `${label} saved (peer: insert values)`, ours: text(save), peer: text(values), ratio: values / save },
    { what: `${label} saved again, nothing changes`, ours: text(again) },
    { what: `${label} read (peer: select rows)`, ours: text(read), peer: text(rows), ratio: rows / read },
  ]
}

export const run = async (): Promise<Row[]> => {
  const cluster = await startPostgres()
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-bench-'))
  const rows: Row[] = []
  for (const databaseUrl of [cluster.url('postgres'), undefined]) {
    const database = await connectDatabase({ databaseUrl, dataDir, migrationsFolder })
    rows.push(...(await measure(database)))
    await database.close()
  }
  await cluster.stop()
  rmSync(dataDir, { recursive: true })
  return rows
}
