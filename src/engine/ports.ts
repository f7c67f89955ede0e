import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar, RecordedBar } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { DataMode, Picture, Topic } from '#src/domain/picture.ts'

/** Two clocks: the market's, which a simulation may run at any speed, and the machine's. Both epoch ms. */
export type Clock = { readonly now: () => number; readonly wall: () => number; readonly speed: number }

/** What a feed says of its own connection. */
export type FeedWord = 'asleep' | 'connecting' | 'live' | 'down' | 'finished'

/** Where a feed delivers. Calls are synchronous and in market-time order per instrument. */
export type FeedSink = {
  readonly onTick: (tick: Tick) => void
  readonly onQuote: (quote: Quote) => void
  /**
   * A whole closed bar: the minute itself from a source without trades, and beside trades the vendor's own account of a
   * minute, which replaces the one built here where they differ.
   */
  readonly onBar: (instrument: InstrumentId, bar: Bar, receivedTime: number) => void
  /** Market time has reached `now`: every event before it has been delivered. Called at least at each whole minute. */
  readonly onTime: (now: number) => void
  /** Any word but 'live' means that nothing was heard since the last event: the minutes from there on are known in part. */
  readonly onFeedState: (state: FeedWord, detail: string) => void
  /** Whole bars that come late, from the source's history, oldest first. They never overwrite a newer live bar. */
  readonly onHistory: (instrument: InstrumentId, bars: readonly RecordedBar[]) => void
  /** The price of the same market from another source. */
  readonly onSecondPrice: (price: SecondSourcePrice) => void
}

/** A price from a source that is not the feed; `contract` is yyyymm. */
export type SecondSourcePrice = {
  readonly source: string
  readonly instrument: InstrumentId
  readonly contract: number
  readonly price: number
  readonly eventTime: number
  readonly receivedTime: number
}

export type Feed = {
  readonly mode: DataMode
  /** 'synthetic market, seed 7' */
  readonly source: string
  readonly start: (sink: FeedSink) => void
  readonly stop: () => Promise<void>
}

/** How a connected feed stands at this moment; plain numbers, read once a second. */
export type FeedStatus = {
  readonly mode: DataMode
  readonly grain: 'tick' | 'bar'
  /** In words, for the trader: 'the plan has no trades: minute bars only'. */
  readonly note?: string
  /** Messages not taken since the start, by kind: 'not-json', 'unknown-event', 'price', 'foreign-contract' … */
  readonly refused: Readonly<Record<string, number>>
  /** Connections made since the start, and the wall-clock time of the next try while there is none. */
  readonly connections: number
  readonly nextTryAt?: number
  /** How far a delayed plan is behind the market, ms; absent in real time. */
  readonly delayMs?: number
}

/** A feed on a vendor's wire. It keeps itself connected while awake; asleep it holds no connection and tries none. */
export type LiveFeed = Feed & {
  readonly status: () => FeedStatus
  /** The contracts to listen to from now on, one a market. */
  readonly follow: (contracts: readonly Contract[]) => void
  readonly sleep: (detail: string) => void
  readonly wake: () => void
}

/** Why a vendor did not give what was asked; `detail` is for the trader and never holds a key. */
export type Refused = {
  readonly ok: false
  readonly reason: 'bad-key' | 'not-entitled' | 'unavailable' | 'garbage' | 'stopped'
  readonly detail: string
}

/** One answer to a request for history: every minute of the market before `reaches` is now known. */
export type HistoryPage = {
  readonly ok: true
  /** One-minute bars, oldest first, one a minute. */
  readonly bars: readonly Bar[]
  readonly reaches: number
  /** Rows of the page that were not taken, by kind: 'duplicate', 'price', 'off-minute' … */
  readonly dropped: Readonly<Record<string, number>>
}

/** Contracts traded in one contract in the session that is running, or in the last one while the market is shut. */
export type SessionVolume = { readonly contract: Contract; readonly tradeDate: string; readonly volume: number }

/** A vendor's past. */
export type HistorySource = {
  readonly name: string
  /** Pages of the 1m bars of a contract that begin in [from, to), epoch ms, in order of time; ends after a refusal. */
  readonly minutes: (
    contract: Contract,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ) => AsyncIterable<HistoryPage | Refused>
  /** What was traded in each contract; for the roll. */
  readonly volumes: (
    contracts: readonly Contract[],
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true; readonly value: readonly SessionVolume[] } | Refused>
  /** Asked once at the start: a clear word when the key or the plan is not good enough. */
  readonly check: (signal: AbortSignal) => Promise<{ readonly ok: true; readonly plan: string } | Refused>
}

/** A durable event; `id` ascends, as text, in the order events were appended. */
export type BusEvent = { readonly id: string; readonly kind: string; readonly body: unknown }

/** Carries the picture from the engine to every web process. Values are plain JSON; newest wins. */
export type Bus = {
  readonly put: <T extends Topic>(topic: T, value: Picture[T]) => void
  /** The last value of each topic this process knows. */
  readonly picture: () => Partial<Picture>
  /** Hears the topics that changed, after the picture has them. Returns how to stop. */
  readonly onChange: (listener: (topics: readonly Topic[]) => void) => () => void
  /** Keeps an event (the newest 10,000) and delivers it to every process at least once. */
  readonly append: (kind: string, body: unknown) => Promise<string>
  /** Hears every event appended after subscribing, in order; after a lost connection it continues where it was. */
  readonly onEvent: (listener: (event: BusEvent) => void) => () => void
  /** Events after `id`, oldest first. */
  readonly eventsAfter: (id: string, limit?: number) => Promise<readonly BusEvent[]>
  /** Wall-clock epoch ms of the engine's last heartbeat, undefined when none was seen. */
  readonly engineSeenAt: () => number | undefined
  /** Beats for the engine; called about once a second. */
  readonly beat: () => void
  readonly state: () => { readonly state: 'ok' | 'down'; readonly since: number; readonly detail: string }
  readonly close: () => Promise<void>
}
