import type { Phase } from '../instruments/phase.ts'
import type { Money } from '../money.ts'
import type { AccountStanding, BridgeState, FeedState, Gate, GateFact, KillReading } from '../picture.ts'
import { stageOf } from './floor.ts'
import type { DayCourse } from './guards.ts'
import { inDollars } from './in-dollars.ts'
import type { Limits } from './limits.ts'
import type { Lock } from './lockout.ts'
import type { NewsReading } from './news.ts'

/** What the gate looks at; each input is a fact with its source. Instants are market time unless said otherwise. */
export type GateInputs = {
  readonly at: number
  readonly feed: {
    readonly state: FeedState
    readonly source: string
    readonly moving: boolean
    readonly delayed: boolean
    readonly late: boolean
    /** Why it is not heard, in the feed's own words. */
    readonly detail?: string | undefined
    /** While it is closed: the last close. */
    readonly closedSince?: number | undefined
  }
  /** The feed against another source of the same prices; undefined when there is none. */
  readonly agreement: Agreed | undefined
  readonly bridge: {
    readonly state: BridgeState
    /** What does not agree, or since when nothing was heard, in words. */
    readonly detail?: string | undefined
    readonly simulator: boolean
    /** Whether it trades the market the feed shows: a real one beside live prices, a simulator beside the synthetic market. */
    readonly sharesMarket: boolean
  }
  readonly phase: Phase
  /**
   * Undefined while no calendar is read. `unknown` says in words what a calendar that is read does not know, `possible` what
   * of it may come out today.
   */
  readonly news:
    | (NewsReading & { readonly unknown: readonly string[]; readonly possible: readonly string[] })
    | undefined
  readonly flatByAt: number
  readonly plan: { readonly version: number; readonly noTrade: string | undefined }
  /** Whether any account is known, watched or not. */
  readonly hasAccounts: boolean
  /** The watched ones. */
  readonly accounts: readonly AccountStanding[]
  /** Closed and open results of the watched accounts on this trade date, Money. */
  readonly dayNet: Money
  /** What is open in watched accounts, a trade copied to several counted once. */
  readonly openTrades: number
  /** What the next trade may lose by the plan, Money. */
  readonly plannedRisk: Money
  readonly course: DayCourse
  readonly limits: Limits
  readonly lock: Lock | undefined
  readonly kill: KillReading['state']
}

/** `silent` when the other source says nothing; `detail` names the two prices that disagree. */
type Agreed = {
  readonly source: string
  readonly state: 'agrees' | 'silent' | 'disagrees'
  readonly detail?: string
}

/** `since` where it is known better than by having looked. */
type Predicate = Omit<GateFact, 'since'> & Partial<Pick<GateFact, 'since'>>
type More = {
  readonly detail?: string | undefined
  readonly unwatched?: string | undefined
  readonly expiresAt?: number | undefined
}

const fact = (seen: boolean, id: string, ok: boolean, reason: string, source: string, more: More): Predicate => ({
  id,
  watched: seen,
  ok,
  reason,
  source,
  ...(more.detail && { detail: more.detail }),
  ...(more.unwatched && { unwatched: more.unwatched }),
  ...(more.expiresAt !== undefined && { expiresAt: more.expiresAt }),
})

const watched = (id: string, ok: boolean, reason: string, source: string, more: More = {}): Predicate =>
  fact(true, id, ok, reason, source, more)

const unwatched = (id: string, reason: string, source: string, more: More = {}): Predicate =>
  fact(false, id, false, reason, source, more)

const feedWord = ({ state, moving, delayed, late }: GateInputs['feed']): string => {
  if (!moving) return 'feed-standing'
  if (state === 'live' && delayed) return 'feed-delayed'
  return state === 'live' && late ? 'feed-late' : `feed-${state}`
}

const feedFact = ({ feed }: GateInputs): Predicate => {
  const word = feedWord(feed)
  return {
    ...watched('feed', word === 'feed-live', word, feed.source, { detail: feed.detail }),
    ...(word === 'feed-closed' && feed.closedSince !== undefined && { since: feed.closedSince }),
  }
}

const agreementFact = ({ agreement }: GateInputs): Predicate => {
  if (agreement === undefined) return unwatched('agreement', 'no-second-price', 'NinjaTrader')
  const { source, state, detail } = agreement
  if (state === 'silent') return unwatched('agreement', 'second-price-silent', source)
  return state === 'agrees'
    ? watched('agreement', true, 'prices-agree', source)
    : watched('agreement', false, 'prices-disagree', source, { detail })
}

/** A difference younger than a second is no difference yet; a bridge that tells positions only cannot be reconciled. */
const bridgeFact = ({ bridge: { state, detail, simulator, sharesMarket } }: GateInputs): Predicate => {
  const source = simulator ? 'simulated NinjaTrader' : 'NinjaTrader'
  if (state === 'never-seen' || state === 'legacy') return unwatched('bridge', `bridge-${state}`, source)
  if (!sharesMarket) return watched('bridge', false, simulator ? 'bridge-simulator' : 'bridge-other-market', source)
  return watched('bridge', state === 'in-sync' || state === 'settling', `bridge-${state}`, source, { detail })
}

