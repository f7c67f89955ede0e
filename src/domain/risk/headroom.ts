import type { Money } from '../money.ts'
import { consistencyOf, type Made } from './best-day.ts'
import type { FirmRules, ZonedTime } from './firm-rules.ts'
import { flatByOn, floorOf, isFloorLocked, maxMicrosAt, stageOf } from './floor.ts'
import { stillMissing } from './payout.ts'
import type { Standing } from './standing.ts'
import { lastInstant, nextInstant } from './zoned.ts'

/** Day's end in New York: the exchange's 18:00. */
const dayEnd = { zone: 'America/New_York', time: '18:00' }

const dayMs = 86_400_000
/** A time that is more than this before the last one proves one of the two wrong. */
const wrongMs = 3_600_000

type Daily = {
  readonly base: Money
  readonly resetsAt: number
  readonly touched: boolean
  /** The reset a touched limit waits for, whatever the clock does meanwhile. */
  readonly touchedUntil?: number
}

/** What an account's standing is folded from. Plain JSON, so it survives a restart as it is. */
export type StandingState = {
  /** The highest market time seen: a clock that goes back resets nothing, unless by so much that it had been wrong. */
  readonly at: number
  readonly balance: Money
  readonly openNet: Money
  readonly exitFees?: Money
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

/**
 * An account at an instant: market time, balance, and what closing everything now would add, the exit's fees taken off;
 * `exitFees` says how much they are, as the firm's own peak of what is open does not know them.
 */
export type AccountAt = {
  readonly at: number
  readonly balance: Money
  readonly openNet: Money
  readonly exitFees?: Money
}

/** What an account closed: by trade date before today's, today, and since any instant. Money. */
export type Closings = {
  readonly days: readonly ClosedDay[]
  readonly today: Money
  readonly since: (at: number) => Money
}

/** The period of the daily limit an instant lies in, measured from `base` where it is a new one. */
const periodAt = (daily: Daily | undefined, resetAt: ZonedTime, at: number, base: Money): Daily =>
  daily !== undefined && at < daily.resetsAt
    ? daily
    : { ...daily, base, resetsAt: nextInstant(resetAt, at), touched: at < (daily?.touchedUntil ?? 0) }

const touch = (daily: Daily): Daily => ({
  ...daily,
  touched: true,
  touchedUntil: Math.max(daily.touchedUntil ?? 0, daily.resetsAt),
})

const stepDaily = (state: StandingState, rule: FirmRules['dailyLoss'], { at, balance, openNet }: AccountAt) => {
  if (rule === undefined) return undefined
  const daily = periodAt(state.daily, rule.resetAt, at, state.balance)
  const value = rule.basis === 'balance' ? balance : balance + openNet
  return daily.base - value < rule.amount ? daily : touch(daily)
}

const peaksOf = (state: StandingState, { drawdown }: FirmRules, { balance, openNet, exitFees = 0 }: AccountAt) => {
  if (drawdown.kind !== 'trailing-intraday') return { peak: state.peak, settledPeak: state.peak }
  const peak = Math.max(state.peak, drawdown.includesOpen ? balance + openNet + exitFees : balance)
  return { peak, settledPeak: openNet === 0 ? peak : Math.max(state.settledPeak, balance) }
}

const breaks = (rules: FirmRules, peak: Money, daily: Daily | undefined, equity: Money) => {
  if (rules.drawdown.checkedIntraday && equity <= floorOf(rules, peak)) return 'drawdown'
  return rules.dailyLoss?.mode === 'breach' && daily?.touched === true ? 'daily-loss' : undefined
}

/** Whether an instant is so long before the last one that one of the two is wrong. */
export const isTurnedBack = (state: StandingState, at: number): boolean => state.at - at > wrongMs

/** A touched limit stays touched for what may be left of its period, a day at most: no clock ends it early. */
const turnDailyBack = (daily: Daily, resetAt: ZonedTime, at: number): Daily => {
  const due = daily.touchedUntil ?? (daily.touched ? daily.resetsAt : at)
  const touchedUntil = Math.min(due, nextInstant(resetAt, at + dayMs))
  return { ...daily, resetsAt: nextInstant(resetAt, at), touched: at < touchedUntil, touchedUntil }
}

/** Where a clock had been wrong, what it set is set anew by the present one; what was lived stays. */
const turnBack = (state: StandingState, { dailyLoss }: FirmRules, at: number): StandingState => {
  if (!isTurnedBack(state, at)) return state
  const daily = state.daily && dailyLoss && turnDailyBack(state.daily, dailyLoss.resetAt, at)
  return { ...state, at, dayEndsAt: at, ...(daily && { daily }) }
}

/**
 * The account one instant later. A peak, a touched limit and a broken rule stay; a time before the last counts as the last,
 * one more than an hour before it as the true one.
 */
export const stepStanding = (before: StandingState, rules: FirmRules, told: AccountAt): StandingState => {
  const state = turnBack(before, rules, told.at)
  const at = Math.max(state.at, told.at)
  const now = { ...told, at, exitFees: told.exitFees ?? 0 }
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

/** Counted by the past days alone, so that it can be counted again: the heaviest of them, and those with a result. */
const countDays = (days: readonly ClosedDay[]) => ({
  bestDay: Math.max(0, ...days.map(({ net }) => net)),
  days: days.filter(({ net }) => net !== 0).length,
})

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
    ...countDays(history),
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
  const counted = includesOpen ? equity + (state.exitFees ?? 0) : balance
  const peak = kind === 'trailing-eod' ? Math.max(state.peak, counted) : state.peak
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

/**
 * Counts anew what was counted at a day's end or a reset without all of its trades: one was heard of late, or the clock had
 * been wrong. A peak only rises. Where nothing is new, nothing changes.
 */
export const recount = (
  before: StandingState,
  rules: FirmRules,
  { at, balance, days, today, since }: { readonly at: number; readonly balance: Money } & Closings,
): StandingState => {
  const state = turnBack(before, rules, at)
  const { dailyLoss } = rules
  const dayStart = balance - today
  const lastDay = days.at(-1)?.tradeDate ?? ''
  const period = state.daily && dailyLoss && periodAt(state.daily, dailyLoss.resetAt, at, 0)
  const base = dailyLoss && period && balance - since(lastInstant(dailyLoss.resetAt, period.resetsAt - 1))
  return {
    ...state,
    balance,
    ...(rules.drawdown.kind !== 'static' && { peak: Math.max(state.peak, highestClose(dayStart, days)) }),
    dayStart,
    ...countDays(days),
    closedOn: state === before && lastDay < state.closedOn ? state.closedOn : lastDay,
    ...(period && base !== undefined && { daily: { ...period, base } }),
  }
}

const dailyOf = ({ daily, balance, openNet }: StandingState, { dailyLoss }: FirmRules): Standing['daily'] => {
  if (daily === undefined || dailyLoss === undefined) return undefined
  const { base, resetsAt, touched, touchedUntil = resetsAt } = daily
  const lost = base - (dailyLoss.basis === 'balance' ? balance : balance + openNet)
  const used = Math.max(0, lost)
  return {
    limit: dailyLoss.amount,
    used,
    left: dailyLoss.amount - lost,
    stage: touched ? 'locked' : stageOf(used, dailyLoss.amount),
    resetsAt,
    ...(touched && { lockedUntil: touchedUntil }),
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
