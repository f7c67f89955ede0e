import { createHash } from 'node:crypto'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { StudySpec, Trial } from '#src/domain/optimization/trial.ts'
import { unpackDays } from '../packed-days.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { studies, type studyStates, trials } from './schema.ts'

export type StudyState = (typeof studyStates)[number]

/** An optimisation as kept. Times are epoch ms of the machine. */
export type Study = {
  readonly id: string
  readonly market: string
  readonly spec: StudySpec
  readonly state: StudyState
  readonly askedAt: number
  readonly endedAt?: number
  readonly night?: string
  readonly result?: StudyResult
  readonly reason?: string
}

const byName = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The id of whatever is fixed by these values: SHA-256 over their JSON, names in order. */
export const idOf = (...values: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(values, (_, value) => byName(value)))
    .digest('hex')

/** Keeps a study to be done; one that was done or is under way stays as it is, one that was given up goes on. Returns its id. */
export const askStudy = async (
  db: Db,
  { market, spec, askedAt, night }: Pick<Study, 'market' | 'spec' | 'askedAt' | 'night'>,
): Promise<string> => {
  const id = idOf(market, spec)
  await db
    .insert(studies)
    .values({ id, market, spec, askedAt, night: night ?? null, state: 'waiting' })
    .onConflictDoUpdate({
      target: studies.id,
      set: { state: 'waiting', askedAt, endedAt: null, reason: null },
      setWhere: inArray(studies.state, ['cancelled', 'failed']),
    })
  return id
}

/** A study by its id. */
export const studyOf = async (db: Db, id: string): Promise<Study | undefined> => {
  const [row] = await db.select().from(studies).where(eq(studies.id, id))
  return row && present(row)
}

/** A study as a list shows it: of its result, which is large, only how much was tried, the decision in words and the verdict. */
export type ListedStudy = Omit<Study, 'result' | 'market'> & {
  readonly tried?: number
  readonly words?: string
  readonly passed?: boolean
}

/** The newest studies of a market, newest first. */
export const latestStudies = async (db: Db, market: string, limit: number): Promise<readonly ListedStudy[]> => {
  const { id, spec, state, askedAt, endedAt, night, reason, result } = studies
  const rows = await db
    .select({
      ...{ id, spec, state, askedAt, endedAt, night, reason },
      tried: sql<number | null>`(${result}->>'tried')::integer`,
      words: sql<string | null>`${result}->'decision'->>'words'`,
      passed: sql<boolean | null>`(${result}->'honesty'->>'passed')::boolean`,
    })
    .from(studies)
    .where(eq(studies.market, market))
    .orderBy(desc(studies.askedAt), asc(studies.id))
    .limit(limit)
  return rows.map(present)
}

/** The studies of a market that are not over, oldest first: what a start goes on with. */
export const openStudies = async (db: Db, market: string): Promise<readonly Study[]> => {
  const rows = await db
    .select()
    .from(studies)
    .where(and(eq(studies.market, market), inArray(studies.state, ['waiting', 'running'])))
    .orderBy(asc(studies.askedAt), asc(studies.id))
  return rows.map(present)
}

/** The studies a night has asked for, oldest first. */
export const studiesOfNight = async (db: Db, market: string, night: string): Promise<readonly Study[]> => {
  const rows = await db
    .select()
    .from(studies)
    .where(and(eq(studies.market, market), eq(studies.night, night)))
    .orderBy(asc(studies.askedAt), asc(studies.id))
  return rows.map(present)
}

/** The studies of a market that are done on bars up to a trade date, oldest first, whoever asked for them. */
export const studiesUpTo = async (db: Db, market: string, tradeDate: string): Promise<readonly Study[]> => {
  const isUpTo = sql`${studies.spec}->>'to' = ${tradeDate}`
  const rows = await db
    .select()
    .from(studies)
    .where(and(eq(studies.market, market), eq(studies.state, 'done'), isUpTo))
    .orderBy(asc(studies.askedAt), asc(studies.id))
  return rows.map(present)
}

/** Keeps why the challenger of a study that is done was not put in force though it had won. */
export const overruleStudy = async (db: Db, id: string, reason: string): Promise<void> => {
  await db
    .update(studies)
    .set({ reason })
    .where(and(eq(studies.id, id), eq(studies.state, 'done')))
}

/** Moves a study that is not over to another state; false when it was over already, and then nothing changes. */
export const moveStudy = async (
  db: Db,
  id: string,
  to: { readonly state: StudyState; readonly at: number; readonly result?: StudyResult; readonly reason?: string },
): Promise<boolean> => {
  const isOver = to.state !== 'waiting' && to.state !== 'running'
  const moved = await db
    .update(studies)
    .set({
      state: to.state,
      ...(isOver && { endedAt: to.at }),
      ...(to.result && { result: to.result }),
      ...(to.reason !== undefined && { reason: to.reason }),
    })
    .where(and(eq(studies.id, id), inArray(studies.state, ['waiting', 'running'])))
    .returning({ id: studies.id })
  return moved.length > 0
}

/** A trial as it is kept and handed around: only who reads its days unpacks them. */
export type PackedTrial = Omit<Trial, 'days'> & { readonly packed: Uint8Array }

/** Keeps trials, all or none. Whoever computed one first is right: a second time gives the same numbers and is dropped. */
export const saveTrials = async (db: Db, study: string, made: readonly PackedTrial[]): Promise<void> => {
  if (made.length === 0) return
  await db
    .insert(trials)
    .values(made.map(({ number, parameters, packed }) => ({ study, number, parameters, days: packed })))
    .onConflictDoNothing()
}

/** The trials of a study that are kept, by number; of some numbers only, where these are given. */
export const packedTrialsOf = async (
  db: Db,
  study: string,
  numbers?: readonly number[],
): Promise<readonly PackedTrial[]> => {
  const wanted = numbers === undefined ? undefined : inArray(trials.number, [...numbers])
  const rows = await db
    .select()
    .from(trials)
    .where(and(eq(trials.study, study), wanted))
    .orderBy(asc(trials.number))
  return rows.map(({ number, parameters, days }) => ({ number, parameters, packed: days }))
}

/** The trials of a study that are kept, by number, with their days. */
export const trialsOf = async (db: Db, study: string): Promise<readonly Trial[]> =>
  (await packedTrialsOf(db, study)).map(({ packed, ...trial }) => ({ ...trial, days: unpackDays(packed) }))

/** Which of the given numbers of a study are kept. */
export const keptTrials = async (db: Db, study: string, numbers: readonly number[]): Promise<ReadonlySet<number>> => {
  const rows = await db
    .select({ number: trials.number })
    .from(trials)
    .where(and(eq(trials.study, study), inArray(trials.number, [...numbers])))
  return new Set(rows.map(({ number }) => number))
}

/** What a trial is, apart from what it made. */
export type Proposal = { readonly number: number; readonly parameters: Parameters }
