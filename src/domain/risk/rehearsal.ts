import { easternMs } from '../instruments/zone.ts'
import type { Money } from '../money.ts'
import type { FirmRules } from './firm-rules.ts'
import { closeDay, type StandingState, standingOf, startStanding, stepStanding } from './headroom.ts'
import { inDollars } from './in-dollars.ts'
import { stillMissing } from './payout.ts'

/** A past day: its net, and how far down and up it had been on the way. Money; what is not known is taken from the net. */
export type PastDay = {
  readonly tradeDate: string
  readonly net: Money
  readonly worst?: Money
  readonly best?: Money
}

/** How a plan would have gone over past days. `on` is the trade date it was passed or broken. */
export type Rehearsal = {
  readonly outcome: 'passed' | 'broken' | 'running'
  readonly on?: string
  readonly rule?: 'drawdown' | 'daily-loss'
  /** Days played, and on how many of them a soft limit ended the day. */
  readonly days: number
  readonly lockedDays: number
  readonly balance: Money
  readonly lowestHeadroom: Money
  /** 'passed on 2026-10-14', 'ended on 2026-10-02: drawdown', 'would still run at $2,600; missing: $400 more profit'. */
  readonly words: string
}

type Course = { readonly state: StandingState; readonly lowest: Money; readonly locked: boolean }

const ten = 600
const two = 840
const four = 960

/** One day the hard way round: up to its best first, so that a floor that trails has risen, then down to its worst. */
const playDay = (state: StandingState, rules: FirmRules, { tradeDate, net, worst, best }: PastDay): Course => {
  const balance = state.balance
  const limit = rules.dailyLoss
  const low = Math.min(0, net, worst ?? 0)
  const isSoft = limit?.mode === 'soft-lock' && (limit.basis === 'equity' ? low : net) <= -limit.amount
  const end = isSoft ? -limit.amount : net
  const at = (minute: number): number => easternMs(tradeDate, minute)
  const up = stepStanding(state, rules, { at: at(ten), balance, openNet: Math.max(0, net, best ?? 0) })
  const down = stepStanding(up, rules, { at: at(two), balance, openNet: isSoft ? end : low })
  const shut = stepStanding(down, rules, { at: at(four), balance: balance + end, openNet: 0 })
  const lowest = Math.min(standingOf(down, rules).headroom, standingOf(shut, rules).headroom)
  return { state: closeDay(shut, rules, tradeDate, balance + end), lowest, locked: isSoft }
}

const missingIn = (state: StandingState, { startBalance, ...rules }: FirmRules): readonly string[] =>
  stillMissing({ startBalance, ...rules }, 'evaluation', {
    before: state.balance - startBalance,
    bestBefore: state.bestDay,
    today: 0,
    days: state.days,
    balance: state.balance,
  })

/**
 * Plays a plan from its start over past days, oldest first, until it is passed, broken or the days are over. A soft daily
 * limit ends a day at the limit. Nothing is passed where the plan names no target.
 */
export const replayPlan = (rules: FirmRules, days: readonly PastDay[]): Rehearsal => {
  const first = days[0]?.tradeDate ?? '1970-01-01'
  let state = startStanding(rules, { at: easternMs(first, 0), balance: rules.startBalance })
  let lowestHeadroom = standingOf(state, rules).headroom
  let lockedDays = 0
  const soFar = (played: number) => ({ days: played, lockedDays, balance: state.balance, lowestHeadroom })
  for (const [i, day] of days.entries()) {
    const course = playDay(state, rules, day)
    state = course.state
    lowestHeadroom = Math.min(lowestHeadroom, course.lowest)
    lockedDays += course.locked ? 1 : 0
    const on = day.tradeDate
    if (state.broken !== undefined) {
      const { rule } = state.broken
      return { outcome: 'broken', on, rule, ...soFar(i + 1), words: `ended on ${on}: ${rule.replace('-', ' ')}` }
    }
    if (rules.profitTarget !== undefined && missingIn(state, rules).length === 0)
      return { outcome: 'passed', on, ...soFar(i + 1), words: `passed on ${on}` }
  }
  const missing = missingIn(state, rules)
  const made = inDollars(state.balance - rules.startBalance)
  const words = `would still run at ${made}${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}`
  return { outcome: 'running', ...soFar(days.length), words }
}

/** The same days under two plans, as when an evaluation becomes a funded account with a harder drawdown. */
export const rehearseSwitch = (
  from: FirmRules,
  to: FirmRules,
  days: readonly PastDay[],
): { readonly before: Rehearsal; readonly after: Rehearsal } => ({
  before: replayPlan(from, days),
  after: replayPlan(to, days),
})