const phaseFact = ({ phase }: GateInputs): Predicate =>
  watched('phase', phase === 'ACTIVE', `phase-${phase.toLowerCase().replaceAll(' ', '-')}`, 'clock')

const newsFact = ({ news }: GateInputs): Predicate => {
  if (news === undefined) return unwatched('news', 'no-calendar', 'news calendar')
  const { inside, next, unknown, possible } = news
  const undated = possible.map((words) => `${words} (add it in settings)`).join(', ')
  if (inside !== undefined) {
    const { event, until } = inside
    return watched('news', false, 'news-window', event.source, {
      detail: event.name,
      unwatched: undated,
      expiresAt: until,
    })
  }
  const detail = [...(next ? [`next: ${next.event.name}`] : []), ...unknown].join('; ')
  return watched('news', true, 'no-news', 'news calendar', { detail, unwatched: undated })
}

const minuteMs = 60_000

/** The nearest flat-by of ours and of the firms; none of them is passed before its buffer. */
const flatByFact = ({ at, flatByAt, accounts, limits }: GateInputs): Predicate => {
  const firms = accounts.flatMap(({ firm, standing }) =>
    standing.flatByAt === undefined ? [] : [{ source: firm, by: standing.flatByAt }],
  )
  const nearest = firms.reduce((first, one) => (one.by < first.by ? one : first), { source: 'clock', by: flatByAt })
  const isBefore = at < nearest.by - limits.flatBufferMinutes * minuteMs
  return watched('flat-by', isBefore, isBefore ? 'before-flat-by' : 'past-flat-by', nearest.source)
}

/** What rests on accounts, while none is watched. */
const unaccounted = (id: string, { hasAccounts }: GateInputs): Predicate =>
  hasAccounts ? unwatched(id, 'none-watched', 'you') : unwatched(id, 'no-account', 'NinjaTrader')

/** A predicate over every watched account: the first that stops says why. */
const eachAccount = (
  id: string,
  inputs: GateInputs,
  fine: string,
  refuse: (account: AccountStanding) => { readonly reason: string; readonly more: More } | undefined,
): Predicate => {
  const { accounts } = inputs
  if (accounts.length === 0) return unaccounted(id, inputs)
  for (const account of accounts) {
    const refused = refuse(account)
    if (refused) return watched(id, false, refused.reason, account.alias, refused.more)
  }
  return watched(id, true, fine, accounts.map(({ alias }) => alias).join(', '))
}

/** What is lost, or left, of something nobody can value is not known. */
const refuseUnvalued = ({ unvalued }: AccountStanding) =>
  unvalued === false
    ? undefined
    : { reason: 'not-valued', more: { detail: unvalued === 'no-price' ? 'no price: at cost' : 'at an old price' } }

const ofLimit = (used: Money, limit: Money): string => `${inDollars(used)} of ${inDollars(limit)} used`

/** The trader's own limit first, over all accounts, then each firm's; 90 % used is the end of the day. */
const lossLimitFact = (inputs: GateInputs): Predicate => {
  const { accounts, dayNet, limits } = inputs
  const lost = Math.max(0, -dayNet)
  if (accounts.length > 0 && stageOf(lost, limits.dailyLoss) === 'locked')
    return watched('loss-limits', false, 'own-loss-limit', 'your limits', { detail: ofLimit(lost, limits.dailyLoss) })
  return eachAccount('loss-limits', inputs, 'inside-loss-limits', (account) => {
    const { daily } = account.standing
    if (daily?.stage !== 'locked') return refuseUnvalued(account)
    // What came back since it was touched is of no use before the reset.
    const detail =
      daily.lockedUntil === undefined ? ofLimit(daily.used, daily.limit) : 'touched, and locked until its reset'
    return { reason: 'firm-loss-limit', more: { detail, expiresAt: daily.resetsAt } }
  })
}

const drawdownFact = (inputs: GateInputs): Predicate =>
  eachAccount('drawdown', inputs, 'enough-headroom', (account) => {
    const { plannedRisk } = inputs
    const { broken, headroom } = account.standing
    if (broken !== undefined) return { reason: 'account-broken', more: { detail: `by its ${broken.rule} rule` } }
    return headroom < plannedRisk
      ? {
          reason: 'headroom-too-small',
          more: { detail: `${inDollars(headroom)} left, a trade risks ${inDollars(plannedRisk)}` },
        }
      : refuseUnvalued(account)
  })

