import { writeSync } from 'node:fs'
import { raiseAlerts } from '#src/adapters/db/alerts.ts'
import { saveBars } from '#src/adapters/db/bars.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import type { NewAlert } from '#src/domain/signals/transition.ts'
import { migrationsFolder } from './folders.ts'

/** Rows per batch; a batch of bars spans two statements, so that a crash can fall between them. */
export const batchSizes = { bars: 12_000, alerts: 3 } as const
export type Written = keyof typeof batchSizes

export const crashContract = { market: 'real', instrument: 'MES', contract: 202612 } as const
const firstMinute = Date.UTC(2026, 0, 1)

const barOf = (index: number) => ({
  time: firstMinute + index * 60_000,
  open: index,
  high: index + 1,
  low: index - 1,
  close: index,
  volume: 1,
  finality: 'live' as const,
  asOf: firstMinute,
  source: 'crash',
})
const alertOf = (index: number): NewAlert => ({
  key: `${index}`,
  kind: 'card',
  severity: 'notice',
  at: firstMinute,
  text: `alert ${index}`,
})
const batchOf = <T>(what: Written, batch: number, make: (index: number) => T): T[] =>
  Array.from({ length: batchSizes[what] }, (_, i) => make(batch * batchSizes[what] + i))

/** Writes batch number `batch`, whole; writing it again is a retry. */
export const writeBatch: Record<Written, (db: Db, batch: number) => Promise<unknown>> = {
  bars: (db, batch) => saveBars(db, { ...crashContract, bars: batchOf('bars', batch, barOf) }),
  alerts: (db, batch) => raiseAlerts(db, 'real', batchOf('alerts', batch, alertOf)),
}

/** Run as a program: writes batch after batch until it is killed, and prints each number once it is acknowledged. */
const [, program, what, from, databaseUrl, dataDir = ''] = process.argv
if (program === import.meta.filename) {
  const { db } = await connectDatabase({ databaseUrl: databaseUrl || undefined, dataDir, migrationsFolder })
  for (let batch = Number(from); ; batch++) {
    await writeBatch[what as Written](db, batch)
    writeSync(1, `${batch}\n`)
  }
}
