import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Alert, NewAlert } from '#src/domain/signals/transition.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { alerts } from './schema.ts'

const toAlert = ({ market: _, ...row }: typeof alerts.$inferSelect): Alert => present(row)

/**
 * Stores alerts, all or none, and returns those whose key was new, ids ascending in the given order.
 * One process raises alerts: with two, a smaller id could become visible after a larger one.
 */
export const raiseAlerts = async (db: Db, market: string, raised: readonly NewAlert[]): Promise<readonly Alert[]> => {
  if (raised.length === 0) return []
  const rows = await db
    .insert(alerts)
    .values(raised.map((alert) => ({ market, ...alert })))
    .onConflictDoNothing({ target: [alerts.market, alerts.key] })
    .returning()
  return rows.map(toAlert).sort((a, b) => a.id - b.id)
}

/** Acknowledges an alert at machine time `at`; the first click counts. False when there is no such alert. */
export const acknowledgeAlert = async (db: Db, market: string, id: number, at: number): Promise<boolean> => {
  const rows = await db
    .update(alerts)
    .set({ acknowledgedAt: sql`coalesce(${alerts.acknowledgedAt}, ${at})` })
    .where(and(eq(alerts.market, market), eq(alerts.id, id)))
    .returning({ id: alerts.id })
  return rows.length > 0
}

/** The newest `count` alerts raised at or before market time `notAfter`, newest first. */
export const latestAlerts = async (
  db: Db,
  market: string,
  count: number,
  notAfter: number,
): Promise<readonly Alert[]> => {
  const rows = await db
    .select()
    .from(alerts)
    .where(and(eq(alerts.market, market), lte(alerts.at, notAfter)))
    .orderBy(desc(alerts.at), desc(alerts.id))
    .limit(count)
  return rows.map(toAlert)
}

/** Alerts stored after the one with `id`, in the order they were stored. */
export const alertsAfter = async (db: Db, market: string, id: number): Promise<readonly Alert[]> => {
  const rows = await db
    .select()
    .from(alerts)
    .where(and(eq(alerts.market, market), gt(alerts.id, id)))
    .orderBy(asc(alerts.id))
  return rows.map(toAlert)
}
