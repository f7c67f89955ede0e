import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import type { Logger } from 'pino'
import postgres from 'postgres'
import { copyBlank } from './blank-folder.ts'
import { lockFolder } from './folder-lock.ts'

/** What every query function takes first: a connection or a transaction of either database. */
export type Db = PgDatabase<PgQueryResultHKT>

export type Database = {
  readonly db: Db
  readonly kind: 'pglite' | 'postgres'
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

const pingOf = (db: Db) => async () => {
  await db.execute(sql`select 1`)
}

const connectPglite = async (folder: string, migrationsFolder: string, blank?: string): Promise<Database> => {
  const unlock = lockFolder(`${folder}.lock`)
  try {
    copyBlank(folder, blank)
    mkdirSync(folder, { recursive: true })
    const client = await PGlite.create(folder)
    // It works on the thread the pages live on: filling 16 MB with zeros for every new part of its log held all of them up.
    await client.exec('set wal_init_zero = off')
    const db = drizzlePglite(client)
    await migratePglite(db, { migrationsFolder })
    const close = async (): Promise<void> => {
      await client.close()
      unlock()
    }
    return { db, kind: 'pglite', ping: pingOf(db), close }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Any number that no other program's advisory lock is likely to use. */
const migrationLock = 7_266_001

/** Names the server but not the address, which may hold a password. */
const unreachable = (url: string) => (cause: Error) => {
  throw new Error(`PostgreSQL at ${new URL(url).host} cannot be used: ${cause.message}`, { cause })
}

/** Several processes may start at once; the lock lets one migrate while the others wait. */
const migrateAlone = async (url: string, migrationsFolder: string): Promise<void> => {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${migrationLock})`.catch(unreachable(url))
    await migratePostgres(drizzlePostgres(client), { migrationsFolder })
  } finally {
    await client.end()
  }
}

const connectPostgres = async (
  url: string,
  migrationsFolder: string,
  log?: Pick<Logger, 'info'>,
): Promise<Database> => {
  await migrateAlone(url, migrationsFolder)
  const client = postgres(url, {
    max: 8,
    connect_timeout: 10,
    onnotice: (notice) => log?.info({ notice }, 'PostgreSQL says'),
  })
  const db = drizzlePostgres(client)
  return { db, kind: 'postgres', ping: pingOf(db), close: () => client.end({ timeout: 5 }) }
}

/**
 * Opens the database and migrates it forward: PostgreSQL at `databaseUrl`, else embedded in `${dataDir}/postgres`, which
 * begins as a copy of the folder `blank` where that exists.
 * Throws when the server does not answer, a migration fails, or another process holds the folder.
 */
export const connectDatabase = (where: {
  readonly databaseUrl?: string | undefined
  readonly dataDir: string
  readonly migrationsFolder: string
  readonly blank?: string
  readonly log?: Pick<Logger, 'info'>
}): Promise<Database> =>
  where.databaseUrl === undefined
    ? connectPglite(join(where.dataDir, 'postgres'), where.migrationsFolder, where.blank)
    : connectPostgres(where.databaseUrl, where.migrationsFolder, where.log)
