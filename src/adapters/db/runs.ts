import { and, asc, desc, eq, lte, max } from 'drizzle-orm'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { runs } from './schema.ts'

/** The reason of a run whose process died. */
export const lostRun = 'lease-expired'

/** A background job from its start to its end; `progress` is 0 to 1. */
export type Run = {
  readonly id: number
  readonly market: string
  readonly job: string
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: number
  readonly endedAt?: number
  readonly leaseUntil: number
  readonly progress: number
  readonly detail?: unknown
  /** The trade date whose night it belongs to. */
  readonly night?: string
}

/**
 * Starts a run and holds the job's lock until `leaseUntil`. Refused while another run of the job holds it;
 * one whose lease has passed is marked failed and taken over. What was done for a night is not done again for it.
 */
export const startRun = (
  db: Db,
  {
    market,
    job,
    at,
    leaseUntil,
    night,
  }: { market: string; job: string; at: number; leaseUntil: number; night?: string | undefined },
): Promise<
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly reason: 'already-running' | 'already-done' }
> =>
  db.transaction(async (tx) => {
    await tx
      .update(runs)
      .set({ state: 'failed', endedAt: at, detail: { reason: lostRun } })
      .where(and(eq(runs.market, market), eq(runs.job, job), eq(runs.state, 'running'), lte(runs.leaseUntil, at)))
    const [row] = await tx
      .insert(runs)
      .values({ market, job, state: 'running', startedAt: at, leaseUntil, night: night ?? null })
      .onConflictDoNothing()
      .returning({ id: runs.id })
    if (row === undefined) return { ok: false, reason: 'already-running' }
    if (night === undefined) return { ok: true, id: row.id }
    // Looked up with the lock in hand: before it, another process might end the very run in between.
    const isDone = and(eq(runs.market, market), eq(runs.job, job), eq(runs.night, night), eq(runs.state, 'done'))
    const done = await tx.select({ id: runs.id }).from(runs).where(isDone).limit(1)
    if (done.length === 0) return { ok: true, id: row.id }
    await tx.delete(runs).where(eq(runs.id, row.id))
    return { ok: false, reason: 'already-done' }
  })

const isRunning = (id: number) => and(eq(runs.id, id), eq(runs.state, 'running'))

/** Reports progress and extends the lease; false when the run has lost its lock and must stop. */
export const touchRun = async (
  db: Db,
  id: number,
  now: { readonly leaseUntil: number; readonly progress: number },
): Promise<boolean> => {
  const rows = await db.update(runs).set(now).where(isRunning(id)).returning({ id: runs.id })
  return rows.length > 0
}

/** Ends a run; false when it had lost its lock, and then nothing is written. */
export const endRun = async (
  db: Db,
  id: number,
  end: { readonly state: 'done' | 'failed'; readonly at: number; readonly detail?: unknown },
): Promise<boolean> => {
  const rows = await db
    .update(runs)
    .set({
      state: end.state,
      endedAt: end.at,
      ...(end.state === 'done' ? { progress: 1 } : {}),
      ...('detail' in end ? { detail: end.detail } : {}),
    })
    .where(isRunning(id))
    .returning({ id: runs.id })
  return rows.length > 0
}

/** The newest `count` runs of a market, newest first. */
export const latestRuns = async (db: Db, market: string, count: number): Promise<readonly Run[]> => {
  const rows = await db
    .select()
    .from(runs)
    .where(eq(runs.market, market))
    .orderBy(desc(runs.startedAt), desc(runs.id))
    .limit(count)
  return rows.map(present)
}

/** The newest night of which a market has a run; undefined before the first. */
export const newestNight = async (db: Db, market: string): Promise<string | undefined> => {
  const [row] = await db
    .select({ night: max(runs.night) })
    .from(runs)
    .where(eq(runs.market, market))
  return row?.night ?? undefined
}

/** The runs of a market for one night, in the order they began. */
export const nightRuns = async (db: Db, market: string, night: string): Promise<readonly Run[]> => {
  const rows = await db
    .select()
    .from(runs)
    .where(and(eq(runs.market, market), eq(runs.night, night)))
    .orderBy(asc(runs.startedAt), asc(runs.id))
  return rows.map(present)
}
