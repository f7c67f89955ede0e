import type { InstrumentId } from './instruments/instrument.ts'
import type { Phase } from './instruments/phase.ts'
import type { DateCoverage } from './market/coverage.ts'
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
  /** A print far from all others that nothing confirmed: told, and taken for nothing. */
  readonly suspect?: { readonly price: number; readonly at: number }
  /** Points from the card's zone: 0 inside, positive when the zone is below price, negative above; absent without a zone. */
  readonly toZone?: number
}

/**
 * How prices come. asleep — the feed rests while nobody trades; connecting — not heard yet; live; stale — it should speak
 * and does not; down — the connection is lost; closed — the market is; finished — a recording is over.
 */
export type FeedState = 'asleep' | 'connecting' | 'live' | 'stale' | 'down' | 'closed' | 'finished'

/** Another source's price of a market beside the feed's. */
export type SecondPrice = {
  readonly source: string
  readonly contract: string
  readonly price: number
  readonly receivedAt: number
  /** Ticks from the feed's price. */
  readonly ticksApart: number
  /** Whether the two were too far apart for too long. */
  readonly disagrees: boolean
}

/** A market as the feed delivers it. */
export type MarketReading = {
  readonly instrument: InstrumentId
  readonly contract: string
  readonly receivedAt?: number
  /** Events per second over the last ten seconds, and what this minute of the week usually brings where that is known. */
  readonly rate: number
  readonly expectedRate?: number
  /** stalled — silent for longer than this minute of the week explains. */
  readonly state: 'live' | 'stalled' | 'closed' | 'unheard'
  readonly bars: number
  readonly refused: number
  readonly second?: SecondPrice
}

export type FeedReading = {
  readonly mode: DataMode
  readonly state: FeedState
  readonly since: number
  /** Wall clock of the newest event of any market; absent before the first. */
  readonly receivedAt?: number
  readonly source: string
  /** Whether prices come trade by trade or as whole minutes. */
  readonly grain: 'tick' | 'bar'
  /** What the trader should know of the connection, in words: 'the plan has no trades: minute bars only'. */
  readonly note?: string
  /** How far events are behind the exchange beyond the usual, ms; and how far this machine's clock seems off. Estimated. */
  readonly lagMs?: number
  readonly skewMs?: number
  /** Messages that were not taken, by kind. */
  readonly refused: readonly { readonly kind: string; readonly count: number }[]
  readonly markets: readonly MarketReading[]
}

/** The next change of contract of a market. */
export type RollReading = {
  readonly instrument: InstrumentId
  readonly contract: string
  readonly next: string
  /** The first trade date in the next contract by the calendar, and how many trade dates away that is. */
  readonly rollsOn: string
  readonly tradeDates: number
  /** Contracts traded in each on the last full trade date, where known. */
  readonly volumes?: { readonly front: number; readonly next: number }
}

/** What is stored of the market's past, and what is being done about the rest. */
export type HistoryReading = {
  readonly source: string
  /** working — asking the source; waiting — for its next turn or for the source to answer again; idle — nothing is missing. */
  readonly state: 'working' | 'waiting' | 'idle'
  readonly detail: string
  readonly since: number
  /** 0 to 1, of everything that was missing when the work began. */
  readonly progress: number
  readonly gaps: { readonly found: number; readonly filled: number }
  /** The last 20 trade dates of each market, oldest first. */
  readonly markets: readonly { readonly instrument: InstrumentId; readonly dates: readonly DateCoverage[] }[]
  readonly rolls: readonly RollReading[]
}

/** One predicate of the gate. A predicate whose input does not exist yet is `watched: false` and never counts as ok. */
export type GateFact = {
  readonly id: string
  readonly watched: boolean
  readonly ok: boolean
  readonly reason: string
  /** What a word cannot say: two prices, a contract. */
  readonly detail?: string
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
export type AccountReading = {
  readonly bridge: 'never-seen'
  readonly accountSize: number
  readonly broker?: BrokerHoldings
}

/** What a broker's own books say, read and never changed; `asOf` is wall clock. Quantities are signed, prices points. */
export type BrokerHoldings = {
  readonly source: string
  readonly asOf: number
  readonly positions: readonly {
    readonly account: string
    readonly contract: string
    readonly quantity: number
    readonly averagePrice?: number
    readonly asOf: number
  }[]
  readonly fills: readonly {
    readonly account: string
    readonly contract: string
    readonly side: 'buy' | 'sell'
    readonly quantity: number
    readonly price: number
    readonly at: number
  }[]
}

/** Upper bounds of the latency histogram's buckets, ms; the last bucket is whatever took longer. */
export const hopBounds = [0.1, 1, 5, 20, 100, 250, 500, 1000] as const

/** Latency of one hop: percentiles in ms, and how many fell into each bucket of `hopBounds` and beyond. */
export type Hop = {
  readonly buckets: readonly number[]
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
  history: HistoryReading
} & { [K in `price:${InstrumentId}`]: PriceReading } & { [K in `focus:${InstrumentId}`]: FocusCard }

export type Topic = keyof Picture
