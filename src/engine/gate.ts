import type { Phase } from '#src/domain/instruments/phase.ts'
import type { FeedState, Gate, GateFact } from '#src/domain/picture.ts'

/** What the gate looks at; each input is a fact with its source. */
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
  }
  /** The feed against another source of the same prices; undefined when there is none. */
  readonly agreement: Agreed | undefined
  readonly phase: Phase
  readonly flatBufferMs: number
  readonly flatByAt: number
  readonly plan: { readonly version: number; readonly noTrade: string | undefined }
}

/** `silent` when the other source says nothing; `detail` names the two prices that disagree. */
type Agreed = {
  readonly source: string
  readonly state: 'agrees' | 'silent' | 'disagrees'
  readonly detail?: string
}

type Predicate = Pick<GateFact, 'id' | 'watched' | 'ok' | 'reason' | 'source' | 'detail'>

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

const feedWord = ({ state, moving, delayed, late }: GateInputs['feed']): string => {
  if (!moving) return 'feed-standing'
  if (state === 'live' && delayed) return 'feed-delayed'
  return state === 'live' && late ? 'feed-late' : `feed-${state}`
}

const agreement = (agreed: GateInputs['agreement']): Predicate => {
  if (agreed === undefined) return unwatched('agreement', 'no-second-price', 'NinjaTrader')
  const { source, state, detail } = agreed
  if (state === 'silent') return unwatched('agreement', 'second-price-silent', source)
  if (state === 'agrees') return watched('agreement', true, 'prices-agree', source)
  return { ...watched('agreement', false, 'prices-disagree', source), ...(detail && { detail }) }
}

const predicates = ({
  at,
  feed,
  agreement: agreed,
  phase,
  flatBufferMs,
  flatByAt,
  plan,
}: GateInputs): readonly Predicate[] => [
  {
    ...watched('feed', feedWord(feed) === 'feed-live', feedWord(feed), feed.source),
    ...(feed.detail && { detail: feed.detail }),
  },
  watched('phase', phase === 'ACTIVE', `phase-${phase.toLowerCase().replaceAll(' ', '-')}`, 'clock'),
  watched(
    'flat-by',
    at < flatByAt - flatBufferMs,
    at < flatByAt - flatBufferMs ? 'before-flat-by' : 'past-flat-by',
    'clock',
  ),
  watched('plan', plan.version > 0 && plan.noTrade === undefined, planWord(plan), 'plan'),
  unwatched('bridge', 'bridge-never-seen', 'NinjaTrader'),
  agreement(agreed),
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
