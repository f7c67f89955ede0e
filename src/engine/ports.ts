import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { DataMode, Picture, Topic } from '#src/domain/picture.ts'

/** Two clocks: the market's, which a simulation may run at any speed, and the machine's. Both epoch ms. */
export type Clock = { readonly now: () => number; readonly wall: () => number; readonly speed: number }

/** Where a feed delivers. Calls are synchronous and in market-time order per instrument. */
export type FeedSink = {
  readonly onTick: (tick: Tick) => void
  readonly onQuote: (quote: Quote) => void
  /** A whole closed bar, from a source that has no trades. */
  readonly onBar: (instrument: InstrumentId, bar: Bar, receivedTime: number) => void
  /** Market time has reached `now`: every event before it has been delivered. Called at least at each whole minute. */
  readonly onTime: (now: number) => void
  readonly onFeedState: (state: 'live' | 'down' | 'finished', detail: string) => void
}

export type Feed = {
  readonly mode: DataMode
  /** 'synthetic market, seed 7' */
  readonly source: string
  readonly start: (sink: FeedSink) => void
  readonly stop: () => Promise<void>
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
