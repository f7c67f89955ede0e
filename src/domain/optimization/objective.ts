import type { DayColumns, Objective } from './trial.ts'

/** Trade dates by index: from `from` up to, not including, `to`. */
export type DateSpan = { readonly from: number; readonly to: number }

/** What a stretch of dates came to. */
export type Tally = {
  /** Net Money. */
  readonly net: number
  /** Sums of the trades' net in R and of its squares. */
  readonly r: number
  readonly rSquared: number
  readonly trades: number
}

/** Adds up a stretch of dates. */
export const tallyOf = (days: DayColumns, { from, to }: DateSpan): Tally => {
  let net = 0
  let r = 0
  let rSquared = 0
  let trades = 0
  for (let date = from; date < to; date++) {
    net += days.net[date] as number
    r += days.r[date] as number
    rSquared += days.rSquared[date] as number
    trades += days.trades[date] as number
  }
  return { net, r, rSquared, trades }
}

/** Below this share of the squares a spread is what rounding left of none. */
const noSpread = 1e-12

/** Student's t of the mean trade against zero, mean ÷ standard deviation · √n; NaN of fewer than two or of equal trades. */
const tOf = ({ r, rSquared, trades }: Tally): number => {
  const squares = rSquared - (r * r) / trades
  return trades > 1 && squares > noSpread * rSquared ? r / Math.sqrt((trades * squares) / (trades - 1)) : Number.NaN
}

/** Mean ÷ standard deviation of the dates' net · √252 (Sharpe 1994, no riskless rate); NaN of fewer than two or equal ones. */
const sharpeOf = ({ net }: DayColumns, { from, to }: DateSpan): number => {
  const n = to - from
  let sum = 0
  for (let date = from; date < to; date++) sum += net[date] as number
  const mean = sum / n
  let squares = 0
  for (let date = from; date < to; date++) squares += ((net[date] as number) - mean) ** 2
  return n > 1 && squares > 0 ? (mean / Math.sqrt(squares / (n - 1))) * Math.sqrt(252) : Number.NaN
}

/**
 * How good a stretch of dates was, higher is better; NaN where fewer than `minimumTrades` were made or nothing can be judged.
 * 'expectancy' is the t-statistic of R a trade: a large mean of few trades does not beat a sound one of many. 'net' is Money.
 * 'sharpe' is that of the dates' net, those without a trade included, annualized by 252.
 */
export const scoreOf = (days: DayColumns, span: DateSpan, objective: Objective, minimumTrades: number): number => {
  const tally = tallyOf(days, span)
  if (tally.trades < minimumTrades) return Number.NaN
  if (objective === 'net') return tally.net
  return objective === 'expectancy' ? tOf(tally) : sharpeOf(days, span)
}

/** One row of other columns; without columns a date on which nothing was traded. */
export type DayRow = { readonly date: number; readonly days: DayColumns | undefined }

/** Columns of rows taken from others. */
export const pickDays = (rows: readonly DayRow[]): DayColumns => {
  const column = (name: keyof DayColumns): number[] => rows.map(({ date, days }) => days?.[name][date] ?? 0)
  return {
    net: Float64Array.from(column('net')),
    r: Float64Array.from(column('r')),
    rSquared: Float64Array.from(column('rSquared')),
    trades: Int32Array.from(column('trades')),
    wins: Int32Array.from(column('wins')),
  }
}
