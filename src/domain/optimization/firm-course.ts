import type { Money } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import { floorOf } from '../risk/floor.ts'

/** A trade date's net, and how far up and down it had been on the way, as far as that is known. Money. */
export type TradedDay = { readonly net: Money; readonly worst?: Money; readonly best?: Money }

/** An account before the first day: what `StandingState` knows of it. */
export type Standpoint = {
  readonly balance: Money
  readonly peak: Money
  readonly bestDay: Money
  readonly days: number
}

/** Days as a plan sees them: where each goes up to, down to, and ends, from its morning; a soft daily limit ends it. */
export type DayPaths = { readonly up: Float64Array; readonly down: Float64Array; readonly end: Float64Array }

/** Lays days out for a plan, the hard way round: up to the best first, then down to the worst. */
export const dayPathsOf = ({ dailyLoss }: FirmRules, days: readonly TradedDay[]): DayPaths => {
  const soft = dailyLoss?.mode === 'soft-lock' ? dailyLoss : undefined
  const paths = days.map(({ net, worst = 0, best = 0 }) => {
    const low = Math.min(0, net, worst)
    const locks = soft !== undefined && (soft.basis === 'equity' ? low : net) <= -soft.amount
    return { up: Math.max(0, net, best), down: locks ? -soft.amount : low, end: locks ? -soft.amount : net }
  })
  return {
    up: Float64Array.from(paths, ({ up }) => up),
    down: Float64Array.from(paths, ({ down }) => down),
    end: Float64Array.from(paths, ({ end }) => end),
  }
}

export const startOf = ({ startBalance }: FirmRules): Standpoint => ({
  balance: startBalance,
  peak: startBalance,
  bestDay: 0,
  days: 0,
})

/** How a course of days went; the counts are the days played, `paid` the Money taken out on the way. */
export type Course = {
  outcome: 'passed' | 'broken' | 'running'
  rule: 'drawdown' | 'daily-loss' | undefined
  played: number
  balance: Money
  paid: Money
}

/** 'pass' plays until the target is reached, 'payout' takes money out whenever the plan allows, as long as the days last. */
export type Aim = 'pass' | 'payout'

const wholeShare = 10_000

/**
 * Plays `order` (indexes into the days) from place `first` up to `last` and writes how it went: the rules of `replayPlan`,
 * day by day, in plain numbers, made for hundreds of thousands of courses; a test holds the two equal. A daily limit is
 * counted by trade date. A payout takes what lies above the buffer and leaves the plan's whole drawdown above the floor;
 * after it the days and the best day are counted anew. The account may not be broken already.
 */
export const createCourse = (rules: FirmRules, { up, down, end }: DayPaths, aim: Aim, from: Standpoint) => {
  const { startBalance, drawdown, dailyLoss, consistency, profitTarget, minDays = 0, payoutBuffer = 0 } = rules
  const { amount, kind, checkedIntraday } = drawdown
  const isIntraday = kind === 'trailing-intraday'
  const countsOpen = isIntraday && drawdown.includesOpen
  const breach = dailyLoss?.mode === 'breach' ? dailyLoss.amount : Number.POSITIVE_INFINITY
  const openBreach = dailyLoss?.basis === 'equity' ? breach : Number.POSITIVE_INFINITY
  // Where the floor stops. A static one has stopped before it began: it is that of a peak without bound.
  const ceiling = floorOf(rules, Number.POSITIVE_INFINITY)
  const firstPeak = kind === 'static' ? Number.POSITIVE_INFINITY : from.peak
  const scope = aim === 'pass' ? 'evaluation' : 'payout'
  const isWeighed = consistency?.scope === scope
  const weight = Math.round((consistency?.bestDayMaxShare ?? 0) * wholeShare)
  const least = startBalance + (aim === 'pass' ? (profitTarget ?? Number.POSITIVE_INFINITY) : payoutBuffer)

  return (order: Int32Array, first: number, last: number, course: Course): void => {
    let { balance, bestDay, days } = from
    let peak = firstPeak
    let base = startBalance
    let paid = 0
    let outcome: Course['outcome'] = 'running'
    let rule: Course['rule']
    let i = first
    while (i < last) {
      const day = order[i++] as number
      const made = end[day] as number
      const low = down[day] as number
      if (countsOpen) peak = Math.max(peak, balance + (up[day] as number))
      if (checkedIntraday && balance + low <= Math.min(peak - amount, ceiling)) rule = 'drawdown'
      else if (-low >= openBreach) rule = 'daily-loss'
      balance += made
      if (isIntraday) peak = Math.max(peak, balance)
      const fell = balance <= Math.min(peak - amount, ceiling)
      if (rule === undefined) {
        if (fell && checkedIntraday) rule = 'drawdown'
        else if (-made >= breach) rule = 'daily-loss'
        else if (fell) rule = 'drawdown'
      }
      if (rule !== undefined) {
        outcome = 'broken'
        break
      }
      peak = Math.max(peak, balance)
      bestDay = Math.max(bestDay, made)
      if (made !== 0) days++
      if (balance < least || days < minDays) continue
      if (isWeighed && bestDay > 0 && bestDay * wholeShare > weight * (balance - base)) continue
      if (aim === 'pass') {
        outcome = 'passed'
        break
      }
      const stays = Math.max(least, Math.min(peak - amount, ceiling) + amount)
      if (balance <= stays) continue
      paid += balance - stays
      balance = stays
      base = stays
      bestDay = 0
      days = 0
    }
    course.outcome = outcome
    course.rule = rule
    course.played = i - first
    course.balance = balance
    course.paid = paid
  }
}
