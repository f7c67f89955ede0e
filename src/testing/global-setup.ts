import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { blankFolder } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { createDatabase, templateDatabase } from './database.ts'
import { migrationsFolder, projectFolder } from './folders.ts'
import { ended, endWithUs, startPostgres } from './postgres.ts'
import { simulatedSeed } from './processes/launch.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address where a test asks for a shared server; it is started by the first who asks. */
    backing: string
  }
}

/**
 * Offers tests a real PostgreSQL, a migrated PGlite folder, one that holds the past of the simulated market, and a real
 * Redis, each started when first asked for, so that a run of pure tests starts nothing. Everything is ended with the run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const stops: (() => void | Promise<void>)[] = []

  const postgres = async (): Promise<string> => {
    // Tests that end a server start one of their own; this one takes what it keeps with it.
    const cluster = await startPostgres({ fsync: false })
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
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'copilot-pglite-'))
    stops.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const pglite = async (): Promise<string> => {
    const dataDir = folder()
    // Where the product is built, its blank database is at hand.
    await (await connectDatabase({ dataDir, migrationsFolder, blank: blankFolder(projectFolder) })).close()
    return dataDir
  }
  const past = async (): Promise<string> => {
    const dataDir = folder()
    cpSync(await start('/pglite'), dataDir, { recursive: true })
    // In a process of its own: it takes some seconds, and all tests are led from this one.
    const maker = spawn(process.execPath, ['--import', 'tsx', 'src/testing/store-past.ts', dataDir], {
      cwd: projectFolder,
      // It ends before any test's morning begins.
      env: { PATH: process.env['PATH'] ?? '', SIM_SEED: simulatedSeed, SIM_START: '2026-11-20T10:00:00Z' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    endWithUs(maker)
    await ended(maker)
    if (maker.exitCode !== 0) throw new Error(`storing the past ended with ${maker.exitCode}`)
    return dataDir
  }
  const redis = async (): Promise<string> => {
    const server = await startRedis()
    stops.push(server.stop)
    return server.url
  }

  const starters: Record<string, () => Promise<string>> = {
    '/postgres': postgres,
    '/pglite': pglite,
    '/past': past,
    '/redis': redis,
  }
  const started = new Map<string, Promise<string>>()
  const start = (path: string): Promise<string> => {
    const starting = started.get(path) ?? starters[path]?.() ?? Promise.reject(new Error(`nothing at ${path}`))
    started.set(path, starting)
    return starting
  }
  const server = createServer((request, response) => {
    // A kept connection could be closed just as a test reuses it.
    response.setHeader('connection', 'close')
    start(request.url ?? '').then(
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
