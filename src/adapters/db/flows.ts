import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import type { BarsOf } from './bars.ts'
import type { Db } from './connect.ts'
import { minuteFlows } from './schema.ts'

/** Keeps who crossed the spread in whole minutes; what is told again replaces what was told of that minute. */
export const saveFlows = async (db: Db, of: BarsOf, flows: readonly MinuteFlow[]): Promise<void> => {
  if (flows.length === 0) return
  const rows = flows.map(({ time, buy, sell, basis, levels, after = null }) => ({
    ...of,
    ...{ time, buy, sell, basis, after },
    levels: [...(levels ?? [])],
  }))
  await db
    .insert(minuteFlows)
    .values([...new Map(rows.map((row) => [row.time, row])).values()])
    .onConflictDoUpdate({
      target: [minuteFlows.market, minuteFlows.instrument, minuteFlows.contract, minuteFlows.time],
      set: {
        buy: sql`excluded.buy`,
        sell: sql`excluded.sell`,
        basis: sql`excluded.basis`,
        levels: sql`excluded.levels`,
        after: sql`excluded.after`,
      },
    })
}

type FlowsOf = Omit<BarsOf, 'contract'>

const isIn = (of: FlowsOf, from: number, to: number) =>
  and(
    eq(minuteFlows.market, of.market),
    eq(minuteFlows.instrument, of.instrument),
    gte(minuteFlows.time, from),
    lt(minuteFlows.time, to),
  )

/** The flows kept of a market's minutes in [from, to), epoch ms, oldest first, whatever contract was the front. */
export const flowsSince = async (
  db: Db,
  of: FlowsOf,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER,
): Promise<readonly MinuteFlow[]> => {
  const rows = await db
    .select()
    .from(minuteFlows)
    .where(isIn(of, from, to))
    .orderBy(asc(minuteFlows.time))
  return rows.map(({ time, buy, sell, basis, levels, after }) => ({
    ...{ time, buy, sell, basis, levels: new Map(levels) },
    ...(after !== null && { after }),
  }))
}

/** The same without what traded at each price, which is most of what is kept. */
export const deltasSince = (db: Db, of: FlowsOf, from: number, to: number): Promise<readonly MinuteFlow[]> => {
  const { time, buy, sell, basis } = minuteFlows
  return db
    .select({ time, buy, sell, basis })
    .from(minuteFlows)
    .where(isIn(of, from, to))
    .orderBy(asc(time))
}
