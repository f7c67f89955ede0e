import { and, asc, eq } from 'drizzle-orm'
import type { PlanVersion } from '#src/domain/signals/transition.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { planVersions as stored } from './schema.ts'

type Row = typeof stored.$inferSelect

const toVersion = ({ market: _, ...row }: Row): PlanVersion => present(row)

/**
 * Appends a version and returns it as stored; saving the same hash again returns the first.
 * Undefined, and nothing is stored, when the version's number is taken by another hash: two desks drew the same day.
 */
export const savePlanVersion = async (
  db: Db,
  market: string,
  version: PlanVersion,
): Promise<PlanVersion | undefined> => {
  await db
    .insert(stored)
    .values({ market, ...version })
    .onConflictDoNothing()
  const { tradeDate, hash } = version
  const [row] = await db
    .select()
    .from(stored)
    .where(and(eq(stored.market, market), eq(stored.tradeDate, tradeDate), eq(stored.hash, hash)))
  return row && toVersion(row)
}

/** The versions of a day's plan, first drawn first. */
export const planVersions = async (db: Db, market: string, tradeDate: string): Promise<readonly PlanVersion[]> => {
  const rows = await db
    .select()
    .from(stored)
    .where(and(eq(stored.market, market), eq(stored.tradeDate, tradeDate)))
    .orderBy(asc(stored.version))
  return rows.map(toVersion)
}
