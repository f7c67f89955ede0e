import type { Money } from '../money.ts'
import { consistencyOf, type Made } from './best-day.ts'
import type { FirmRules } from './firm-rules.ts'
import { flatByOn, floorOf, isFloorLocked, maxMicrosAt, stageOf } from './floor.ts'
import { stillMissing } from './payout.ts'
import type { Standing } from './standing.ts'
import { nextInstant } from './zoned.ts'

/** Day's end in New York: the exchange's 18:00. */
const dayEnd = { zone: 'America/New_York', time: '18:00' }

type Daily = { readonly base: Money; readonly resetsAt: number; readonly touched: boolean }

/** What an account's standing is folded from. Plain JSON, so it survives a restart as it is. */
export type StandingState = {
  /** The highest market time seen: a clock that goes back resets nothing. */
  readonly at: number
  readonly balance: Money
  readonly openNet: Money
  readonly peak: Money
  /** The peak without what was open since the account was last flat. */
  readonly settledPeak: Money
  /** Balance at the end of the trade date before. */
  readonly dayStart: Money
  readonly bestDay: Money
  readonly days: number
  /** The last trade date that was closed; '' before the first. */
  readonly closedOn: string
  readonly daily?: Daily
  readonly flatByAt?: number
  readonly dayEndsAt: number
  readonly broken?: NonNullable<Standing['broken']>
}

/** A closed trade date; net in Money, fees taken off. */
export type ClosedDay = { readonly tradeDate: string; readonly net: Money }

/** An account at an instant: market time, balance, and what closing everything now would add, the exit's fees taken off. */
export type AccountAt = { readonly at: number; readonly balance: Money; readonly openNet: Money }

const stepDaily = (state: StandingState, rule: FirmRules['dailyLoss'], { at, balance, openNet }: AccountAt) => {
  if (rule === undefined) return undefined
  const over = state.daily === undefined || at >= state.daily.resetsAt
  const daily: Daily =
    over || state.daily === undefined
      ? { base: state.balance, resetsAt: nextInstant(rule.resetAt, at), touched: false }
      : state.daily
  const value = rule.basis === 'balance' ? balance : balance + openNet
  return daily.base - value < rule.amount ? daily : { ...daily, touched: true }
}

const peaksOf = (state: StandingState, { drawdown }: FirmRules, { balance, openNet }: AccountAt) => {
  if (drawdown.kind !== 'trailing-intraday') return { peak: state.peak, settledPeak: state.peak }
  const peak = Math.max(state.peak, drawdown.includesOpen ? balance + openNet : balance)
  return { peak, settledPeak: openNet === 0 ? peak : Math.max(state.settledPeak, balance) }
}

const breaks = (rules: FirmRules, peak: Money, daily: Daily | undefined, equity: Money) => {
  if (rules.drawdown.checkedIntraday && equity <= floorOf(rules, peak)) return 'drawdown'
  return rules.dailyLoss?.mode === 'breach' && daily?.touched === true ? 'daily-loss' : undefined
}

/** The account one instant later. A peak, a touched limit and a broken rule stay; a time before the last counts as the last. */
export const stepStanding = (state: StandingState, rules: FirmRules, told: AccountAt): StandingState => {
  const at = Math.max(state.at, told.at)
  const now = { ...told, at }
  const peaks = peaksOf(state, rules, now)
  const daily = stepDaily(state, rules.dailyLoss, now)
  const rule = breaks(rules, peaks.peak, daily, told.balance + told.openNet)
  const newDay = at >= state.dayEndsAt
  return {
    ...state,
    ...now,
    ...peaks,
    ...(daily && { daily }),
    ...(newDay && { dayEndsAt: nextInstant(dayEnd, at) }),
    ...(newDay && rules.flatBy && { flatByAt: flatByOn(rules.flatBy, at) }),
    ...(state.broken === undefined && rule && { broken: { at, rule } }),
  }
}

/** The highest balance at the end of a past day, reckoned back from the present one. */
const highestClose = (balance: Money, history: readonly ClosedDay[]): Money => {
  let close = balance
  let highest = balance
  for (const { net } of history.toReversed()) {
    close -= net
    highest = Math.max(highest, close)
  }
  return highest
}

/**
 * An account from an instant on. The peak is the highest of the start balance, the days of its history and `peak`, which
 * comes from before a restart or was entered by hand.
 */
