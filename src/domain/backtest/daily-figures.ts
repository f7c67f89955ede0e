import type { Money } from '../money.ts'
import { finite, yearlyOf } from './bootstrap.ts'
import { equityOf, underwaterOf, worstDrawdown } from './equity.ts'
import {
  datesPerYear,
  deviationOf,
  lineOf,
  meanOf,
  sharpeOf,
  sortinoOf,
  straightnessOf,
  tailRatioOf,
} from './statistics.ts'

/** The deepest fall of what had been made, by trade dates. */
type ReportDrawdown = {
  /** Below 0; `share` is of the account's size, not of its peak: the account may be as small as on its first date. */
  readonly money: Money
  readonly share: number
  /** The first date below the high, the lowest, the first back at the high (null: not yet), and how many dates lay below it. */
  readonly from: string
  readonly bottom: string
  readonly recovered: string | null
  readonly dates: number
}

/**
 * What the trade dates came to; one without a trade counts 0. Ratios take each date's net as a share of the account's size
 * and do not compound it: the size of a position does not grow with the account. Sharpe, Sortino and Calmar are null of too few dates.
 */
export type DailyFigures = {
  readonly sharpe: number | null
  readonly sortino: number | null
  /** A year's mean net over the deepest drawdown (Young 1991, not compounded). */
  readonly calmar: number | null
  /** A year's standard deviation as a share of the account. */
  readonly volatility: number | null
  /** What the best twentieth of dates made against what the worst lost. */
  readonly tailRatio: number | null
  /** How straight the equity ran. */
  readonly straightness: number | null
  /** What of it was the market: the account's change per change of the market, and what is left over in a year, both shares. */
  readonly market: { readonly beta: number | null; readonly alpha: number | null; readonly rSquared: number | null }
  readonly drawdown: ReportDrawdown | null
  /** Columns by trade date; Money. */
  readonly days: {
    readonly date: readonly string[]
    readonly net: readonly Money[]
    readonly equity: readonly Money[]
    readonly drawdown: readonly Money[]
  }
}

/** Trade dates with their net Money and the market's last price in points. */
type Days = { readonly dates: readonly string[]; readonly nets: Float64Array; readonly closes: Float64Array }

const drawdownOf = (underwater: Float64Array, dates: readonly string[], accountSize: Money): ReportDrawdown | null => {
  const worst = worstDrawdown(underwater)
  if (worst === undefined) return null
  const { depth, from, bottom, until } = worst
  return {
    money: depth,
    share: depth / accountSize,
    from: dates[from] as string,
    bottom: dates[bottom] as string,
    recovered: dates[until] ?? null,
    dates: until - from,
  }
}

const marketOf = (returns: Float64Array, closes: Float64Array): DailyFigures['market'] => {
  const changes = closes.subarray(1).map((close, i) => close / (closes[i] as number) - 1)
  const { slope, intercept, rSquared } = lineOf(returns.subarray(1), changes)
  return { beta: finite(slope), alpha: finite(intercept * datesPerYear), rSquared: finite(rSquared) }
}

/** Judges the nets of consecutive trade dates. */
export const dailyFiguresOf = ({ dates, nets, closes }: Days, accountSize: Money): DailyFigures => {
  const returns = nets.map((net) => net / accountSize)
  const equity = equityOf(nets)
  const underwater = underwaterOf(equity)
  const drawdown = drawdownOf(underwater, dates, accountSize)
  return {
    sharpe: finite(yearlyOf(sharpeOf(returns), dates.length)),
    sortino: finite(yearlyOf(sortinoOf(returns), dates.length)),
    calmar: drawdown && finite(yearlyOf((meanOf(nets) * datesPerYear) / -drawdown.money, dates.length)),
    volatility: finite(deviationOf(returns) * Math.sqrt(datesPerYear)),
    tailRatio: finite(tailRatioOf(nets)),
    straightness: finite(straightnessOf(equity)),
    market: marketOf(returns, closes),
    drawdown,
    days: {
      date: dates,
      net: Array.from(nets),
      equity: Array.from(equity),
      drawdown: Array.from(underwater),
    },
  }
}
