import type { Phase } from '#src/domain/instruments/phase.ts'
import type { FeedState, Gate, GateFact } from '#src/domain/picture.ts'

/** What the gate looks at; each input is a fact with its source. */
export type GateInputs = {
  readonly at: number
  readonly feed: { readonly state: FeedState; readonly source: string; readonly moving: boolean }
  readonly phase: Phase
  readonly flatBufferMs: number
  readonly flatByAt: number
  readonly plan: { readonly version: number; readonly noTrade: string | undefined }
}

type Predicate = Pick<GateFact, 'id' | 'watched' | 'ok' | 'reason' | 'source'>

const watched = (id: string, ok: boolean, reason: string, source: string): Predicate => ({
  id,
  watched: true,
  ok,
  reason,
  source,
})

const unwatched = (id: string, reason: string, source: string): Predicate => ({
  id,
  watched: false,
  ok: false,
  reason,
  source,
})

const planWord = ({ version, noTrade }: GateInputs['plan']): string =>
  noTrade !== undefined ? `no-trade-${noTrade}` : version === 0 ? 'plan-not-frozen' : 'plan-frozen'

const predicates = ({ at, feed, phase, flatBufferMs, flatByAt, plan }: GateInputs): readonly Predicate[] => [
  watched(
    'feed',
    feed.state === 'live' && feed.moving,
    feed.moving ? `feed-${feed.state}` : 'feed-standing',
    feed.source,
  ),
  watched('phase', phase === 'ACTIVE', `phase-${phase.toLowerCase().replaceAll(' ', '-')}`, 'clock'),
  watched(
    'flat-by',
    at < flatByAt - flatBufferMs,
    at < flatByAt - flatBufferMs ? 'before-flat-by' : 'past-flat-by',
    'clock',
  ),
  watched('plan', plan.version > 0 && plan.noTrade === undefined, planWord(plan), 'plan'),
  unwatched('bridge', 'bridge-never-seen', 'NinjaTrader'),
  unwatched('agreement', 'no-second-price', 'NinjaTrader'),
  unwatched('loss-limits', 'no-account', 'NinjaTrader'),
  unwatched('open-trades', 'no-account', 'NinjaTrader'),
  unwatched('news', 'no-calendar', 'news calendar'),
]

/** Whether one may trade: every watched predicate must hold. `before` keeps since when each stands as it does. */
export const judgeGate = (inputs: GateInputs, before: Gate | undefined): Gate => {
  const facts = predicates(inputs).map((fact): GateFact => {
    const held = before?.facts.find(({ id }) => id === fact.id)
    return { ...fact, since: held !== undefined && held.reason === fact.reason ? held.since : inputs.at }
  })
  return { open: facts.every(({ watched: is, ok }) => ok || !is), facts }
}
