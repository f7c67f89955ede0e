import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type PhaseBoundaries, phaseAt } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { Money } from '#src/domain/money.ts'
import type { DataMode, Gate, Picture, Topic } from '#src/domain/picture.ts'
import { isFinished } from '#src/domain/signals/card-life.ts'
import type { CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import { createDay } from './day.ts'
import { createDesk, type Desk, type DeskEvents } from './desk.ts'
import { createFeedWatch } from './feed-watch.ts'
import { judgeGate } from './gate.ts'
import type { Clock, FeedSink } from './ports.ts'
import { createReader } from './reader.ts'
import { cardAlert } from './wording.ts'

/** What the engine says to the world; each is called synchronously and must only take note. */
type Outbox = {
  readonly onBar: (instrument: InstrumentId, contractMonth: number, bar: RecordedBar) => void
  readonly onTransition: (transition: CardTransition) => void
  readonly onPlan: (version: PlanVersion) => void
  readonly onAlert: (alert: NewAlert) => void
  /** The set of changed topics is no longer empty. */
  readonly onDirty: () => void
}

export type EngineOptions = {
  readonly instruments: readonly InstrumentId[]
  readonly clock: Clock
  readonly mode: DataMode
  readonly source: string
  /** Whether prices come trade by trade or as whole minutes. */
  readonly grain: 'tick' | 'bar'
  readonly boundaries: PhaseBoundaries
  readonly accountSize: Money
  readonly hash: (text: string) => string
  readonly outbox: Outbox
}

/** The stretch of market time to live again, epoch ms; alerts older than `alertsSince` stay unsaid. */
export type Recovery = { readonly from: number; readonly now: number; readonly alertsSince: number }

const flatBufferMs = 5 * minuteMs

/** As they happened; of two changes in one instant the one that ends the card came last. */
const inTheirOrder = (a: CardTransition, b: CardTransition): number =>
  a.at - b.at || Number(isFinished(a.to)) - Number(isFinished(b.to))

/** The engine: one writer, all memory. It owns the desks, the day and the gate. */
export type Engine = ReturnType<typeof createEngine>

/** Creates the engine. Nothing here waits: the feed calls in, the outbox is told, the picture is drained. */
export const createEngine = (options: EngineOptions) => {
  const { instruments, clock, boundaries, accountSize, hash, outbox, source, grain } = options
  const dirty = new Set<Topic>()
  const recorded = new Map<string, readonly CardTransition[]>()
  let recovering = true
  /** Alerts of market time before this are not raised: nobody was there to be told. */
  let alertsFrom = Number.NEGATIVE_INFINITY
  let minute = 0
  let gate: Gate | undefined

  const touch = (topic: Topic): void => {
    const quiet = dirty.size === 0
    dirty.add(topic)
    if (quiet && !recovering) outbox.onDirty()
  }
  const mark = (...topics: readonly Topic[]): void => topics.forEach(touch)
  const markCards = (): void => mark(...instruments.map((id) => `focus:${id}` as const))

  const raise = (alert: NewAlert): void => {
    if (alert.at >= alertsFrom) outbox.onAlert(alert)
  }

  /** Asked for every trade, so the phase is looked up once and held until it ends. */
  let allowance = { from: 0, to: 0, allowed: false }
  const entriesAllowedAt = (at: number): boolean => {
    if (at < allowance.from || at >= allowance.to) {
      const { phase, endsAt } = phaseAt(at, boundaries)
      allowance = { from: at, to: endsAt, allowed: phase === 'ACTIVE' }
    }
    return allowance.allowed
  }

  const events: DeskEvents = {
    onClosed: ({ spec, contractMonth }, bar) => {
      if (!recovering && grain === 'tick') outbox.onBar(spec.id, contractMonth(bar.time), bar)
    },
    onLife: ({ spec }, card, before, steps, minuteEnd) => {
      let from = before
      for (const step of steps) {
        const { to, price, cause, at = minuteEnd } = step
        const whose = { cardId: card.id, instrument: spec.id, tradeDate: day.date, side: card.life.side }
        outbox.onTransition({ ...whose, from, to, at, price, ...(cause && { cause }) })
        const alert = cardAlert(spec, card, step, at)
        if (alert !== undefined) raise(alert)
        from = to
      }
      mark(`focus:${spec.id}`, `price:${spec.id}`)
    },
  }

  const desks = new Map<InstrumentId, Desk>(
    instruments.map((id) => {
      const spec = specOf(id)
      const tradeDateOf = (time: number): string => dateOfBar(spec.group, time)
      const contractOn = (tradeDate: string) => frontContract(id, tradeDate)
      return [id, createDesk({ spec, source, tradeDateOf, contractOn, entriesAllowedAt, events })]
    }),
  )
  const all = [...desks.values()]
  const deskOf = (id: InstrumentId): Desk => {
    const desk = desks.get(id)
    if (desk === undefined) throw new RangeError(`no desk for ${id}`)
    return desk
  }

  const newest = (): number => Math.max(0, ...all.map(({ receivedAt }) => receivedAt ?? 0))
  const day = createDay({ desks: all, boundaries, accountSize, hash, onPlan: outbox.onPlan, raise })
  const watch = createFeedWatch({ clock, grain, source, newest, raise })
  const read = createReader({ ...options, desks, day, watch, gate: () => gate, newest })

  const judge = (at: number): void => {
    if (watch.look(at)) mark('feed')
    const before = gate
    gate = judgeGate(
      {
        at,
        feed: { state: watch.shown.state, source, moving: clock.speed > 0 },
        phase: phaseAt(at, boundaries).phase,
        flatBufferMs,
        flatByAt: easternMs(easternAt(at).date, boundaries.flatBy),
        plan: { version: day.version, noTrade: day.noTrade },
      },
      before,
    )
    if (JSON.stringify(gate) === JSON.stringify(before)) return
    mark('gate')
    if (gate.open !== before?.open) markCards()
  }

  const judgeMinute = (at: number): void => {
    day.judge(phaseAt(at, boundaries).phase, at)
    judge(at)
    mark('plan', 'strip')
    markCards()
  }

  /** Moves market time forward minute by minute, so that no boundary is ever jumped over. */
  const passMinutes = (now: number): void => {
    if (minute === 0) minute = minuteOf(now)
    while (minute + minuteMs <= now) {
      minute += minuteMs
      for (const desk of all) desk.onTime(minute)
      judgeMinute(minute)
    }
  }

  const sink: FeedSink = {
    onTick: (tick) => {
      const desk = deskOf(tick.instrument)
      if (desk.onTick(tick)) touch(desk.topic)
    },
    onQuote: (quote) => {
      const desk = deskOf(quote.instrument)
      desk.onQuote(quote)
      touch(desk.topic)
    },
    onBar: (instrument, bar, receivedTime) => {
      const desk = deskOf(instrument)
      desk.onBar(bar, 'history', receivedTime)
      touch(desk.topic)
    },
    onTime: passMinutes,
    onFeedState: (state) => {
      watch.report(state)
      judge(clock.now())
      mark('feed')
    },
  }

  /** What the price did to a card up to an instant, by the record; used up as it is told. */
  const told = (cardId: string, until: number) => {
    const known = recorded.get(cardId) ?? []
    const due = known.filter(({ at, cause }) => at <= until && (cause === undefined || cause === 'stop-before-entry'))
    const left = known.filter((each) => !due.includes(each))
    recorded.set(cardId, left)
    return due.map(({ to, price, at, cause }) => ({ to, price, at, ...(cause && { cause }) }))
  }

  return {
    sink,
    /** History before the day being recovered: it warms the analysis and nothing else. */
    load: (instrument: InstrumentId, bars: Iterable<Bar>): void => {
      const desk = deskOf(instrument)
      for (const bar of bars) desk.onBar(bar, 'history')
    },
    /** What was recorded of today's cards before this start: it is told again, never guessed anew. */
    remember: (versions: readonly PlanVersion[], transitions: readonly CardTransition[]): void => {
      day.remember(versions)
      for (const transition of transitions.toSorted(inTheirOrder))
        recorded.set(transition.cardId, [...(recorded.get(transition.cardId) ?? []), transition])
    },
    /** Lives the day again from `from` to `now` through the very functions that run live; `bars` ascend in time. */
    recover: (
      bars: readonly (RecordedBar & { readonly instrument: InstrumentId })[],
      { from, now, alertsSince }: Recovery,
    ): void => {
      minute = minuteOf(from)
      alertsFrom = alertsSince
      for (const bar of bars) {
        passMinutes(bar.time)
        deskOf(bar.instrument).onBar(bar, bar.finality, undefined, told)
      }
      passMinutes(now)
      day.settle()
    },
    /** From here on the feed speaks. */
    start: (now: number): void => {
      for (const desk of all) desk.watchFrom(now)
      passMinutes(now)
      judgeMinute(minuteOf(now))
      recovering = false
      dirty.clear()
      mark('clock', 'strip', 'feed', 'gate', 'plan', 'account', ...all.map(({ topic }) => topic))
      markCards()
    },
    /** Once a second: the clock, the feed's age and the gate, none of which need a price to change. */
    onSecond: (): void => {
      judge(clock.now())
      mark('clock', 'feed')
    },
    /** Hands out every topic that changed since the last call. */
    drain: (put: (topic: Topic, value: Picture[Topic]) => void): void => {
      const topics = [...dirty]
      dirty.clear()
      for (const topic of topics) {
        const value = read(topic)
        if (value !== undefined) put(topic, value)
      }
    },
    /** The value of one topic as it stands. */
    read,
  }
}
