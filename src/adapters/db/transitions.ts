import { and, asc, eq } from 'drizzle-orm'
import type { CardTransition } from '#src/domain/signals/transition.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { cardTransitions } from './schema.ts'

/** Saves transitions, all or none; one already stored stays as it is, so a retry is safe. */
export const saveTransitions = async (
  db: Db,
  market: string,
  transitions: readonly CardTransition[],
): Promise<void> => {
  if (transitions.length === 0) return
  await db
    .insert(cardTransitions)
    .values(transitions.map((transition) => ({ market, ...transition })))
    .onConflictDoNothing()
}

/** What happened to the cards of a trade date, in market-time order. */
export const transitionsOf = async (db: Db, market: string, tradeDate: string): Promise<readonly CardTransition[]> => {
  const rows = await db
    .select()
    .from(cardTransitions)
    .where(and(eq(cardTransitions.market, market), eq(cardTransitions.tradeDate, tradeDate)))
    .orderBy(asc(cardTransitions.at), asc(cardTransitions.order))
  return rows.map(({ market: _, order: __, ...row }) => present(row))
}
