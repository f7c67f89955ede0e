import { asc, desc, eq } from 'drizzle-orm'
import type { BacktestSpec, ReportSummary } from '#src/domain/backtest/backtest-spec.ts'
import type { Report } from '#src/domain/backtest/report.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { reports } from './schema.ts'
import { idOf } from './studies.ts'

/** A backtest as kept; `madeAt` is epoch ms of the machine. */
export type KeptReport = {
  readonly id: string
  readonly market: string
  readonly spec: BacktestSpec
  readonly report: Report
  readonly madeAt: number
  readonly night?: string
}

/** A backtest as a list shows it. */
export type ListedReport = Pick<KeptReport, 'id' | 'spec' | 'madeAt'> & { readonly summary: ReportSummary }

/** The id of a backtest: by everything that fixes its outcome. */
export const reportId = (market: string, spec: BacktestSpec): string => idOf(market, spec)

const summaryOf = ({ trades, net, expectancy, profitFactor, sharpe, drawdown }: Report): ReportSummary => ({
  ...{ trades, net, profitFactor, sharpe },
  expectancyR: expectancy.r,
  maxDrawdown: drawdown?.money ?? 0,
})

/** Keeps a report once: made again, it is the same. Returns its id. */
export const saveReport = async (db: Db, { night, ...kept }: Omit<KeptReport, 'id'>): Promise<string> => {
  const id = reportId(kept.market, kept.spec)
  await db
    .insert(reports)
    .values({ id, ...kept, summary: summaryOf(kept.report), night: night ?? null })
    .onConflictDoNothing()
  return id
}

/** A report by its id. */
export const reportOfId = async (db: Db, id: string): Promise<KeptReport | undefined> => {
  const [row] = await db.select().from(reports).where(eq(reports.id, id))
  if (row === undefined) return undefined
  const { summary: _, ...kept } = row
  return present(kept)
}

/** The newest reports of a market, newest first. */
export const latestReports = (db: Db, market: string, limit: number): Promise<readonly ListedReport[]> =>
  db
    .select({ id: reports.id, spec: reports.spec, madeAt: reports.madeAt, summary: reports.summary })
    .from(reports)
    .where(eq(reports.market, market))
    .orderBy(desc(reports.madeAt), asc(reports.id))
    .limit(limit)
