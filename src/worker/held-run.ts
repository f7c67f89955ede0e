import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { endRun, startRun, touchRun } from '#src/adapters/db/runs.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { pause } from './pause.ts'

/** A process that was killed loses its lock after this long; one that lives renews it three times as often. */
const leaseMs = 15_000
const renewMs = 5_000
const retryMs = 1_000

type Options = {
  readonly db: Db
  readonly market: string
  readonly job: string
  /** The machine's clock, epoch ms. */
  readonly wall: () => number
  readonly schedule: Schedule
  /** 0 to 1; asked whenever the lock is renewed. */
  readonly progress: () => number
  readonly log: Pick<Logger, 'error'>
  /** Called once when another process has the lock and this one begins to wait for it. */
  readonly onWaiting: () => void
}

/** Waits until the job is nobody else's; undefined when `stopping` came first. */
const take = async (options: Options, stopping: AbortSignal): Promise<number | undefined> => {
  const { db, market, job, wall, schedule, onWaiting } = options
  for (let tries = 0; !stopping.aborted; tries++) {
    const at = wall()
    const run = await startRun(db, { market, job, at, leaseUntil: at + leaseMs })
    if (run.ok) return run.id
    if (tries === 0) onWaiting()
    await pause(retryMs, schedule, stopping)
  }
  return undefined
}

/**
 * Does work that only one process may do at a time, under the lock of its row in `runs`. The work's signal is aborted when
 * `stopping` is, or when the lock was lost. What the work returns is kept with the row; what it throws is thrown on.
 */
export const holdRun = async (
  options: Options,
  stopping: AbortSignal,
  work: (held: AbortSignal) => Promise<unknown>,
): Promise<void> => {
  const { db, wall, schedule, progress, log } = options
  const id = await take(options, stopping)
  if (id === undefined) return
  const lost = new AbortController()
  const over = new AbortController()
  const renew = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await pause(renewMs, schedule, over.signal)
      if (over.signal.aborted) return
      const held = await touchRun(db, id, { leaseUntil: wall() + leaseMs, progress: progress() }).catch(
        (error: unknown) => {
          log.error({ err: error }, 'A lock could not be renewed')
          return true
        },
      )
      if (!held) return lost.abort()
    }
  }
  const renewing = renew()
  let state: 'done' | 'failed' = 'failed'
  let detail: unknown
  try {
    detail = await work(AbortSignal.any([stopping, lost.signal]))
    state = stopping.aborted ? 'failed' : 'done'
  } finally {
    over.abort()
    await renewing
    await endRun(db, id, { state, at: wall(), ...(detail === undefined ? {} : { detail }) }).catch((error: unknown) =>
      log.error({ err: error }, 'The end of a run could not be kept'),
    )
  }
}
