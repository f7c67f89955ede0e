import type { InstrumentId } from './instruments/instrument.ts'
import type { Phase } from './instruments/phase.ts'
import type { FocusCard } from './signals/focus-card.ts'
import type { Alert } from './signals/transition.ts'

/** What kind of market data is on the screen; never to be confused. */
export type DataMode = 'LIVE' | 'DELAYED' | 'REPLAY' | 'SIM MARKET'

/** The running clock. `at` is market time; `wall` the machine's clock; market time runs `speed` times as fast. */
export type ClockReading = {
  readonly at: number
  readonly wall: number
  readonly speed: number
  readonly mode: DataMode
  readonly phase: Phase
  readonly phaseEndsAt: number
  readonly nextPhase: Phase
  readonly tradeDate: string
}

export type Venue = 'Tokyo' | 'London' | 'New York'

export type MarketStrip = {
  readonly venues: readonly { readonly venue: Venue; readonly open: boolean; readonly changesAt: number }[]
  /** Two or more venues open at once. */
  readonly overlap: boolean
  /** The futures exchange itself: open, the maintenance hour, or closed for a weekend or holiday. */
  readonly futures: 'open' | 'maintenance' | 'closed'
  readonly futuresChangesAt: number
  /** Markets whose last closed minute had a volume spike, with that volume over the average. */
  readonly spikes: readonly { readonly instrument: InstrumentId; readonly ratio: number; readonly at: number }[]
}

/** Last price of one market. `asOf` is the event's time, `receivedAt` the wall clock when it came. */
export type PriceReading = {
  readonly instrument: InstrumentId
  readonly contract: string
  readonly last: number
  readonly asOf: number
  readonly receivedAt: number
  /** Against the previous trade date's close, in points; absent when that is unknown. */
  readonly change?: number
  readonly bid?: number
  readonly ask?: number
  /** Points from the card's zone: 0 inside, positive when the zone is below price, negative above; absent without a zone. */
  readonly toZone?: number
}

export type FeedState = 'live' | 'stale' | 'down' | 'closed' | 'finished'

export type FeedReading = {
  readonly mode: DataMode
  readonly state: FeedState
  readonly since: number
  /** Wall clock of the newest event of any market; absent before the first. */
  readonly receivedAt?: number
  readonly source: string
  readonly markets: readonly {
    readonly instrument: InstrumentId
    readonly contract: string
    readonly receivedAt?: number
    /** Events per second over the last ten seconds. */
    readonly rate: number
    readonly bars: number
    readonly refused: number
  }[]
}

/** One predicate of the gate. A predicate whose input does not exist yet is `watched: false` and never counts as ok. */
export type GateFact = {
  readonly id: string
  readonly watched: boolean
  readonly ok: boolean
  readonly reason: string
  readonly since: number
  readonly source: string
}

export type Gate = { readonly open: boolean; readonly facts: readonly GateFact[] }

export type PlanReading = {
  readonly tradeDate: string
  readonly version: number
  readonly hash?: string
  readonly frozenAt?: number
  /** The cards' order, best first, and the quiet row. */
  readonly places: readonly InstrumentId[]
  readonly rest: readonly InstrumentId[]
  /** Set when nothing qualifies: sit on hands. */
  readonly noTrade?: 'quality-too-low' | 'all-excluded' | 'warming-up' | 'market-closed'
  readonly bestQuality: number
  /** What later versions of the day changed, newest first. */
  readonly changes: readonly { readonly at: number; readonly text: string }[]
}

/** Positions and risk as far as they are known; `bridge` says whether NinjaTrader was seen. */
export type AccountReading = { readonly bridge: 'never-seen'; readonly accountSize: number }

/** Latency percentiles of one hop, in ms. */
export type Hop = {
  readonly name: string
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly count: number
}

export type SystemReading = {
  readonly startedAt: number
  readonly hops: readonly Hop[]
  readonly residentBytes: number
  readonly heapBytes: number
  readonly eventLoopP99Ms: number
  readonly pages: number
  readonly dependencies: readonly Dependency[]
  readonly version: string
  /** Whose bars are shown, and under whose name plans and alerts are kept: 'real', 'sim-7'. */
  readonly market: string
  readonly ledger: string
}

export type Dependency = {
  readonly name: 'engine' | 'database' | 'bus' | 'feed'
  readonly state: 'ok' | 'starting' | 'degraded' | 'down'
  readonly since: number
  readonly detail: string
}

/** Everything a page can show, by topic. A topic's value is plain JSON, so it travels between processes as it is. */
export type Picture = {
  clock: ClockReading
  strip: MarketStrip
  feed: FeedReading
  gate: Gate
  plan: PlanReading
  account: AccountReading
  alerts: readonly Alert[]
  system: SystemReading
} & { [K in `price:${InstrumentId}`]: PriceReading } & { [K in `focus:${InstrumentId}`]: FocusCard }

export type Topic = keyof Picture
