import type { Money } from '#src/domain/money.ts'
import {
  type ClosedDay,
  closeDay,
  type StandingState,
  standingOf,
  startStanding,
  stepStanding,
} from '#src/domain/risk/headroom.ts'
import { type StageWatch, watchStage } from '#src/domain/risk/stages.ts'
import type { Stage, Standing } from '#src/domain/risk/standing.ts'
import type { Account } from '#src/domain/trading/account.ts'

/** What an account is worth at an instant; see AccountFigures. */
export type Worth = { readonly account: Account; readonly balance: Money; readonly openNet: Money }

/** An account's past: closed trade dates before today, and today's closed trades in order. */
type AccountPast = {
  readonly days: readonly ClosedDay[]
  readonly today: readonly { readonly at: number; readonly net: Money }[]
  /** Market time at which today's trade date began. */
  readonly dayStart: number
  /** The highest equity that was kept of it. */
  readonly peak?: Money
  /** Where it stood when that was last kept. */
  readonly kept?: KeptStanding
}

/** An account's standing as it is kept, and the terms it was reckoned by: under others it is worth nothing. */
export type KeptStanding = { readonly terms: string; readonly state: StandingState }

const termsOf = ({ rules, anchor, peak }: Account): string => JSON.stringify([rules, anchor, peak ?? null])

/** What no fill can tell again: a peak, a touched limit, a broken rule, a closed day. */
const markOf = ({ peak, daily, broken, closedOn }: StandingState): string =>
  JSON.stringify([peak, daily?.touched, daily?.resetsAt, broken, closedOn])

type Options = {
  readonly past: (account: Account) => AccountPast
  readonly onPeak: (account: string, peak: Money) => void
  /** Something changed that no fill can tell again. */
  readonly onStanding: (account: string, kept: KeptStanding) => void
  readonly onStage: (account: Account, what: 'drawdown' | 'daily loss limit', stage: Stage, left: Money) => void
}

type Kept = {
  account: Account
  state: StandingState
  peakTold: Money
  mark: string
  readonly watches: Map<string, StageWatch>
}

/** Follows every account against its rules, tick by tick. */
export const createStandings = ({ past, onPeak, onStanding, onStage }: Options) => {
  const kept = new Map<string, Kept>()

  /** The standing kept, with the trade dates that were closed since. */
  const goOn = (account: Account, kept: KeptStanding, { days, today }: AccountPast, balance: Money): StandingState => {
    const missed = days.filter(({ tradeDate }) => tradeDate > kept.state.closedOn)
    const sum = (nets: readonly { readonly net: Money }[]): Money => nets.reduce((all, { net }) => all + net, 0)
    let running = balance - sum(today) - sum(missed)
    // What was open when it was kept was not open at those ends.
    let state: StandingState = { ...kept.state, openNet: 0 }
    for (const { tradeDate, net } of missed) {
      running += net
      state = closeDay(state, account.rules, tradeDate, running)
    }
    return state
  }

  /** Lives an account's past again: the days that are closed, then today's trades one by one. */
  const begin = (account: Account, balance: Money): Kept => {
    const known = past(account)
    const { days, today, dayStart, peak, kept: stored } = known
    const { rules } = account
    if (stored?.terms === termsOf(account)) {
      const state = goOn(account, stored, known, balance)
      return { account, state, peakTold: state.peak, mark: markOf(stored.state), watches: new Map() }
    }
    const made = today.reduce((sum, { net }) => sum + net, 0)
    const highest = Math.max(account.peak ?? 0, peak ?? 0)
    let running = balance - made
    let state = startStanding(rules, {
      at: dayStart,
      balance: running,
      history: days,
      ...(highest > 0 && { peak: highest }),
    })
    for (const { at, net } of today) {
      running += net
      state = stepStanding(state, rules, { at, balance: running, openNet: 0 })
    }
    return { account, state, peakTold: state.peak, mark: '', watches: new Map() }
  }

  const keptOf = (worth: Worth): Kept => {
    const known = kept.get(worth.account.name)
    // Another preset, anchor or peak: the account is reckoned anew from its past.
    if (known !== undefined && termsOf(known.account) === termsOf(worth.account)) {
      known.account = worth.account
      return known
    }
    const begun = begin(worth.account, worth.balance)
    kept.set(worth.account.name, begun)
    return begun
  }

  const follow = (
    one: Kept,
    what: 'drawdown' | 'daily loss limit',
    stage: Stage,
    left: Money,
    tradeDate: string,
  ): void => {
    const { watch, crossing } = watchStage(one.watches.get(what), stage, tradeDate)
    one.watches.set(what, watch)
    if (crossing && one.account.watched) onStage(one.account, what, crossing.to, left)
  }

  const keep = (one: Kept): void => {
    const { account, state } = one
    if (state.peak > one.peakTold) {
      one.peakTold = state.peak
      onPeak(account.name, state.peak)
    }
    const mark = markOf(state)
    if (mark === one.mark) return
    one.mark = mark
    onStanding(account.name, { terms: termsOf(account), state })
  }

  return {
    /** Takes what an account is worth now (market time `at`) and returns where it stands. */
    step: (worth: Worth, at: number, tradeDate: string): Standing => {
      const one = keptOf(worth)
      const { rules } = one.account
      one.state = stepStanding(one.state, rules, { at, balance: worth.balance, openNet: worth.openNet })
      const standing = standingOf(one.state, rules)
      keep(one)
      follow(one, 'drawdown', standing.stage, standing.headroom, tradeDate)
      if (standing.daily) follow(one, 'daily loss limit', standing.daily.stage, standing.daily.left, tradeDate)
      return standing
    },
    /** Ends a trade date: what the rules count at the end of a day is counted now. */
    close: (worth: Worth, tradeDate: string): void => {
      const one = keptOf(worth)
      one.state = closeDay(one.state, one.account.rules, tradeDate, worth.balance)
      keep(one)
    },
    /** Forgets everything: another book was opened, or its past was corrected. */
    clear: (): void => kept.clear(),
  }
}
