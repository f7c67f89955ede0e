import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { keptTrials, type PackedTrial, type Proposal, packedTrialsOf, saveTrials } from '#src/adapters/db/studies.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { blocksOf, type TrialBlock } from '#src/adapters/queue/trial-block.ts'
import type { TrialQueue } from '#src/adapters/queue/trial-queue.ts'
import { pause } from '../pause.ts'
import type { Pool } from '../threads/pool.ts'
import type { TrialSeed } from './trial-tasks.ts'

/** Whoever computes trials. What `compute` resolves with is kept in the database; it is less than was asked where it was stopped. */
export type Hands = {
  /** 'one thread of this machine'. */
  readonly words: () => string
  readonly compute: (
    study: string,
    seed: () => Promise<TrialSeed>,
    proposals: readonly Proposal[],
    signal: AbortSignal,
  ) => Promise<readonly PackedTrial[]>
}

/** Computes one block and keeps it. */
export const computeBlock = async (
  db: Db,
  pool: Pool,
  seed: TrialSeed,
  { study, proposals }: TrialBlock,
  signal?: AbortSignal,
): Promise<readonly PackedTrial[]> => {
  const sets = proposals.map(({ parameters }) => parameters)
  const days = (await pool.ask('trials', { seed, sets }, signal)) as readonly Uint8Array[]
  const made = proposals.map((proposal, i) => ({ ...proposal, packed: days[i] as Uint8Array }))
  await saveTrials(db, study, made)
  return made
}

/** The threads of this machine. */
export const localHands = (db: Db, pool: Pool): Hands => ({
  words: () => (pool.threads === 1 ? 'one thread of this machine' : `${pool.threads} threads of this machine`),
  compute: async (study, openSeed, proposals, signal) => {
    const seed = await openSeed()
    const blocks = [...blocksOf(study, proposals)]
    const made: PackedTrial[] = []
    const work = async (): Promise<void> => {
      for (let block = blocks.shift(); block !== undefined && !signal.aborted; block = blocks.shift())
        made.push(...(await computeBlock(db, pool, seed, block, signal)))
    }
    const workers = Array.from({ length: pool.threads }, work)
    await Promise.all(workers).finally(() => blocks.splice(0))
    return made
  },
})

/** An event may be lost with a connection, and Redis may lose all it held: the database is asked as well. */
const lookEveryMs = 1_000

/** Workers on any machine, over the queue. */
export const queueHands = (db: Db, queue: TrialQueue, schedule: Schedule, log: Pick<Logger, 'warn'>): Hands => {
  let workers = 0
  const count = async (): Promise<void> => {
    workers = await queue.workers().catch(() => workers)
  }
  let isTelling = false
  /** While Redis is away the queue takes what it is told and does not answer: nobody waits for it, and nothing piles up. */
  const tell = async (what: () => Promise<void>): Promise<void> => {
    if (isTelling) return
    isTelling = true
    await what().catch((err: unknown) => log.warn({ err }, 'The queue of trials could not be told'))
    isTelling = false
  }
  return {
    words: () => `${workers} ${workers === 1 ? 'worker' : 'workers'} over Redis`,
    compute: async (study, _, proposals, signal) => {
      const numbers = proposals.map(({ number }) => number)
      let failed: string | undefined
      let wake = new AbortController()
      const stop = queue.onOver((jobId, reason) => {
        if (!jobId.startsWith(study)) return
        failed ??= reason
        wake.abort()
      })
      try {
        while (!signal.aborted) {
          wake = new AbortController()
          const kept = await keptTrials(db, study, numbers)
          if (kept.size === numbers.length) break
          if (failed !== undefined) throw new Error(failed)
          const missing = proposals.filter(({ number }) => !kept.has(number))
          void tell(() => queue.add(blocksOf(study, missing)))
          void count()
          await pause(lookEveryMs, schedule, AbortSignal.any([signal, wake.signal]))
        }
      } finally {
        stop()
        if (signal.aborted || failed !== undefined) void tell(() => queue.withdraw(study))
      }
      return packedTrialsOf(db, study, numbers)
    },
  }
}
