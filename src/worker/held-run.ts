import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { endRun, startRun, touchRun } from '#src/adapters/db/runs.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { pause } from './pause.ts'

/** A process that was killed loses its lock after this long; one that lives renews it three times as often. */
const leaseMs = 15_000
const renewMs = 5_000
const retryMs = 1_000

/** The reason of a run that was not finished though nothing went wrong with it. */
export const stoppedRun = 'stopped'

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
  /** The trade date whose night the work belongs to: it is done once a night, whoever does it. */
  readonly night?: string
  /** Called once when another process has the lock and this one begins to wait for it. */
  readonly onWaiting: () => void
}

/** Waits until the job is nobody else's; a word instead of a run when `stopping` came first, or it was done meanwhile. */
const take = async (options: Options, stopping: AbortSignal): Promise<number | 'stopped' | 'already'> => {
  const { db, market, job, night, wall, schedule, onWaiting } = options
  for (let tries = 0; !stopping.aborted; tries++) {
    const at = wall()
    const run = await startRun(db, { market, job, at, leaseUntil: at + leaseMs, ...(night !== undefined && { night }) })
    if (run.ok) return run.id
    if (run.reason === 'already-done') return 'already'
    if (tries === 0) onWaiting()
    await pause(retryMs, schedule, stopping)
  }
  return 'stopped'
}

/** How held work ended: done with what it returned, stopped before that, or done already by somebody else. */
export type HeldOutcome<T> =
  | { readonly state: 'done'; readonly detail: T }
  | { readonly state: 'stopped' }
  | { readonly state: 'already' }

/**
 * Does work that only one process may do at a time, under the lock of its row in `runs`. The work's signal is aborted when
 * `stopping` is, or when the lock was lost. What the work returns is kept with the row; what it throws is thrown on.
 */
export const holdRun = async <T>(
  options: Options,
  stopping: AbortSignal,
  work: (held: AbortSignal) => Promise<T>,
): Promise<HeldOutcome<T>> => {
  const { db, wall, schedule, progress, log } = options
  const id = await take(options, stopping)
  if (id === 'stopped' || id === 'already') return { state: id }
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
  const end = async (state: 'done' | 'failed', detail?: unknown): Promise<boolean> => {
    over.abort()
    await renewing
    return endRun(db, id, { state, at: wall(), ...(detail === undefined ? {} : { detail }) }).catch(
      (error: unknown) => {
        log.error({ err: error }, 'The end of a run could not be kept')
        return false
      },
    )
  }
  const held = AbortSignal.any([stopping, lost.signal])
  const giveBack = async (): Promise<HeldOutcome<T>> => {
    await end('failed', { reason: stoppedRun })
    return { state: 'stopped' }
  }
  try {
    const detail = await work(held)
    if (held.aborted) return await giveBack()
    return (await end('done', detail)) ? { state: 'done', detail } : { state: 'stopped' }
  } catch (error) {
    if (held.aborted) return await giveBack()
    await end('failed', { reason: error instanceof Error ? error.message : String(error) })
    throw error
  }
}
