import { flowsSince } from '#src/adapters/db/flows.ts'
import { rangeOfDate } from '#src/adapters/db/front-bars.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { BacktestDay } from '#src/domain/night/backtest-day.ts'
import type { DayStory } from '#src/domain/night/parity.ts'
import type { NightDeps } from './night-deps.ts'

/** Has the backtest walk a trade date of one market over the bars, and beside the trades, that its replay was given. */
export const backtestDate = async (
  { db, ledger, boundaries, accountSize, limits, backtestDay }: NightDeps,
  { instrument, tradeDate, bars }: Pick<BacktestDay, 'instrument' | 'tradeDate' | 'bars'>,
  signal: AbortSignal,
): Promise<DayStory> => {
  const { from } = rangeOfDate(specOf(instrument).group, tradeDate)
  const flatBy = easternMs(tradeDate, boundaries.flatBy)
  const flows = await flowsSince(db, { market: ledger, instrument }, from, flatBy)
  const fee = limits.fees[instrument]
  return backtestDay({ instrument, tradeDate, bars, flows, boundaries, accountSize, fee }, signal)
}