/** What a position without a stop can lose is unknown, so nothing is added to it; an older bridge tells no stops. */
const stopsFact = (inputs: GateInputs): Predicate => {
  const { state } = inputs.bridge
  if (state === 'never-seen' || state === 'legacy') return unwatched('stops', `bridge-${state}`, 'NinjaTrader')
  return eachAccount('stops', inputs, 'all-stopped', ({ naked }) =>
    naked ? { reason: 'no-stop', more: {} } : undefined,
  )
}

const consistencyFact = (inputs: GateInputs): Predicate =>
  eachAccount('consistency', inputs, 'inside-best-day', ({ standing: { consistency } }) =>
    consistency !== undefined && consistency.left <= 0
      ? {
          reason: 'best-day-reached',
          more: { detail: `${inDollars(-consistency.left)} over` },
        }
      : undefined,
  )

/** A way in and a way out must fit; leaving is never held up. */
const roundTrip = 2

const executionsFact = (inputs: GateInputs): Predicate =>
  eachAccount('executions', inputs, 'few-executions', ({ executions }) => {
    if (executions === undefined) return undefined
    const { made, due, limit } = executions
    if (made + due + roundTrip <= limit) return undefined
    const forOpen = due > 0 ? `, ${due} due for what is open` : ''
    return { reason: 'too-many-executions', more: { detail: `${made} of ${limit} made${forOpen}` } }
  })

/** A count of the day against its limit. */
const counted = (
  id: string,
  inputs: GateInputs,
  count: number,
  limit: number,
  fine: string,
  reason: string,
): Predicate =>
  inputs.accounts.length > 0
    ? watched(id, count < limit, count < limit ? fine : reason, 'your limits', { detail: `${count} of ${limit}` })
    : unaccounted(id, inputs)

const cooldownFact = (inputs: GateInputs): Predicate => {
  const { at, accounts, course } = inputs
  const { cooldownUntil } = course
  if (accounts.length === 0) return unaccounted('cooldown', inputs)
  return cooldownUntil !== undefined && at < cooldownUntil
    ? watched('cooldown', false, 'cooling-down', 'your limits', { expiresAt: cooldownUntil })
    : watched('cooldown', true, 'cooled-down', 'your limits')
}

const lockFact = ({ lock }: GateInputs): Predicate =>
  lock === undefined
    ? watched('lockout', true, 'not-locked-out', 'you')
    : watched('lockout', false, 'locked-out', 'you', { detail: lock.reason, expiresAt: lock.until })

const planWord = ({ version, noTrade }: GateInputs['plan']): string =>
  noTrade !== undefined ? `no-trade-${noTrade}` : version === 0 ? 'plan-not-frozen' : 'plan-frozen'

const planFact = ({ plan }: GateInputs): Predicate =>
  watched('plan', plan.version > 0 && plan.noTrade === undefined, planWord(plan), 'plan')

const predicates = (inputs: GateInputs): readonly Predicate[] => {
  const { openTrades, course, limits, kill } = inputs
  return [
    feedFact(inputs),
    agreementFact(inputs),
    bridgeFact(inputs),
    phaseFact(inputs),
    newsFact(inputs),
    flatByFact(inputs),
    lossLimitFact(inputs),
    drawdownFact(inputs),
    stopsFact(inputs),
    counted('open-trades', inputs, openTrades, limits.maxOpenTrades, 'room-for-a-trade', 'too-many-open'),
    counted('losses-in-row', inputs, course.lossesInRow, limits.maxLossesInRow, 'few-losses', 'too-many-losses'),
    cooldownFact(inputs),
    counted('trades-today', inputs, course.trades, limits.maxTradesPerDay, 'few-trades', 'too-many-trades'),
    executionsFact(inputs),
    consistencyFact(inputs),
    lockFact(inputs),
    planFact(inputs),
    watched('kill', kill === 'off', `kill-${kill}`, 'kill switch'),
  ]
}

const isAsBefore = (one: Predicate, held: GateFact): boolean =>
  one.reason === held.reason &&
  one.ok === held.ok &&
  one.watched === held.watched &&
  one.detail === held.detail &&
  one.unwatched === held.unwatched &&
  one.source === held.source &&
  one.expiresAt === held.expiresAt

/**
 * Whether one may trade: every watched predicate must hold. `before` keeps since when each stands as it does; where nothing
 * is another than before, it is `before` itself: asked ten times a second, the gate seldom turns.
 */
export const judgeGate = (inputs: GateInputs, before: Gate | undefined): Gate => {
  // The predicates always come in the same order.
  const facts = predicates(inputs).map((one, i): GateFact => {
    const held = before?.facts[i]
    if (held === undefined) return { since: inputs.at, ...one }
    if (isAsBefore(one, held)) return held
    return { since: held.reason === one.reason ? held.since : inputs.at, ...one }
  })
  if (before !== undefined && facts.every((fact, i) => fact === before.facts[i])) return before
  return { open: facts.every(({ watched: is, ok }) => ok || !is), facts }
}
