import { writeSync } from 'node:fs'
import { machineTime, schedule } from '#src/adapters/clock.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { createHistoryKeeper } from '#src/worker/history.ts'
import { migrationsFolder } from './folders.ts'
import { createPast } from './past.ts'

/** Friday 2026-11-20, 10:00 New York, for ever. */
export const fetchedAt = Date.UTC(2026, 10, 20, 15)
export const fetchedMarket = 'real'

/** A keeper of 40 days of one market, from a source with small pages; `onKept` hears the last minute of what was kept. */
export const createFetcher = (db: Db, wall: () => number, onKept: (time: number) => void) => {
  const clock = { now: () => fetchedAt, wall, speed: 1 }
  const { source, given } = createPast({ now: clock.now, pageBars: 2_000 })
  const keeper = createHistoryKeeper({
    ...{ db, market: fetchedMarket, source, instruments: ['MES'] as const, days: 40 },
    ...{ fronts: () => frontContract, clock, schedule, log: { info: () => {}, warn: () => {}, error: () => {} } },
    onBars: (_, bars) => onKept(bars.at(-1)?.time ?? 0),
    onReading: () => {},
  })
  return { keeper, given }
}

/** Run as a program: fetches until it is killed, and prints the last minute of each trade date once it is kept. */
const [, program, databaseUrl, dataDir = ''] = process.argv
if (program === import.meta.filename) {
  const { db } = await connectDatabase({ databaseUrl: databaseUrl || undefined, dataDir, migrationsFolder })
  await createFetcher(db, machineTime, (time) => void writeSync(1, `${time}\n`)).keeper.start()
}
