import type { Account } from '../trading/account.ts'
import type { FirmRules, ZonedTime } from './firm-rules.ts'

/** A field as the account's form names it, and whether it bounds less than before. */
type Check<T> = readonly [field: string, isLooser: (before: T, after: T) => boolean]

/** Whether a cap was raised or taken away. */
const raised = (before = Number.POSITIVE_INFINITY, after = Number.POSITIVE_INFINITY): boolean => after > before
/** Whether a bound from below was lowered or taken away. */
const lowered = (before = 0, after = 0): boolean => after < before
/** Whether a word gave way to one that stands before it in the list. */
const milder = <T extends string>(words: readonly T[], before?: T, after?: T): boolean =>
  before !== undefined && after !== undefined && words.indexOf(after) < words.indexOf(before)
const timeOf = (at: ZonedTime | undefined): string => (at === undefined ? '' : `${at.zone} ${at.time}`)
/** Whether something that was written was written anew or taken away: what cannot be ordered counts as looser. */
const rewritten = (before: string, after: string): boolean => before !== '' && before !== after

const scalingOf = ({ maxContracts }: FirmRules): string =>
  (maxContracts.scaling ?? []).map(({ minProfit, mini }) => `${minProfit} ${mini}`).join()

const identity: readonly Check<Account>[] = [
  // What leaves the watch already is not loosened by leaving it.
  ['watched', (a, b) => a.watched && a.unwatchedFrom === undefined && !b.watched],
]

const history: readonly Check<Account>[] = [
  ['anchor.balance', (a, b) => b.anchor.balance > a.anchor.balance],
  ['anchor.at', (a, b) => a.anchor.at !== b.anchor.at],
  ['peak', (a, b) => lowered(a.peak, b.peak)],
]

const rules: readonly Check<FirmRules>[] = [
  ['startBalance', (a, b) => lowered(a.startBalance, b.startBalance)],
  [
    'drawdown.kind',
    (a, b) => milder(['static', 'trailing-eod', 'trailing-intraday'], a.drawdown.kind, b.drawdown.kind),
  ],
  ['drawdown.amount', (a, b) => raised(a.drawdown.amount, b.drawdown.amount)],
  ['drawdown.lockAt', (a, b) => milder(['start', 'start-plus', 'never'], a.drawdown.lockAt, b.drawdown.lockAt)],
  [
    'drawdown.lockOffset',
    (a, b) => b.drawdown.lockAt === 'start-plus' && lowered(a.drawdown.lockOffset, b.drawdown.lockOffset),
  ],
  ['drawdown.includesOpen', (a, b) => a.drawdown.includesOpen && !b.drawdown.includesOpen],
  ['drawdown.checkedIntraday', (a, b) => a.drawdown.checkedIntraday && !b.drawdown.checkedIntraday],
  ['dailyLoss.amount', (a, b) => raised(a.dailyLoss?.amount, b.dailyLoss?.amount)],
  ['dailyLoss.basis', (a, b) => milder(['balance', 'equity'], a.dailyLoss?.basis, b.dailyLoss?.basis)],
  ['dailyLoss.mode', (a, b) => milder(['soft-lock', 'breach'], a.dailyLoss?.mode, b.dailyLoss?.mode)],
  ['dailyLoss.time', (a, b) => rewritten(timeOf(a.dailyLoss?.resetAt), timeOf(b.dailyLoss?.resetAt))],
  ['maxContracts.mini', (a, b) => raised(a.maxContracts.mini, b.maxContracts.mini)],
  ['maxContracts.microsPerMini', (a, b) => raised(a.maxContracts.microsPerMini, b.maxContracts.microsPerMini)],
  ['maxContracts.scaling', (a, b) => rewritten(scalingOf(a), scalingOf(b))],
  ['flatBy.time', (a, b) => rewritten(timeOf(a.flatBy), timeOf(b.flatBy))],
  ['consistency.percent', (a, b) => raised(a.consistency?.bestDayMaxShare, b.consistency?.bestDayMaxShare)],
  ['consistency.scope', (a, b) => rewritten(a.consistency?.scope ?? '', b.consistency?.scope ?? '')],
  ['news.events', (a, b) => a.news?.events.some((event) => !b.news?.events.includes(event)) ?? false],
  ['news.minutesBefore', (a, b) => lowered(a.news?.minutesBefore, b.news?.minutesBefore)],
  ['news.minutesAfter', (a, b) => lowered(a.news?.minutesAfter, b.news?.minutesAfter)],
  ['maxExecutionsPerDay', (a, b) => raised(a.maxExecutionsPerDay, b.maxExecutionsPerDay)],
  ['automationAllowed', (a, b) => !a.automationAllowed && b.automationAllowed],
  ['overnightAllowed', (a, b) => !a.overnightAllowed && b.overnightAllowed],
]

const firstOf = <T>(checks: readonly Check<T>[], before: T, after: T): string | undefined =>
  checks.find(([, isLooser]) => isLooser(before, after))?.[0]

/**
 * The first field, as the account's form names it, by which an account would be bounded less than before; undefined where
 * there is none. A broken account's balance and peak are free: the firm begins it anew.
 */
export const loosened = (before: Account, after: Account, isBroken = false): string | undefined =>
  firstOf(identity, before, after) ??
  (isBroken ? undefined : firstOf(history, before, after)) ??
  firstOf(rules, before.rules, after.rules)
