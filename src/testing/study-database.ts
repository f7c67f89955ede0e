import { createHash, randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { studies, trials } from '#src/adapters/db/schema.ts'
import { saveHistory, toHistory } from '#src/adapters/history.ts'
import { backing, createDatabase, templateDatabase } from './database.ts'
import { migrationsFolder } from './folders.ts'
import { endOf, plantedBars, plantedMarket } from './planted-market.ts'

const freshName = (): string => `t_${randomUUID().replaceAll('-', '')}`

/** Addresses of PostgreSQL databases that hold the same recorded mornings of gold, one for each call. */
export const recordedMornings = async (dates: number): Promise<() => Promise<string>> => {
  const server = await backing('postgres')
  const filled = freshName()
  const databaseUrl = await createDatabase(server, filled, templateDatabase)
  const database = await connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
  const bars = plantedBars(1, 0.4, dates)
  await saveHistory(database.db, 'real', plantedMarket.id, toHistory(bars, 'recorded', endOf(bars)))
  await database.close()
  return () => createDatabase(server, freshName(), filled)
}

const sha256 = (parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** What a study left in the database: how many trials, and a hash of all their bytes and of its result's. */
export const traceOf = async (db: Db, id: string) => {
  const rows = await db.select().from(trials).where(eq(trials.study, id)).orderBy(asc(trials.number))
  const [study] = await db.select().from(studies).where(eq(studies.id, id))
  return {
    state: study?.state,
    trials: rows.length,
    numbers: new Set(rows.map(({ number }) => number)).size,
    trialBytes: sha256(
      rows.flatMap(({ number, parameters, days }) => [`${number} ${JSON.stringify(parameters)}`, days]),
    ),
    resultBytes: sha256([JSON.stringify(study?.result ?? null)]),
  }
}
