import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { sql } from 'drizzle-orm'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import type { Logger } from 'pino'
import postgres from 'postgres'
import { schedule } from '../clock.ts'
import { copyBlank } from './blank-folder.ts'
import { openEmbedded } from './embedded.ts'
import { lockFolder } from './folder-lock.ts'
import { preparing } from './preparing.ts'

/** What every query function takes first: a connection or a transaction of either database. */
export type Db = PgDatabase<PostgresJsQueryResultHKT>

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

/** A line that fails at the driver's first word: a socket that cannot be made at all would have it wait for ever. */
const failing = (cause: Error): Duplex => {
  const message = `The embedded database cannot be opened; its disk may be full. (${cause.message})`
  return new Duplex({ read: () => {}, write: (_, __, done) => done(new Error(message, { cause })) })
}

/** A query, and then a folder, that takes longer to end, ms, is cut off as by a kill; nothing acknowledged is lost by that. */
const closingMs = 10_000

/** Waits for the end of a line, and with it of the thread that holds the folder. */
const ended = async (line: Duplex): Promise<void> => {
  if (line.closed) return
  const cutOff = schedule(() => line.destroy(), closingMs)
  await new Promise<void>((resolve) => line.once('close', () => resolve()))
  cutOff()
}

/** One line for good: a second one would find the folder held by the first. */
const embeddedClient = (folder: string): { readonly client: postgres.Sql; readonly close: () => Promise<void> } => {
  let line: Duplex | undefined
  const socket = async (): Promise<Duplex> => {
    line = await openEmbedded(folder).catch(failing)
    return line
  }
  const options = { socket, max: 1, max_lifetime: null, onnotice: () => {} }
  const client = postgres(options)
  const close = async (): Promise<void> => {
    // Of a line that died the driver still believes a query to be under way, and would wait for its end.
    await client.end({ timeout: line?.closed ? 0 : closingMs / 1_000 })
    // Nor does it wait for the end of the line itself where a query was under way.
    if (line !== undefined) await ended(line)
  }
  return { client, close }
}

type Where = {
  readonly databaseUrl?: string | undefined
  readonly dataDir: string
  readonly migrationsFolder: string
  readonly blank?: string
  readonly log?: Pick<Logger, 'info'>
}

const connectPglite = async ({ dataDir, migrationsFolder, blank, log }: Where): Promise<Database> => {
  const folder = join(dataDir, 'postgres')
  const unlock = await lockFolder(`${folder}.lock`, log)
  copyBlank(folder, blank)
  mkdirSync(folder, { recursive: true })
  const { client, close: closeClient } = embeddedClient(folder)
  const close = async (): Promise<void> => {
    await closeClient()
    unlock()
  }
  try {
    const db = drizzle(preparing(client))
    await migrate(db, { migrationsFolder })
    return { db, kind: 'pglite', ping: pingOf(db), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Any number that no other program's advisory lock is likely to use. */
const migrationLock = 7_266_001

/** After a lost connection the driver would wait longer and longer, in the end 20 s, and every query with it; in seconds. */
const reconnectAfter = 0.25

/** Names the server but not the address, which may hold a password. */
const unreachable = (url: string) => (cause: Error) => {
  throw new Error(`PostgreSQL at ${new URL(url).host} cannot be used: ${cause.message}`, { cause })
}

/** Several processes may start at once; the lock lets one migrate while the others wait. */
const migrateAlone = async (url: string, migrationsFolder: string): Promise<void> => {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${migrationLock})`.catch(unreachable(url))
    await migrate(drizzle(client), { migrationsFolder })
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
    connect_timeout: 3,
    backoff: () => reconnectAfter,
    onnotice: (notice) => log?.info({ notice }, 'PostgreSQL says'),
  })
  const db = drizzle(preparing(client))
  return { db, kind: 'postgres', ping: pingOf(db), close: () => client.end({ timeout: 5 }) }
}

/**
 * Opens the database and migrates it forward: PostgreSQL at `databaseUrl`, else embedded in `${dataDir}/postgres`, which
 * begins as a copy of the folder `blank` where that exists.
 * Throws when the server does not answer, a migration fails, or another process holds the folder.
 */
export const connectDatabase = (where: Where): Promise<Database> =>
  where.databaseUrl === undefined
    ? connectPglite(where)
    : connectPostgres(where.databaseUrl, where.migrationsFolder, where.log)
