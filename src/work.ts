import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { machineTime, repeat } from '#src/adapters/clock.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'
import { rollsOf } from '#src/adapters/db/rolls.ts'
import { createLog } from '#src/adapters/log.ts'
import type { TrialBlock } from '#src/adapters/queue/trial-block.ts'
import { createTrialWorker } from '#src/adapters/queue/trial-queue.ts'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import { createBlockWork } from '#src/worker/study/block-work.ts'
import { createPool } from '#src/worker/threads/pool.ts'
import { startThread } from '#src/worker/threads/start-thread.ts'
import { codeVersion } from './code-version.ts'
import { type Config, ConfigError, readConfig } from './config.ts'

const tellEveryMs = 10_000

const needed = ({ databaseUrl, redisUrl }: Config): { readonly databaseUrl: string; readonly redisUrl: string } => {
  if (databaseUrl !== undefined && redisUrl !== undefined) return { databaseUrl, redisUrl }
  const missing = [...(databaseUrl ? [] : ['DATABASE_URL']), ...(redisUrl ? [] : ['REDIS_URL'])]
  throw new ConfigError(missing.map((variable) => ({ variable, reason: 'is needed by a worker' })))
}

/** Has work done and tells now and then how many trials a second came of it. */
const createTally = (work: (block: TrialBlock) => Promise<number>, log: Logger) => {
  let [trials, atHand, since] = [0, 0, machineTime()]
  const tell = (): void => {
    const seconds = (machineTime() - since) / 1_000
    if (trials > 0) log.info({ trials, perSecond: Number((trials / seconds).toFixed(1)) }, 'Trials computed')
    trials = 0
    since = machineTime()
  }
  const stop = repeat(tell, tellEveryMs)
  return {
    work: async (block: TrialBlock): Promise<void> => {
      // Waiting for work is nobody's slowness.
      if (trials === 0 && atHand === 0) since = machineTime()
      atHand++
      try {
        trials += await work(block)
      } finally {
        atHand--
      }
    },
    stop: (): void => {
      stop()
      tell()
    },
  }
}

/** A machine that computes trials for a terminal: it takes blocks off the queue until it is told to end. */
const start = async (): Promise<void> => {
  const config = readConfig()
  const { databaseUrl, redisUrl } = needed(config)
  const log = createLog(config.log)
  // One step up from src/ as from the bundle in dist/.
  const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))
  const database = await connectDatabase({ databaseUrl, dataDir: config.dataDir, migrationsFolder, log })
  const { db } = database
  const pool = createPool({ threads: config.workerThreads, start: () => startThread('shares') })
  const frontsOf = async (market: string) => createFronts(await rollsOf(db, market))
  const tally = createTally(createBlockWork({ db, pool, frontsOf }), log)
  const name = `${hostname()}-${process.pid}`
  const version = codeVersion()
  const worker = createTrialWorker(
    { url: redisUrl, prefix: 'copilot', codeVersion: version, name, log },
    tally.work,
    pool.threads,
  )
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'Ending after the trials at hand')
    await worker.close()
    tally.stop()
    await pool.close()
    await database.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal))
  await worker.ready()
  log.info({ name, threads: pool.threads, version }, 'Waiting for trials')
}

start().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}\n`,
  )
  process.exit(1)
})
