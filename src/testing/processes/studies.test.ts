import { Queue } from 'bullmq'
import { count, eq } from 'drizzle-orm'
import { beforeAll, describe, type ExpectStatic, test } from 'vitest'
import { schedule } from '#src/adapters/clock.ts'
import { connectDatabase, type Database, type Db } from '#src/adapters/db/connect.ts'
import { trials } from '#src/adapters/db/schema.ts'
import { latestStudies, type Study, studyOf } from '#src/adapters/db/studies.ts'
import { createTrialQueue } from '#src/adapters/queue/trial-queue.ts'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { queueHands } from '#src/worker/study/hands.ts'
import { createStudyRoom } from '#src/worker/study/study-room.ts'
import { createPool } from '#src/worker/threads/pool.ts'
import { startThread } from '#src/worker/threads/start-thread.ts'
import { migrationsFolder } from '../folders.ts'
import { startRedis } from '../redis.ts'
import { recordedMornings, traceOf } from '../study-database.ts'
import { eventually } from './eventually.ts'
import { type Launched, launch, type Variables } from './launch.ts'

const study = ['--instrument', 'MGC', '--strategy', 'opening-range', '--recorded', '--budget', '60'] as const
const silent = { info: () => {}, warn: () => {}, error: () => {} }

let freshDatabase: () => Promise<string>
beforeAll(async () => {
  freshDatabase = await recordedMornings(200)
}, 60_000)

const onDatabase = async <T>(databaseUrl: string, use: (db: Db, database: Database) => Promise<T>): Promise<T> => {
  const database = await connectDatabase({ databaseUrl, dataDir: '', migrationsFolder })
  try {
    return await use(database.db, database)
  } finally {
    await database.close()
  }
}

const newest = async (db: Db): Promise<Study | undefined> => {
  const [listed] = await latestStudies(db, 'real', 1)
  return listed && studyOf(db, listed.id)
}

const triedOf = async (db: Db, id: string): Promise<number> => {
  const [row] = await db.select({ tried: count() }).from(trials).where(eq(trials.study, id))
  return row?.tried ?? 0
}

const optimize = (databaseUrl: string, more: Variables = {}): Launched =>
  launch('optimize.js', { DATABASE_URL: databaseUrl, ...more }, ...study)

/** What the study came to on one thread that nobody disturbed: what everybody else must come to. */
let undisturbed: ReturnType<typeof traceOf> | undefined
const byOneThread = (expect: ExpectStatic) => {
  undisturbed ??= (async () => {
    const databaseUrl = await freshDatabase()
    const run = optimize(databaseUrl, { OPTIMIZE_THREADS: '1' })
    expect(await run.end(), run.said()).toBe(0)
    return onDatabase(databaseUrl, async (db) => traceOf(db, (await newest(db))?.id ?? ''))
  })()
  return undisturbed
}

describe.concurrent('a study gives the same bytes', { timeout: 120_000 }, () => {
  test('on two threads as on one', async ({ expect }) => {
    const databaseUrl = await freshDatabase()
    const run = optimize(databaseUrl, { OPTIMIZE_THREADS: '2' })
    expect(await run.end(), run.said()).toBe(0)
    const trace = await onDatabase(databaseUrl, async (db) => traceOf(db, (await newest(db))?.id ?? ''))
    expect(trace).toEqual(await byOneThread(expect))
    expect(trace).toMatchObject({ state: 'done', numbers: trace.trials })
    expect(trace.trials).toBeGreaterThan(60)
  })

  test('killed in the middle and started again, and never shows half of it', async ({ expect }) => {
    const databaseUrl = await freshDatabase()
    await onDatabase(databaseUrl, async (db) => {
      const first = optimize(databaseUrl, { OPTIMIZE_THREADS: '1' })
      const id = await first.until('having tried some', async () => {
        const asked = await newest(db)
        return asked && (await triedOf(db, asked.id)) >= 16 ? asked.id : undefined
      })
      await first.end('SIGKILL')
      const left = await studyOf(db, id)
      expect(left).toMatchObject({ id, state: 'running' })
      expect(left?.result).toBeUndefined()
      const tried = await triedOf(db, id)

      const second = optimize(databaseUrl, { OPTIMIZE_THREADS: '1' })
      await eventually('the study done', async () => {
        const seen = await studyOf(db, id)
        expect(seen?.result === undefined).toBe(seen?.state !== 'done')
        return seen?.state === 'done' || undefined
      })
      expect(await second.end(), second.said()).toBe(0)
      const whole = await byOneThread(expect)
      expect(tried).toBeLessThan(whole.trials)
      expect(await traceOf(db, id)).toEqual(whole)
    })
  })

  test('by three workers over Redis, one of them killed with a block in its hands', async ({ expect }) => {
    const [databaseUrl, redis] = await Promise.all([freshDatabase(), startRedis()])
    const env = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, OPTIMIZE_THREADS: '1' }
    const workers = [1, 2, 3].map(() => launch('work.js', env))
    const versions = workers.map((worker) =>
      worker.until('waiting for trials', () => /"version":"([^"]+)","msg":"Waiting/.exec(worker.said())?.[1]),
    )
    const codeVersion = (await Promise.all(versions))[0] ?? ''
    await onDatabase(databaseUrl, async (db) => {
      const on = { url: redis.url, prefix: 'copilot', codeVersion, log: silent }
      const queue = createTrialQueue(on)
      const pool = createPool({ threads: 1, start: () => startThread('shares') })
      const room = createStudyRoom({
        ...{ db, market: 'real', pool, hands: queueHands(db, queue, schedule, silent), codeVersion, schedule },
        ...{ fronts: () => createFronts([]), now: Date.now, wall: Date.now, onChange: () => {}, log: silent },
        settings: async () => ({
          ...{ boundaries: defaultBoundaries, limits: defaultLimits, accountSize: dollars(50_000) },
        }),
      })
      const id = await room.ask({ instrument: 'MGC', strategy: 'opening-range', method: 'model', budget: 60 })
      const running = room.run(id, new AbortController().signal)

      const looking = new Queue(`trials-${codeVersion}`, { connection: { url: redis.url }, prefix: 'copilot' })
      const holds = async ({ pid }: Launched): Promise<boolean> =>
        (await looking.getActive()).some((job) => job?.processedBy?.endsWith(`-${pid}`))
      /** Stands still while it is looked at: what it holds now it holds when it dies. */
      const killed = await eventually('a worker at work', async () => {
        for (const worker of workers) {
          if (!(await holds(worker))) continue
          process.kill(worker.pid, 'SIGSTOP')
          if (await holds(worker)) {
            await worker.end('SIGKILL')
            return worker
          }
          process.kill(worker.pid, 'SIGCONT')
        }
        return undefined
      })
      const triedThen = await triedOf(db, id)
      expect(await holds(killed)).toBe(true)

      const result = await running
      const trace = await traceOf(db, id)
      expect(triedThen).toBeLessThan(trace.trials)
      expect(trace).toEqual(await byOneThread(expect))
      expect(result?.tried).toBe(trace.trials)

      await looking.close()
      await queue.close()
      await pool.close()
      const others = workers.filter((worker) => worker !== killed)
      expect(await Promise.all(others.map((worker) => worker.end('SIGTERM')))).toEqual([0, 0])
      for (const worker of others)
        expect(worker.said()).toMatch(/"trials":\d+,"perSecond":[\d.]+,"msg":"Trials computed"/)
    })
    await redis.stop()
  })
})
