import type { Db } from '#src/adapters/db/connect.ts'
import { rangeOfDate } from '#src/adapters/db/front-bars.ts'
import { hashOfColumns, readFrontColumns } from '#src/adapters/db/front-columns.ts'
import { type History, historyOf, sharedColumn } from '#src/domain/backtest/history.ts'
import type { Prepared } from '#src/domain/backtest/strategy.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { Pool } from '../threads/pool.ts'

/** The bars of one market between two trade dates, laid out for threads. */
export type Ground = {
  readonly market: string
  readonly instrument: InstrumentId
  readonly history: History
  readonly dataHash: string
}

type Wanted = {
  readonly market: string
  readonly instrument: InstrumentId
  /** First and last trade date. */
  readonly from: string
  readonly to: string
  /** The minute of the New York day at which everything is left. */
  readonly flatBy: number
  readonly fronts: Fronts
}

/** The last bars in which what is left at flat-by is filled. */
const settledMinutes = 5

/** When nothing more can happen to a day trader on a trade date, epoch ms. */
export const endOfDay = (tradeDate: string, flatBy: number): number => easternMs(tradeDate, flatBy + settledMinutes)

/**
 * Reads a market's bars between two trade dates into memory that threads share. The last date is read to the end of the
 * trader's day: what comes in later that afternoon would make another history of it, hour by hour.
 */
export const openGround = async (db: Db, { market, instrument, from, to, flatBy, fronts }: Wanted): Promise<Ground> => {
  const spec = specOf(instrument)
  const range = { from: rangeOfDate(spec.group, from).from, to: endOfDay(to, flatBy) }
  const columns = await readFrontColumns(db, market, instrument, range, { fronts })
  const dataHash = await hashOfColumns(columns)
  return { market, instrument, history: historyOf(spec, columns, sharedColumn), dataHash }
}

/** What one strategy needs of the ground beside its bars. */
export type PreparedStage = Ground & { readonly strategy: string; readonly prepared: Prepared }

/** Has a thread prepare what a strategy needs of the ground; the columns it made lie in shared memory. */
export const prepareStage = async (
  pool: Pool,
  ground: Ground,
  strategy: string,
  signal?: AbortSignal,
): Promise<PreparedStage> => {
  const { instrument, history } = ground
  const prepared = (await pool.ask('prepare', { instrument, strategy, history }, signal)) as Prepared
  return { ...ground, strategy, prepared }
}
