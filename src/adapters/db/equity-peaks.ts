import { and, asc, eq, gte, sql } from 'drizzle-orm'
import type { Money } from '#src/domain/money.ts'
import type { Db } from './connect.ts'
import { equityPeaks } from './schema.ts'

/** The highest equity of an account on a trade date, reached at `at` (market time). */
export type EquityPeak = {
  readonly account: string
  readonly tradeDate: string
  readonly peak: Money
  readonly at: number
}

/** Keeps peaks, all or none; a lower one than is known changes nothing, so that a restart cannot lower a floor. */
export const raisePeaks = async (db: Db, book: string, peaks: readonly EquityPeak[]): Promise<void> => {
  if (peaks.length === 0) return
  await db
    .insert(equityPeaks)
    .values(peaks.map((peak) => ({ book, ...peak })))
    .onConflictDoUpdate({
      target: [equityPeaks.book, equityPeaks.account, equityPeaks.tradeDate],
      set: { peak: sql`excluded.peak`, at: sql`excluded.at` },
      setWhere: sql`excluded.peak > ${equityPeaks.peak}`,
    })
}

/** The peaks of a book since a trade date, oldest first. */
export const peaksOf = (db: Db, book: string, since = '0001-01-01'): Promise<readonly EquityPeak[]> => {
  const { account, tradeDate, peak, at } = equityPeaks
  return db
    .select({ account, tradeDate, peak, at })
    .from(equityPeaks)
    .where(and(eq(equityPeaks.book, book), gte(tradeDate, since)))
    .orderBy(asc(tradeDate), asc(account))
}
