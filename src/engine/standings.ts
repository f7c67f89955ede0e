import type { Money } from '#src/domain/money.ts'
import type { FirmRules } from '#src/domain/risk/firm-rules.ts'
import {
  type ClosedDay,
  type Closings,
  closeDay,
  isTurnedBack,
  recount,
  type StandingState,
  standingOf,
  startStanding,
  stepStanding,
} from '#src/domain/risk/headroom.ts'
import { type StageWatch, watchStage } from '#src/domain/risk/stages.ts'
import type { Stage, Standing } from '#src/domain/risk/standing.ts'
import { lastInstant } from '#src/domain/risk/zoned.ts'
import type { Account } from '#src/domain/trading/account.ts'

/** What an account is worth at an instant; see AccountFigures. */
export type Worth = {
  readonly account: Account
  readonly balance: Money
  readonly openNet: Money
  readonly exitFees?: Money
}

/** An account's past: closed trade dates before today, today's closed trades in order, and what was closed since an instant. */
type AccountPast = {
  readonly days: readonly ClosedDay[]
  readonly today: readonly { readonly at: number; readonly net: Money }[]
  readonly since: Closings['since']
  /** Market time at which today's trade date began. */
  readonly dayStart: number
  /** The highest equity that was kept of it. */
  readonly peak?: Money
  /** Where it stood when that was last kept. */
  readonly kept?: KeptStanding
}

/**
 * An account's standing as it is kept, and the terms it was reckoned by; `earlier`, the newest first, are those it had by
 * other terms since the same anchor.
 */
export type KeptStanding = {
  readonly terms: string
  readonly state: StandingState
  readonly earlier?: readonly KeptStanding[]
}

type Terms = readonly [rules: FirmRules, anchor: Account['anchor'], peak: Money | null]

const termsOf = ({ rules, anchor, peak }: Account): string =>
  JSON.stringify([rules, anchor, peak ?? null] satisfies Terms)
const readTerms = ({ terms }: KeptStanding): Terms => JSON.parse(terms)

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** How many other terms are remembered: an account that is tried under each plan of its firm forgets nothing. */
const rememberedTerms = 12

/** All that an account was since its anchor, by whatever terms, the newest first. */
const livedBy = ({ anchor }: Account, stored: KeptStanding | undefined): readonly KeptStanding[] => {
  if (stored === undefined) return []
  const { earlier = [], ...last } = stored
  return [last, ...earlier].filter((one) => isSame(readTerms(one)[1], anchor)).slice(0, rememberedTerms)
}

/**
 * What was lived under other terms stays as far as the clause it was judged by is the same: a peak and a broken floor where
 * the drawdown is, a touched limit where the daily loss is. What a plan chosen by mistake had judged goes with it.
 */
const carryOver = (begun: StandingState, { rules }: Account, lived: readonly KeptStanding[]): StandingState => {
  let state = begun
  for (const one of lived) {
    const [was, , entered] = readTerms(one)
    const { peak, broken, daily } = one.state
    const isSameFloor = isSame([was.startBalance, was.drawdown], [rules.startBalance, rules.drawdown])
    const isSameLimit = isSame(was.dailyLoss, rules.dailyLoss)
    if (isSameFloor && peak > (entered ?? 0)) state = { ...state, peak: Math.max(state.peak, peak) }
    const isSameClause = broken?.rule === 'drawdown' ? isSameFloor : isSameLimit
    if (broken !== undefined && isSameClause) state = { broken, ...state }
    const touchedUntil = isSameLimit && daily?.touched === true ? (daily.touchedUntil ?? daily.resetsAt) : 0
    if (state.daily && touchedUntil > state.at)
      state = { ...state, daily: { ...state.daily, touched: true, touchedUntil } }
  }
  return state
}

/** The oldest of the fills heard since an account was last stepped. */
type Heard = { readonly at: number; readonly tradeDate: string }

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
  heard: Heard | undefined
  readonly earlier: readonly KeptStanding[]
  readonly watches: Map<string, StageWatch>
}

