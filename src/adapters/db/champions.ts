import { and, asc, desc, eq, lte } from 'drizzle-orm'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import type { Db } from './connect.ts'
import { champions } from './schema.ts'

/** The parameters a strategy has in a market from a trade date on, and why. */
export type Champion = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly from: string
  readonly parameters: Parameters
  readonly study: string
  readonly words: string
  readonly decidedAt: number
}

/** Puts a champion in force from its trade date; decided twice for one date, the first decision stands. */
export const crown = async (db: Db, market: string, champion: Champion): Promise<void> => {
  await db
    .insert(champions)
    .values({ market, ...champion })
    .onConflictDoNothing()
}

/** The champion of a strategy in a market on a trade date; undefined while the strategy's own defaults stand. */
export const championOn = async (
  db: Db,
  market: string,
  { instrument, strategy, tradeDate }: Pick<Champion, 'instrument' | 'strategy'> & { readonly tradeDate: string },
): Promise<Champion | undefined> => {
  const [row] = await db
    .select()
    .from(champions)
    .where(
      and(
        eq(champions.market, market),
        eq(champions.instrument, instrument),
        eq(champions.strategy, strategy),
        lte(champions.from, tradeDate),
      ),
    )
    .orderBy(desc(champions.from))
    .limit(1)
  return row
}

/** Every change of champion of a market, newest first. */
export const championHistory = async (db: Db, market: string, limit: number): Promise<readonly Champion[]> =>
  db
    .select()
    .from(champions)
    .where(eq(champions.market, market))
    .orderBy(desc(champions.decidedAt), asc(champions.instrument), asc(champions.strategy))
    .limit(limit)
