import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBars } from '#src/adapters/db/bars.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { backing, createDatabase } from '#src/testing/database.ts'
import { migrationsFolder, projectFolder } from '#src/testing/folders.ts'
import { createFetcher, fetchedAt, fetchedMarket } from '#src/testing/history-fetcher.ts'
import { pastOf } from '#src/testing/past.ts'
import { ended } from '#src/testing/postgres.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'copilot-fetch-'))
let databaseUrl = ''
beforeAll(async () => {
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  databaseUrl = await createDatabase(await backing('postgres'), 'fetched')
})
afterAll(() => rmSync(dataDir, { recursive: true }))

/** Starts a process that fetches and kills it at a random moment; minutes it had kept by then, epoch ms. */
const fetchUntilKilled = async (url: string): Promise<number[]> => {
  const fetcher = spawn(process.execPath, ['--import', 'tsx', 'src/testing/history-fetcher.ts', url, dataDir], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  fetcher.stdout.on('data', (text) => {
    printed += text
  })
  await once(fetcher.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, randomInt(300)))
  fetcher.kill('SIGKILL')
  await ended(fetcher)
  return printed.trim().split('\n').map(Number)
}

test.each([
  { store: 'PGlite', urlOf: (): string => '' },
  { store: 'PostgreSQL', urlOf: (): string => databaseUrl },
])(
  'a process that is killed while it fetches into $store has lost nothing it kept, and its heir asks for none of it',
  async ({ urlOf }) => {
    const kept = await fetchUntilKilled(urlOf())
    expect(kept.length).toBeGreaterThan(0)
    const { db, close } = await connectDatabase({ databaseUrl: urlOf() || undefined, dataDir, migrationsFolder })
    // A minute later the lock of the one that died is nobody's.
    const { keeper, given } = createFetcher(
      db,
      () => Date.now() + 60_000,
      () => {},
    )
    await keeper.start()
    await keeper.stop()
    const from = easternMs('2026-10-09', 18 * 60)
    const whole = pastOf(contractOf('MES', 202612), from, fetchedAt)
    const columns = await readBars(db, {
      ...{ market: fetchedMarket, instrument: 'MES', contract: 202612 },
      ...{ from, to: fetchedAt },
    })
    await close()
    expect([...columns.time]).toEqual(whole.map(({ time }) => time))
    expect([...columns.close]).toEqual(whole.map(({ close: price }) => price))
    const again = kept.filter((time) => given.some((page) => page.from <= time && time < page.to))
    expect(again).toEqual([])
  },
  60_000,
)
