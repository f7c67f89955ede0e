import { and, asc, desc, eq, gt, lte, ne } from 'drizzle-orm'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Permutation } from '#src/domain/signals/calibration.ts'
import type { CardOutcome, MarketDate } from '#src/domain/signals/outcome.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { bars, permutationDays as days, cardOutcomes as outcomes, shadowDates } from './schema.ts'

/** Whose cards: a market's, as one version of the method draws them. */
export type Method = { readonly market: string; readonly codeVersion: string }

/** An outcome as kept; `lived` where the terminal itself lived the card. */
export type KeptOutcome = CardOutcome & { readonly lived: boolean }

const isOf = (table: typeof outcomes | typeof shadowDates | typeof days, { market, codeVersion }: Method) =>
  and(eq(table.market, market), eq(table.codeVersion, codeVersion))

const isOn = (table: typeof outcomes | typeof shadowDates, { instrument, tradeDate }: MarketDate) =>
  and(eq(table.instrument, instrument), eq(table.tradeDate, tradeDate))

/** Keeps what became of a market's cards of a trade date, all or none; what was kept of them before is replaced. */
export const saveOutcomes = (db: Db, of: Method, on: MarketDate, kept: readonly KeptOutcome[]): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.delete(outcomes).where(and(isOf(outcomes, of), isOn(outcomes, on)))
    if (kept.length > 0) await tx.insert(outcomes).values(kept.map((outcome) => ({ ...of, ...outcome })))
    const played = { ...of, ...on, cards: kept.length }
    await tx
      .insert(shadowDates)
      .values(played)
      .onConflictDoUpdate({
        target: [shadowDates.market, shadowDates.codeVersion, shadowDates.instrument, shadowDates.tradeDate],
        set: { cards: played.cards },
      })
  })

/** The trade dates of a market the method was tried on. */
export const playedDates = async (db: Db, of: Method, instrument: InstrumentId): Promise<ReadonlySet<string>> => {
  const rows = await db
    .select({ tradeDate: shadowDates.tradeDate })
    .from(shadowDates)
    .where(and(isOf(shadowDates, of), eq(shadowDates.instrument, instrument)))
  return new Set(rows.map(({ tradeDate }) => tradeDate))
}

/** Outcomes up to a trade date in the order of their ids, which begin with it: the first `limit` after the id `after`. */
export const outcomesAfter = async (
  db: Db,
  of: Method,
  { after, until, limit }: { readonly after: string; readonly until: string; readonly limit: number },
): Promise<readonly KeptOutcome[]> => {
  const rows = await db
    .select()
    .from(outcomes)
    .where(and(isOf(outcomes, of), gt(outcomes.cardId, after), lte(outcomes.tradeDate, until)))
    .orderBy(asc(outcomes.cardId))
    .limit(limit)
  return rows.map(({ market: _, codeVersion: __, ...row }) => present(row))
}

/** The cards of a market date that were lived under another version: they say nothing about this one. */
export const livedElsewhere = async (
  db: Db,
  { market, codeVersion }: Method,
  on: MarketDate,
): Promise<ReadonlySet<string>> => {
  const isElsewhere = and(eq(outcomes.market, market), ne(outcomes.codeVersion, codeVersion), eq(outcomes.lived, true))
  const rows = await db
    .select({ cardId: outcomes.cardId })
    .from(outcomes)
    .where(and(isElsewhere, isOn(outcomes, on)))
  return new Set(rows.map(({ cardId }) => cardId))
}

/** A permutation test over everything up to the end of a trade date. */
export type PermutationDay = Permutation & { readonly tradeDate: string }

/** Keeps the test of a trade date; made again, it replaces the one before. */
export const savePermutation = async (db: Db, of: Method, { tradeDate, ...test }: PermutationDay): Promise<void> => {
  await db
    .insert(days)
    .values({ ...of, tradeDate, ...test })
    .onConflictDoUpdate({ target: [days.market, days.codeVersion, days.tradeDate], set: test })
}

/** The tests of the last `limit` trade dates up to one, newest first. */
export const permutationDays = async (
  db: Db,
  of: Method,
  { until, limit }: { readonly until: string; readonly limit: number },
): Promise<readonly PermutationDay[]> => {
  const rows = await db
    .select()
    .from(days)
    .where(and(isOf(days, of), lte(days.tradeDate, until)))
    .orderBy(desc(days.tradeDate))
    .limit(limit)
  return rows.map(({ market: _, codeVersion: __, ...row }) => row)
}

/** The bars stored of one contract (yyyymm): times of the first and the last. */
export type StoredContract = { readonly contract: number; readonly first: number; readonly last: number }

/** What is stored of a market, nearest contract first. Every step is one look into the primary key, however many bars there are. */
export const storedContracts = async (
  db: Db,
  { market, instrument }: { readonly market: string; readonly instrument: InstrumentId },
): Promise<readonly StoredContract[]> => {
  const own = and(eq(bars.market, market), eq(bars.instrument, instrument))
  const stored: StoredContract[] = []
  for (let contract = 0; ; ) {
    const [low] = await db
      .select({ contract: bars.contract, time: bars.time })
      .from(bars)
      .where(and(own, gt(bars.contract, contract)))
      .orderBy(asc(bars.contract), asc(bars.time))
      .limit(1)
    if (low === undefined) return stored
    contract = low.contract
    const [high] = await db
      .select({ time: bars.time })
      .from(bars)
      .where(and(own, eq(bars.contract, contract)))
      .orderBy(desc(bars.time))
      .limit(1)
    stored.push({ contract, first: low.time, last: high?.time ?? low.time })
  }
}
