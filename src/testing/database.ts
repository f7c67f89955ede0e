import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { inject } from 'vitest'
import { connectDatabase, type Database } from '#src/adapters/db/connect.ts'
import { migrationsFolder } from './folders.ts'

export const templateDatabase = 'copilot_template'

/** Asks the run's set-up for a shared server, which starts it if nobody asked before. */
export const backing = async (name: 'postgres' | 'pglite' | 'past' | 'redis'): Promise<string> => {
  const answer = await fetch(`${inject('backing')}/${name}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

/** Creates `name` on the server at `url` and returns its address. */
export const createDatabase = async (url: string, name: string, template = 'template1'): Promise<string> => {
  const client = postgres(url, { max: 1 })
  await client.unsafe(`create database ${name} template ${template}`)
  await client.end()
  return url.replace(/[^/]*$/, name)
}

const openPglite = async (): Promise<Database> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-pglite-'))
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  const database = await connectDatabase({ dataDir, migrationsFolder })
  const close = async (): Promise<void> => {
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { ...database, close }
}

const openPostgres = async (): Promise<Database> => {
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const databaseUrl = await createDatabase(await backing('postgres'), name, templateDatabase)
  return connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
}

/** Both databases for `describe.each`; each `open` gives a fresh, empty, migrated one. */
export const databases = [
  { name: 'PGlite', open: openPglite },
  { name: 'PostgreSQL', open: openPostgres },
] as const