export const startStanding = (
  rules: FirmRules,
  { at, balance, peak = 0, history = [] }: { at: number; balance: Money; peak?: Money; history?: readonly ClosedDay[] },
): StandingState => {
  const highest = Math.max(rules.startBalance, peak, highestClose(balance, history))
  const first: StandingState = {
    at,
    balance,
    openNet: 0,
    peak: rules.drawdown.kind === 'static' ? rules.startBalance : highest,
    settledPeak: highest,
    dayStart: balance,
    bestDay: Math.max(0, ...history.map(({ net }) => net)),
    days: history.filter(({ net }) => net !== 0).length,
    closedOn: history.at(-1)?.tradeDate ?? '',
    dayEndsAt: at,
  }
  return stepStanding(first, rules, { at, balance, openNet: 0 })
}

/**
 * Ends a trade date at a balance: what the rule counts at the end of a day is counted now. A day without a result was not
 * traded. A date that is closed already changes nothing, so a restart may say it again.
 */
export const closeDay = (state: StandingState, rules: FirmRules, tradeDate: string, balance: Money): StandingState => {
  if (tradeDate <= state.closedOn) return state
  const { kind, includesOpen } = rules.drawdown
  const equity = balance + state.openNet
  const peak = kind === 'trailing-eod' ? Math.max(state.peak, includesOpen ? equity : balance) : state.peak
  const net = balance - state.dayStart
  const fell = state.broken === undefined && equity <= floorOf(rules, state.peak)
  return {
    ...state,
    balance,
    peak,
    settledPeak: kind === 'trailing-eod' ? peak : state.settledPeak,
    dayStart: balance,
    bestDay: Math.max(state.bestDay, net),
    days: state.days + (net === 0 ? 0 : 1),
    closedOn: tradeDate,
    ...(fell && { broken: { at: state.at, rule: 'drawdown' } }),
  }
}

const dailyOf = ({ daily, balance, openNet }: StandingState, { dailyLoss }: FirmRules): Standing['daily'] => {
  if (daily === undefined || dailyLoss === undefined) return undefined
  const { base, resetsAt, touched } = daily
  const lost = base - (dailyLoss.basis === 'balance' ? balance : balance + openNet)
  const used = Math.max(0, lost)
  return {
    limit: dailyLoss.amount,
    used,
    left: dailyLoss.amount - lost,
    stage: touched ? 'locked' : stageOf(used, dailyLoss.amount),
    resetsAt,
    ...(touched && { lockedUntil: resetsAt }),
  }
}

const targetOf = ({ balance }: StandingState, { startBalance, profitTarget }: FirmRules): Standing['target'] => {
  if (profitTarget === undefined) return undefined
  const left = Math.max(0, startBalance + profitTarget - balance)
  return { left, reached: left === 0 }
}

/** What the account had made before today and has made today, open profit counted as if it were taken now. */
const madeBy = (state: StandingState, { startBalance }: FirmRules): Made => ({
  before: state.dayStart - startBalance,
  bestBefore: state.bestDay,
  today: state.balance + state.openNet - state.dayStart,
})

/** Whether money could be taken out; a plan that names neither a buffer nor a share for it has no such thing. */
const payoutOf = (state: StandingState, rules: FirmRules): Standing['payout'] => {
  if (rules.payoutBuffer === undefined && rules.consistency?.scope !== 'payout') return undefined
  const missing = stillMissing(rules, 'payout', { ...madeBy(state, rules), days: state.days, balance: state.balance })
  return { ready: missing.length === 0 && state.broken === undefined, missing }
}

/** The account against its rules as of the last step. Headroom is equity − floor; what a rule does not speak of is absent. */
export const standingOf = (state: StandingState, rules: FirmRules): Standing => {
  const { at, balance, openNet, peak, settledPeak, broken, days, flatByAt } = state
  const equity = balance + openNet
  const floor = floorOf(rules, peak)
  const used = Math.max(0, rules.drawdown.amount - (equity - floor))
  const daily = dailyOf(state, rules)
  const consistency = consistencyOf(rules, madeBy(state, rules))
  const target = targetOf(state, rules)
  const payout = payoutOf(state, rules)
  return {
    at,
    balance,
    equity,
    peak,
    floor,
    floorLocked: isFloorLocked(rules, peak),
    headroom: equity - floor,
    stage: broken === undefined ? stageOf(used, rules.drawdown.amount) : 'locked',
    ...(broken && { broken }),
    ...(daily && { daily }),
    ...(consistency && { consistency }),
    giveBack: floor - floorOf(rules, settledPeak),
    ...(target && { target }),
    ...(payout && { payout }),
    days,
    ...(flatByAt !== undefined && { flatByAt }),
    maxMicros: maxMicrosAt(rules, state.dayStart - rules.startBalance),
  }
}