/** Follows every account against its rules, tick by tick. */
export const createStandings = ({ past, onPeak, onStanding, onStage }: Options) => {
  const kept = new Map<string, Kept>()

  const sum = (nets: readonly { readonly net: Money }[]): Money => nets.reduce((all, { net }) => all + net, 0)

  /** The standing before, with the trade dates that were closed since and what was heard late of those before. */
  const goOn = (
    { rules }: Account,
    before: StandingState,
    { days, today, since }: AccountPast,
    { at, balance }: { readonly at: number; readonly balance: Money },
  ): StandingState => {
    const missed = days.filter(({ tradeDate }) => tradeDate > before.closedOn)
    let running = balance - sum(today) - sum(missed)
    // What was open before was not open at those ends.
    let state: StandingState = { ...before, openNet: 0, exitFees: 0 }
    for (const { tradeDate, net } of missed) {
      running += net
      state = closeDay(state, rules, tradeDate, running)
    }
    return recount(state, rules, { at, balance, days, today: sum(today), since })
  }

  /** Lives an account's past again: the days that are closed, then today's trades one by one. */
  const begin = (account: Account, balance: Money, now: number | undefined): Kept => {
    const known = past(account)
    const { days, today, dayStart, peak, kept: stored } = known
    const { rules } = account
    const terms = termsOf(account)
    const lived = livedBy(account, stored)
    const earlier = lived.filter((one) => one.terms !== terms)
    const fresh = { account, earlier, heard: undefined, watches: new Map() }
    if (stored?.terms === terms) {
      const state = goOn(account, stored.state, known, { at: now ?? stored.state.at, balance })
      return { ...fresh, state, peakTold: state.peak, mark: markOf(stored.state) }
    }
    const made = sum(today)
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
    state = carryOver(state, account, lived)
    return { ...fresh, state, peakTold: state.peak, mark: '' }
  }

  const keptOf = (worth: Worth, now?: number): Kept => {
    const known = kept.get(worth.account.name)
    // Another plan, anchor or peak: the account is reckoned anew from its past.
    if (known !== undefined && termsOf(known.account) === termsOf(worth.account)) {
      known.account = worth.account
      return known
    }
    const begun = begin(worth.account, worth.balance, now)
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
    const { account, state, earlier } = one
    if (state.peak > one.peakTold) {
      one.peakTold = state.peak
      onPeak(account.name, state.peak)
    }
    const mark = markOf(state)
    if (mark === one.mark) return
    one.mark = mark
    onStanding(account.name, { terms: termsOf(account), state, ...(earlier.length > 0 && { earlier }) })
  }

  /** Whether what was heard belongs to a day, or to a period of the daily limit, that was over; or the clock had been wrong. */
  const isLate = ({ account, state, heard }: Kept, at: number, tradeDate: string): boolean => {
    if (isTurnedBack(state, at)) return true
    if (heard === undefined) return false
    const { dailyLoss } = account.rules
    return heard.tradeDate < tradeDate || (dailyLoss !== undefined && heard.at < lastInstant(dailyLoss.resetAt, at))
  }

  return {
    /** Takes what an account is worth now (market time `at`) and returns where it stands. */
    step: (worth: Worth, at: number, tradeDate: string): Standing => {
      const one = keptOf(worth, at)
      const { rules } = one.account
      const { account, ...worthNow } = worth
      if (isLate(one, at, tradeDate))
        one.state = goOn(account, one.state, past(account), { at, balance: worth.balance })
      one.heard = undefined
      one.state = stepStanding(one.state, rules, { at, ...worthNow })
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
    /** A fill was heard (platform's clock; its market's trade date): should its day be over, that is counted anew. */
    hear: (name: string, { at, tradeDate }: Heard): void => {
      const one = kept.get(name)
      if (one === undefined) return
      const { heard } = one
      const isOldest = heard === undefined || at < heard.at
      one.heard = isOldest ? { at, tradeDate } : heard
    },
    /** The past was reckoned by other fees: the ends of days are counted anew. */
    revalue: (): void => {
      for (const one of kept.values()) one.heard = { at: Number.NEGATIVE_INFINITY, tradeDate: '' }
    },
    /** Forgets everything: another book was opened, or its past was corrected. */
    clear: (): void => kept.clear(),
  }
}
