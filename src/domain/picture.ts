import type { MinuteFlow } from './flow/minute-flow.ts'
import type { InstrumentId } from './instruments/instrument.ts'
import type { Phase } from './instruments/phase.ts'
import type { LabReading } from './lab-reading.ts'
import type { Bar } from './market/bar.ts'
import type { BarFault } from './market/bar-guard.ts'
import type { DateCoverage } from './market/coverage.ts'
import type { Money } from './money.ts'
import type { OddsReading } from './odds-reading.ts'
import type { FlatBy } from './risk/flat-by.ts'
import type { Limits } from './risk/limits.ts'
import type { Stage, Standing } from './risk/standing.ts'
import type { Bucket, Permutation } from './signals/calibration.ts'
import type { FocusCard, QualityComponentName } from './signals/focus-card.ts'
import type { CardOutcome } from './signals/outcome.ts'
import type { Alert } from './signals/transition.ts'
import type { AccountKind } from './trading/account.ts'
import type { Order } from './trading/order.ts'
import type { CommandRecord, ConnectionState } from './trading/platform-event.ts'

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
  /** Nobody moves it any more: `at` is the last instant that was heard. */
  readonly stopped?: true
}

export type Venue = 'Tokyo' | 'London' | 'New York'

export type MarketStrip = {
  readonly venues: readonly { readonly venue: Venue; readonly open: boolean; readonly changesAt: number }[]
  /** Two or more venues open at once. */
  readonly overlap: boolean
  /** The futures exchange itself: open while any watched market is, the maintenance hour, or closed for a weekend or holiday. */
  readonly futures: 'open' | 'maintenance' | 'closed'
  readonly futuresChangesAt: number
  /** Markets whose last closed minute had a volume spike, with that volume over the average. */
  readonly spikes: readonly { readonly instrument: InstrumentId; readonly ratio: number; readonly at: number }[]
}

