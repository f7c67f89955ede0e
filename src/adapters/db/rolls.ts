import { asc, eq } from 'drizzle-orm'
import type { Roll } from '#src/domain/instruments/fronts.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { rolls } from './schema.ts'

/** Keeps decided changes of contract; one that was decided for the same trade date before stands. `at` is epoch ms. */
export const saveRolls = async (db: Db, market: string, decided: readonly Roll[], at: number): Promise<void> => {
  if (decided.length === 0) return
  await db
    .insert(rolls)
    .values(decided.map((roll) => ({ ...roll, market, decidedAt: at })))
    .onConflictDoNothing()
}

/** Every decided change of contract of a market, oldest first. */
export const rollsOf = async (db: Db, market: string): Promise<readonly Roll[]> => {
  const { instrument, tradeDate, contract, reason, volumes } = rolls
  const rows = await db
    .select({ instrument, tradeDate, contract, reason, volumes })
    .from(rolls)
    .where(eq(rolls.market, market))
    .orderBy(asc(tradeDate), asc(instrument))
  return rows.map(present)
}
