import { proportionOf } from '../signals/calibration.ts'
import { equityOf, underwaterOf } from './equity.ts'
import { datesPerYear, meanOf, profitFactorOf, quantileOf, sharpeOf } from './statistics.ts'

/** A figure and where the true one lies in 95 of 100 cases; null where it cannot be told. */
export type Interval = { readonly value: number | null; readonly low: number | null; readonly high: number | null }

export type Intervals = {
  readonly resamples: number
  /** Of trades drawn one by one. */
  readonly expectancyR: Interval
  readonly profitFactor: Interval
  /** Wilson's. */
  readonly winRate: Interval
  /** Of dates drawn in runs: Money, annualized, Money (below 0). */
  readonly netPerDay: Interval
  readonly sharpe: Interval
  readonly maxDrawdown: Interval
}

/** What is resampled: net Money of each trade, its R (NaN without a stop), net Money of each date. */
export type Results = {
  readonly nets: Float64Array
  readonly rs: Float64Array
  readonly days: Float64Array
}

/** Of fewer trades or trade dates nobody can tell how far a figure is from the true one. */
export const fewest = 10

/** Chance in [0, 1). */
type Random = () => number

/** A number that JSON can hold. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** A ratio made of `n` trade dates; NaN where they are too few to say anything about a year. */
export const yearlyOf = (ratio: number, n: number): number => (n < fewest ? Number.NaN : ratio)

const toldOf = (interval: Interval, n: number): Interval =>
  n < fewest ? { value: interval.value, low: null, high: null } : interval

/** The middle 95 % of the resampled values (percentile interval, Efron & Tibshirani 1993), those that are no number left out; untold of fewer than `fewest`. */
const between = (value: number, resampled: Float64Array, n: number): Interval => {
  const ascending = resampled.filter((each) => !Number.isNaN(each)).sort()
  return toldOf(
    { value: finite(value), low: finite(quantileOf(ascending, 0.025)), high: finite(quantileOf(ascending, 0.975)) },
    n,
  )
}

/** Trades drawn with replacement, each as likely as any other (Efron 1979): trades of different setups know little of each other. */
const resampleTrades = ({ nets, rs }: Results, runs: number, random: Random) => {
  const n = nets.length
  const expectancyR = new Float64Array(runs)
  const profitFactor = new Float64Array(runs)
  const known = rs.map((r) => (Number.isNaN(r) ? 0 : 1))
  const r = rs.map((value) => (Number.isNaN(value) ? 0 : value))
  for (let run = 0; run < runs; run++) {
    let [sum, count, made, moved] = [0, 0, 0, 0]
    for (let draw = 0; draw < n; draw++) {
      const i = (random() * n) | 0
      const net = nets[i] as number
      sum += r[i] as number
      count += known[i] as number
      made += net
      moved += Math.abs(net)
    }
    expectancyR[run] = sum / count
    // Gains are (moved + made) / 2 and losses (moved − made) / 2: no branch on each trade.
    profitFactor[run] = (moved + made) / (moved - made)
  }
  return { expectancyR, profitFactor }
}

/**
 * Dates drawn in runs that begin anywhere and end with the same chance at every date, around the corner from the last to the
 * first (stationary bootstrap, Politis & Romano 1994): good and bad stretches stay together. Runs are n^⅓ dates long on
 * average, the rate that paper finds best.
 */
const resampleDays = ({ days }: Results, runs: number, random: Random) => {
  const n = days.length
  const ends = 1 / Math.max(1, Math.cbrt(n))
  const netPerDay = new Float64Array(runs)
  const sharpe = new Float64Array(runs)
  const maxDrawdown = new Float64Array(runs)
  for (let run = 0; run < runs; run++) {
    let [i, sum, squares, peak, worst] = [(random() * n) | 0, 0, 0, 0, 0]
    for (let draw = 0; draw < n; draw++) {
      const net = days[i] as number
      sum += net
      squares += net * net
      if (sum > peak) peak = sum
      if (sum - peak < worst) worst = sum - peak
      const chance = random()
      // A chance below `ends` is itself uniform there: one draw says both that a run begins and where.
      i = chance < ends ? ((chance / ends) * n) | 0 : i + 1 === n ? 0 : i + 1
    }
    const mean = sum / n
    netPerDay[run] = mean
    sharpe[run] = (mean / Math.sqrt(Math.max(0, squares - sum * mean) / (n - 1))) * Math.sqrt(datesPerYear)
    maxDrawdown[run] = worst
  }
  return { netPerDay, sharpe, maxDrawdown }
}

/** Intervals of 95 % around the figures a trader decides by; `random` in [0, 1) is used as often as there are trades and dates. */
export const intervalsOf = (results: Results, random: Random, resamples = 1000): Intervals => {
  const { nets, rs, days } = results
  const trades = resampleTrades(results, resamples, random)
  const dates = resampleDays(results, resamples, random)
  const won = proportionOf(nets.filter((net) => net > 0).length, nets.length)
  const known = rs.filter((r) => !Number.isNaN(r))
  const depth = underwaterOf(equityOf(days)).reduce((least, value) => Math.min(least, value), 0)
  return {
    resamples,
    expectancyR: between(meanOf(known), trades.expectancyR, known.length),
    profitFactor: between(profitFactorOf(nets), trades.profitFactor, nets.length),
    winRate: toldOf({ value: finite(won.share), low: finite(won.low), high: finite(won.high) }, nets.length),
    netPerDay: between(meanOf(days), dates.netPerDay, days.length),
    sharpe: between(yearlyOf(sharpeOf(days), days.length), dates.sharpe, days.length),
    maxDrawdown: between(depth, dates.maxDrawdown, days.length),
  }
}
