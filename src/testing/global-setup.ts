import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { createDatabase, templateDatabase } from './database.ts'
import { migrationsFolder } from './folders.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address where a test asks for a shared server; it is started by the first who asks. */
    backing: string
  }
}

/**
 * Offers tests a real PostgreSQL, a migrated PGlite folder and a real Redis, each started when first asked for,
 * so that a run of pure tests starts nothing. Everything is ended with the run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const stops: (() => void | Promise<void>)[] = []

  const postgres = async (): Promise<string> => {
    const cluster = await startPostgres()
    stops.push(cluster.stop)
    await createDatabase(cluster.url('postgres'), templateDatabase)
    const database = await connectDatabase({
      databaseUrl: cluster.url(templateDatabase),
      dataDir: '',
      migrationsFolder,
    })
    await database.close()
    return cluster.url('postgres')
  }
  const pglite = async (): Promise<string> => {
    const dataDir = mkdtempSync(join(tmpdir(), 'copilot-pglite-'))
    stops.push(() => rmSync(dataDir, { recursive: true, force: true }))
    await (await connectDatabase({ dataDir, migrationsFolder })).close()
    return dataDir
  }
  const redis = async (): Promise<string> => {
    const server = await startRedis()
    stops.push(server.stop)
    return server.url
  }

  const starters: Record<string, () => Promise<string>> = { '/postgres': postgres, '/pglite': pglite, '/redis': redis }
  const started = new Map<string, Promise<string>>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const starting = started.get(path) ?? starters[path]?.() ?? Promise.reject(new Error(`nothing at ${path}`))
    started.set(path, starting)
    // A kept connection could be closed just as a test reuses it.
    response.setHeader('connection', 'close')
    starting.then(
      (address) => response.end(address),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('backing', `http://127.0.0.1:${(server.address() as { port: number }).port}`)
  return async () => {
    server.close()
    await Promise.allSettled(started.values())
    await Promise.all(stops.map((stop) => stop()))
  }
}