/** Last price of one market. `asOf` is the event's time, `receivedAt` the wall clock when it came: absent when it is from history. */
export type PriceReading = {
  readonly instrument: InstrumentId
  readonly contract: string
  readonly last: number
  readonly asOf: number
  readonly receivedAt?: number
  /** The market is shut: the price grows no older. */
  readonly closed?: true
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
 * A market's minute as it grows, and the one closed last with the time of the bar before it and its flow without levels. `revision` counts corrections
 * of bars that were closed already: with another one everything read from them before is old.
 */
export type MinuteReading = {
  readonly instrument: InstrumentId
  readonly revision: number
  readonly forming?: Bar
  readonly closed?: Bar & { readonly after?: number; readonly flow?: MinuteFlow }
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
  /** What was wrong with bars, by the rule that refused or repaired them. */
  readonly faults: readonly { readonly fault: BarFault; readonly count: number }[]
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
  /** What of it nobody watches, in words, while the rest is watched. */
  readonly unwatched?: string
  readonly since: number
  readonly source: string
  /** When it ends by itself, market time: a cooldown, a news window, a lock. */
  readonly expiresAt?: number
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
  readonly noTrade?: 'quality-too-low' | 'no-side' | 'all-excluded' | 'warming-up' | 'market-closed'
  /** Of the markets that have a card or lean to a side. */
  readonly bestQuality: number
  /** What later versions of the day changed, newest first. */
  readonly changes: readonly { readonly at: number; readonly text: string }[]
}

/**
 * How NinjaTrader is heard. never-seen; silent — it spoke and stopped; settling — a difference younger than a second, as
 * executions run ahead of positions; differs — its snapshot and our fold of its executions do not agree; in-sync.
 * `legacy` is a bridge that shows positions and nothing else.
 */
export type BridgeState = 'never-seen' | 'silent' | 'settling' | 'differs' | 'in-sync' | 'legacy'

/** `since` and `heardAt` are wall clock. */
export type BridgeReading = {
  readonly state: BridgeState
  readonly since: number
  readonly heardAt?: number
  readonly name?: string
  readonly versions?: { readonly bridge: string; readonly platform: string }
  /** The co-pilot's own simulator of NinjaTrader: its accounts are not real. */
  readonly simulator: boolean
  /** Whether the AddOn's own switch lets it send orders. */
  readonly allowOrders: boolean
  /** The platform's connections: 'Rithmic', prices and orders each. */
  readonly connections: readonly {
    readonly name: string
    readonly price: ConnectionState
    readonly orders: ConnectionState
  }[]
  /** Executions that wait inside the bridge to be sent. */
  readonly waiting: number
  /** What does not agree, in words: 'Sim101 MNQ Z6: NinjaTrader +2, ledger +1'. */
  readonly differences: readonly string[]
  /** The newest commands first, at most 10. */
  readonly commands: readonly CommandRecord[]
}

/**
 * A level of a position: how far from the average price, in ticks, what the trade ends at there in Money, both sides' fees of
 * its contracts taken off (signed: negative is a loss), and where its order rests.
 */
export type ExitReading = {
  readonly price: number
  readonly ticks: number
  readonly money: Money
  readonly quantity: number
  readonly where: Order['where']
}

/** A position NinjaTrader holds. Money; prices in points; `lastAt` wall clock. What is not known is absent. */
export type PositionReading = {
  readonly account: string
  readonly alias: string
  readonly kind: AccountKind
  readonly instrument: InstrumentId
  /** 'MGC Z6' */
  readonly contract: string
  /** Signed, long positive. */
  readonly quantity: number
  readonly averagePrice: number
  readonly since: number
  readonly last?: number
  readonly lastAt?: number
  /** What closing now would leave of it: fees paid and the exit's fees taken off. */
  readonly openNet?: Money
  /** In units of the risk taken at the start. */
  readonly r?: number
  readonly stop?: ExitReading
  readonly target?: ExitReading
  /** Loss if every stop is filled two ticks beyond, fees included; absent without a stop for the whole quantity. */
  readonly risk?: Money
  /** No stop for all of it since this wall-clock time, beyond the settling window. */
  readonly nakedSince?: number
  readonly mae?: Money
  readonly mfe?: Money
  /** Against the card of the same contract, in words: 'in its zone', 'size as planned', 'stop moved away'. */
  readonly card?: { readonly id: string; readonly words: readonly string[]; readonly agrees: boolean }
  /** '+0.5R and ratio 2.1: one more allowed, total risk $212' */
  readonly stack?: { readonly allowed: boolean; readonly words: string }
  /** What the trader should ask himself: back too soon, larger after a loss. */
  readonly lapses?: readonly string[]
}

export type OrderReading = Order & { readonly alias: string; readonly contractName: string }

/** Why what is open cannot be valued; false when it can. */
export type Unvalued = 'no-price' | 'old-price' | false

/** One account against its rules; see Standing. `dayNet` counts closed trades and what is open. */
export type AccountStanding = {
  readonly name: string
  readonly alias: string
  readonly kind: AccountKind
  readonly firm: string
  readonly watched: boolean
  /** The trade date from which on it is watched no more. */
  readonly unwatchedFrom?: string
  readonly standing: Standing
  readonly dayNet: Money
  readonly openNet: Money
  readonly fees: Money
  /** Paid for getting into what is open: the platform's balance has it taken off, the standing's not yet. */
  readonly entryFees: Money
  readonly trades: number
  readonly contracts: number
  /** Where the firm limits them: executions of the trade date, and the fewest more that leaving what is open takes. */
  readonly executions?: { readonly made: number; readonly due: number; readonly limit: number }
  /** The platform's own balance beside ours, where it says one. */
  readonly platformCash?: Money
  readonly lockedUntil?: number
  /** Something is open and has no price — it counts as what it cost — or one too old: what is said of its equity is a guess. */
  readonly unvalued: Unvalued
  /** A position has had no stop for all of it beyond the settling window. */
  readonly naked: boolean
}

/** Getting flat: off; flattening — under way; flat — done; escalated — not confirmed: look at the platform yourself. */
export type KillReading = {
  readonly state: 'off' | 'flattening' | 'flat' | 'escalated'
  readonly since: number
  readonly detail: string
}

/** Positions, orders and risk of every account as far as they are known. */
export type AccountReading = {
  /** Whose accounts these are: 'real', or 'sim:<boot>' of a simulator. */
  readonly book: string
  readonly bridge: BridgeReading
  readonly accountSize: Money
  readonly limits: Limits
  readonly broker?: BrokerHoldings
  readonly positions: readonly PositionReading[]
  /** Working orders. */
  readonly orders: readonly OrderReading[]
  /** The nearest limit first. */
  readonly accounts: readonly AccountStanding[]
  /** All watched accounts together on this trade date; absent while no account is known. */
  readonly day?: { readonly net: Money; readonly closed: Money; readonly fees: Money; readonly trades: number }
  readonly nearest?: {
    readonly account: string
    readonly what: 'drawdown' | 'daily-loss' | 'own-daily-loss'
    readonly money: Money
    readonly stage: Stage
  }
  /** The trader's own daily limit over all watched accounts; absent while no account is known. */
  readonly ownLoss?: { readonly limit: Money; readonly left: Money; readonly stage: Stage }
  /**
   * Loss if every stop is hit: `money` of all positions, absent while one of them is naked, without a stop for all of it, as
   * nobody knows it then; `known` of those that have their stops, with its share of the account size.
   */
  readonly openRisk?: {
    readonly money?: Money
    readonly known: Money
    readonly share: number
    readonly over: boolean
    readonly naked: boolean
  }
  readonly kill: KillReading
  readonly lockedUntil?: number
  /** What the trader decided on this trade date, a trade copied to several accounts counted once. */
  readonly course: { readonly open: number; readonly trades: number; readonly lossesInRow: number }
  readonly cooldownUntil?: number
  /**
   * The flat-by that comes next, the trader's own or that of an account's firm, and how long until then, ms; `passed` is one
   * that something open has outlasted.
   */
  readonly flatBy?: FlatBy & { readonly left: number; readonly passed?: FlatBy }
  /** Counts what the platform changed (fills, positions, orders, locks), not prices: a new number is worth showing at once. */
  readonly moved: number
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

/** Something is away that the process leans on. `since` is market time; `isBlind` — the picture stands still. */
export type Outage = {
  readonly what: 'engine' | 'bus' | 'database'
  readonly since: number
  readonly isBlind: boolean
}

/** A past card as a table shows it. */
export type PastCard = Pick<
  CardOutcome,
  | 'cardId'
  | 'instrument'
  | 'tradeDate'
  | 'side'
  | 'quality'
  | 'grade'
  | 'drawnAt'
  | 'enteredAt'
  | 'endedAt'
  | 'endedAs'
  | 'r'
> & { readonly lived: boolean }

/**
 * How often cards like it were right: of one market ('real', 'sim-7'), by one version of the method, up to the market time
 * `at`. Only cards that were entered count as n.
 */
export type CalibrationReading = {
  readonly market: string
  readonly codeVersion: string
  readonly at: number
  /** Drawn, and of them entered, reached their first target first, and lived by the terminal itself. */
  readonly cards: number
  readonly n: number
  readonly won: number
  readonly lived: number
  /** The trade dates looked at, oldest and newest; absent before the first. */
  readonly dates?: { readonly first: string; readonly last: string; readonly count: number }
  /** Ten of them; share, low and high mean nothing where n is 0. */
  readonly buckets: readonly Bucket[]
  /** Absent until somebody won and somebody lost. */
  readonly permutation?: Permutation
  /** The same at the end of each of the last 30 trade dates on which it was made, newest first. */
  readonly days: readonly (Permutation & { readonly tradeDate: string })[]
  /** `r` is the mean of those entered. */
  readonly markets: readonly {
    readonly instrument: InstrumentId
    readonly cards: number
    readonly n: number
    readonly won: number
    readonly r: number
  }[]
  /** Mean share of each component's points, 0–1, of the cards that won and of those that did not. */
  readonly components: readonly {
    readonly name: QualityComponentName
    readonly winners: number
    readonly others: number
  }[]
  /** The newest 30 cards, newest first. */
  readonly recent: readonly PastCard[]
  readonly job: ShadowJob
}

/** The work on past dates. `since` is the machine's clock; `last` the run before, `progress` 0 to 1. */
export type ShadowJob = {
  /** waiting — for the history, or until another one is done. */
  readonly state: 'waiting' | 'running' | 'idle' | 'failed'
  readonly since: number
  readonly progress: number
  readonly last?: {
    readonly startedAt: number
    readonly endedAt: number
    readonly state: 'done' | 'failed'
    /** Market dates played, from the oldest to the newest trade date. */
    readonly played: number
    readonly from?: string
    readonly to?: string
  }
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
  calibration: CalibrationReading
  lab: LabReading
  odds: OddsReading
  /** Put by the process that shows the picture; absent while all is well. */
  outage: Outage
} & { [K in `price:${InstrumentId}`]: PriceReading } & { [K in `focus:${InstrumentId}`]: FocusCard } & {
  [K in `minute:${InstrumentId}`]: MinuteReading
}

export type Topic = keyof Picture
