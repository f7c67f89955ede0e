import { spawn } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { latestPapers } from '#src/adapters/db/night-papers.ts'
import { latestReports } from '#src/adapters/db/reports.ts'
import { nightRuns } from '#src/adapters/db/runs.ts'
import { packedTrialsOf, studiesOfNight } from '#src/adapters/db/studies.ts'
import { nightSteps } from '#src/domain/lab-reading.ts'
import { backing, createDatabase, templateDatabase } from '#src/testing/database.ts'
import { migrationsFolder, projectFolder } from '#src/testing/folders.ts'
import { createNightWorker, nightMarket, nightOf, storePast } from '#src/testing/night-worker.ts'
import { ended } from '#src/testing/postgres.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'copilot-night-'))
let databaseUrl = ''
beforeAll(async () => {
  cpSync(await backing('pglite'), dataDir, { recursive: true })
  databaseUrl = await createDatabase(await backing('postgres'), 'a_night', templateDatabase)
})
afterAll(() => rmSync(dataDir, { recursive: true }))

/** Starts a process that works through the night and kills it somewhere in its first study. */
const workUntilKilled = async (url: string): Promise<void> => {
  const worker = spawn(process.execPath, ['--import', 'tsx', 'src/testing/night-worker.ts', url, dataDir], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([once(worker.stdout, 'data'), ended(worker)])
  await new Promise((resolve) => setTimeout(resolve, randomInt(40)))
  worker.kill('SIGKILL')
  await ended(worker)
}

/** Everything the night has kept so far. */
const keptOf = async (db: Db) => {
  const studies = await studiesOfNight(db, nightMarket, nightOf)
  const trials = await Promise.all(
    studies.map(async ({ id }) =>
      (await packedTrialsOf(db, id)).map(({ number, parameters, packed }) => {
        const bytes = createHash('sha256').update(packed).digest('hex')
        return `${id} ${number} ${JSON.stringify(parameters)} ${bytes}`
      }),
    ),
  )
  return {
    studies,
    trials: trials.flat(),
    reports: await latestReports(db, nightMarket, 100),
    runs: await nightRuns(db, nightMarket, nightOf),
  }
}

test.each([
  { store: 'PGlite', urlOf: (): string => '' },
  { store: 'PostgreSQL', urlOf: (): string => databaseUrl },
])(
  'a night over $store that is killed in the middle goes on where it was, with nothing half and nothing twice',
  async ({ urlOf }) => {
    const open = () => connectDatabase({ databaseUrl: urlOf() || undefined, dataDir, migrationsFolder })
    const first = await open()
    await storePast(first.db)
    await first.close()
    await workUntilKilled(urlOf())

    const { db, close } = await open()
    const before = await keptOf(db)
    expect(before.trials.length).toBeGreaterThan(0)
    expect(before.runs.find(({ job }) => job === 'night:optimization')?.state).toBe('running')
    for (const { state, result } of before.studies) expect(result !== undefined).toBe(state === 'done')

    // A minute later the locks of the one that died are nobody's.
    const heir = createNightWorker(
      db,
      () => Date.now() + 60_000,
      () => {},
    )
    const isWhole = () => heir.night.reading()?.steps.find(({ step }) => step === 'summary')?.state === 'done'
    await expect.poll(isWhole, { timeout: 100_000, interval: 50 }).toBe(true)
    await heir.stop()
    const after = await keptOf(db)
    const [summary] = await latestPapers(db, nightMarket, 'summary', 2)
    const [focus] = await latestPapers(db, nightMarket, 'focus', 2)
    await close()

    const jobs = (state: string) => after.runs.filter((run) => run.state === state).map(({ job }) => job)
    expect(jobs('done').toSorted()).toEqual(
      nightSteps.flatMap((step) => (step === 'refresh' ? [] : [`night:${step}`])).toSorted(),
    )
    expect(jobs('running')).toEqual([])
    expect(jobs('failed')).toEqual(['night:optimization'])
    // What was done before was not done again, and every study is whole.
    expect(after.runs).toEqual(expect.arrayContaining(before.runs.filter(({ state }) => state === 'done')))
    expect(after.reports).toEqual(before.reports)
    expect(after.reports).toHaveLength(8)
    expect(before.trials.filter((trial) => !after.trials.includes(trial))).toEqual([])
    expect(focus).toMatchObject({ tradeDate: '2026-11-23', body: { draft: 'first', markets: [{ instrument: 'MES' }] } })
    expect(summary?.tradeDate).toBe(nightOf)
    expect(summary?.body.lines.map(({ about }) => about)).toEqual([
      ...['Bars', 'Cards', 'Calibration', 'Backtests', 'Live against replay', 'Parameters', 'Plan for 2026-11-23'],
    ])
    expect(after.studies).toHaveLength(2)
    for (const { id, state, result } of after.studies) {
      const numbers = after.trials.flatMap((trial) => (trial.startsWith(id) ? Number(trial.split(' ')[1]) : []))
      expect(state).toBe('done')
      expect(numbers).toEqual(Array.from({ length: result?.tried ?? 0 }, (_, number) => number))
    }
  },
  120_000,
)
