import { and, count, desc, eq, gt, gte, isNull, lte, sql } from 'drizzle-orm'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { coverDate, type DateCoverage } from '#src/domain/market/coverage.ts'
import { mergeBars, supersedes } from '#src/domain/market/merge.ts'
import { type BarsOf, saveBars } from './bars.ts'
import type { Db } from './connect.ts'
import { rangeOfDate, readRecords } from './front-bars.ts'
import { present } from './present.ts'
import { coverage, gaps } from './schema.ts'

/** One trade date of one contract. */
type DateOf = BarsOf & { readonly tradeDate: string }

/** What a source answered about a trade date: its bars, and that they are all there are before `askedTo` (epoch ms). */
type Answer = {
  readonly source: string
  readonly bars: readonly RecordedBar[]
  readonly askedTo: number
  /** Bars it sent more than once. */
  readonly duplicates: number
}

/** How far a source was asked about a trade date, and how many minutes are held of it. */
export type Asked = {
  readonly instrument: InstrumentId
  readonly contract: number
  readonly tradeDate: string
  readonly askedTo: number
  readonly present: number
}

export type Gap = typeof gaps.$inferSelect
type GapOf = Pick<Gap, 'market' | 'instrument' | 'contract' | 'from' | 'to' | 'reason'>

const isDate = ({ market, instrument, contract, tradeDate }: DateOf) =>
  and(
    eq(coverage.market, market),
    eq(coverage.instrument, instrument),
    eq(coverage.contract, contract),
    eq(coverage.tradeDate, tradeDate),
  )

const isOpenGap = ({ market, instrument, contract }: BarsOf) =>
  and(eq(gaps.market, market), eq(gaps.instrument, instrument), eq(gaps.contract, contract), isNull(gaps.filledAt))

const says = ({ open, high, low, close, volume, finality, source }: RecordedBar): string =>
  [open, high, low, close, volume, finality, source].join()

/** The bars that are new, or replace one that is held; what a source only says again is neither. */
const newer = (held: readonly RecordedBar[], sent: readonly RecordedBar[]): readonly RecordedBar[] => {
  const byTime = new Map(held.map((bar) => [bar.time, bar]))
  return sent.filter((bar) => {
    const known = byTime.get(bar.time)
    return known === undefined || (supersedes(bar, known) && says(bar) !== says(known))
  })
}

/** Counts the new bars that fell into a date's open gaps, and closes those the source has answered for to their end. */
const closeGaps = async (
  db: Db,
  { since, ...of }: BarsOf & { readonly since: number },
  fresh: readonly RecordedBar[],
  askedTo: number,
  wall: number,
): Promise<void> => {
  const open = await db
    .select()
    .from(gaps)
    .where(and(isOpenGap(of), gt(gaps.to, since)))
  for (const { id, from, to, bars } of open) {
    const more = fresh.filter(({ time }) => time >= from && time < to).length
    if (more === 0 && to > askedTo) continue
    const filledAt = to <= askedTo ? wall : null
    await db
      .update(gaps)
      .set({ bars: bars + more, filledAt })
      .where(eq(gaps.id, id))
  }
}

/**
 * Counts what is held of a trade date at market time `now`, after keeping what a source answered about it where there is
 * an answer: bars, count, how far it was asked and the gaps this fills are kept together or not at all. `fresh` are the
 * answer's bars that were new or better than those held. `wall` is the machine's time, epoch ms.
 */
export const coverStored = (
  db: Db,
  { answer, now, wall, ...of }: DateOf & { readonly answer?: Answer; readonly now: number; readonly wall: number },
): Promise<{ readonly coverage: DateCoverage; readonly askedTo: number; readonly fresh: readonly RecordedBar[] }> =>
  db.transaction(async (tx) => {
    const { market, instrument, contract, tradeDate } = of
    // Who counts and who keeps an answer at the same time must not forget what the other learned.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${[market, instrument, contract, tradeDate].join()}, 0))`,
    )
    const range = rangeOfDate(specOf(instrument).group, tradeDate)
    const held = await readRecords(tx, { market, instrument, contract, ...range })
    const fresh = answer === undefined ? [] : newer(held, answer.bars)
    if (fresh.length > 0) await saveBars(tx, { market, instrument, contract, bars: fresh })
    const bars = mergeBars(held, fresh)
    const [known] = await tx.select().from(coverage).where(isDate(of))
    const askedTo = Math.max(known?.askedTo ?? 0, answer?.askedTo ?? 0)
    const duplicates = (known?.duplicates ?? 0) + (answer?.duplicates ?? 0)
    const counted = coverDate({ id: instrument, tradeDate, contract, bars, askedTo, now, duplicates })
    const row = { ...counted, askedTo, source: answer?.source ?? known?.source ?? null, checkedAt: wall }
    await tx
      .insert(coverage)
      .values({ market, instrument, ...row })
      .onConflictDoUpdate({
        target: [coverage.market, coverage.instrument, coverage.contract, coverage.tradeDate],
        set: row,
      })
    if (answer !== undefined)
      await closeGaps(tx, { market, instrument, contract, since: range.from }, fresh, askedTo, wall)
    return { coverage: counted, askedTo, fresh }
  })

/** How far every trade date of a market was asked about. */
export const askedOf = (db: Db, market: string): Promise<readonly Asked[]> => {
  const { instrument, contract, tradeDate, askedTo, present: held } = coverage
  return db
    .select({ instrument, contract, tradeDate, askedTo, present: held })
    .from(coverage)
    .where(eq(coverage.market, market))
}

/**
 * Notes minutes that were missed or seen in part, found at machine time `foundAt`. Those that touch a gap still open make
 * that one longer.
 */
export const noteGap = (db: Db, { foundAt, ...gap }: GapOf & { readonly foundAt: number }): Promise<void> =>
  db.transaction(async (tx) => {
    const { from, to } = gap
    const [open] = await tx
      .select()
      .from(gaps)
      .where(and(isOpenGap(gap), lte(gaps.from, to), gte(gaps.to, from)))
      .limit(1)
    if (open === undefined) await tx.insert(gaps).values({ ...gap, foundAt })
    else
      await tx
        .update(gaps)
        .set({ from: Math.min(from, open.from), to: Math.max(to, open.to) })
        .where(eq(gaps.id, open.id))
  })

/** Keeps a gap that was found only because the source had more than was held: it is filled already. */
export const noteFilledGap = async (
  db: Db,
  gap: GapOf & { readonly bars: number; readonly at: number },
): Promise<void> => {
  const { at, ...found } = gap
  await db.insert(gaps).values({ ...found, foundAt: at, filledAt: at })
}

/** How many gaps of a market were found since an instant of machine time, and how many of those are filled. */
export const countGaps = async (
  db: Db,
  market: string,
  since: number,
): Promise<{ readonly found: number; readonly filled: number }> => {
  const [row] = await db
    .select({ found: count(), filled: count(gaps.filledAt) })
    .from(gaps)
    .where(and(eq(gaps.market, market), gte(gaps.foundAt, since)))
  return row ?? { found: 0, filled: 0 }
}

/** The newest gaps of a market, newest first. */
export const latestGaps = async (db: Db, market: string, most: number) => {
  const rows = await db
    .select()
    .from(gaps)
    .where(eq(gaps.market, market))
    .orderBy(desc(gaps.foundAt), desc(gaps.id))
    .limit(most)
  return rows.map(present)
}
