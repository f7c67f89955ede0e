import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { createFronts, type Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type PhaseBoundaries, phaseAt } from '#src/domain/instruments/phase.ts'
import { previewRoll } from '#src/domain/instruments/roll-preview.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { arrive, behindMs, serverTime, startPunctuality } from '#src/domain/market/punctuality.ts'
import { heard } from '#src/domain/market/vigil.ts'
import type { Money } from '#src/domain/money.ts'
import type { BrokerHoldings, Gate, Picture, Topic } from '#src/domain/picture.ts'
import { judgeGate } from '#src/domain/risk/gate.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import type { SizeTerms } from '#src/domain/risk/sizing.ts'
import { isFinished } from '#src/domain/signals/card-life.ts'
import type { Method } from '#src/domain/signals/focus-card.ts'
import type { CardTransition, NewAlert, PlanVersion } from '#src/domain/signals/transition.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import { createDay } from './day.ts'
import { createDesk, type Desk, type DeskEvents } from './desk.ts'
import { createFeedWatch } from './feed-watch.ts'
import { createFloor, type FloorOutbox, type StoredBook } from './floor.ts'
import { createNewsDesk } from './news-desk.ts'
import type { Clock, FeedSink, FeedStatus } from './ports.ts'
import { createReader } from './reader.ts'
import { createSecondOpinion } from './second-opinion.ts'
import { createSizes } from './sizes.ts'
import { cardAlert, rollAlert } from './wording.ts'

/** What the engine says to the world; each is called synchronously and must only take note. */
type Outbox = {
  readonly onBar: (instrument: InstrumentId, contractMonth: number, bar: RecordedBar) => void
  readonly onTransition: (transition: CardTransition) => void
  readonly onPlan: (version: PlanVersion) => void
  readonly onAlert: (alert: NewAlert) => void
  /** The minutes that begin in [from, to) are known in part only; history should be asked for them. */
  readonly onDoubt: (instrument: InstrumentId, from: number, to: number) => void
  /** History came that is older than what can be corrected in memory: the market should be read anew. */
  readonly onReload: (instrument: InstrumentId) => void
  /** Who crossed the spread in a minute that is closed. */
  readonly onFlow?: (instrument: InstrumentId, contractMonth: number, flow: MinuteFlow) => void
  /** A trade of the front contract was taken. */
  readonly onTrade?: (instrument: InstrumentId, contract: number, price: number) => void
  /** The answer to 'may I trade' has turned. */
  readonly onGate: (gate: Gate, at: number) => void
  /** The set of changed topics is no longer empty. */
  readonly onDirty: () => void
}

export type EngineOptions = {
  readonly instruments: readonly InstrumentId[]
  readonly clock: Clock
  readonly source: string
  /** Whether a vendor's wire is behind it, which may fall silent, lose what it sent and correct it later. */
  readonly live: boolean
  /** What the feed is at this moment. */
  readonly status: () => FeedStatus
  readonly fronts?: Fronts
  readonly boundaries: PhaseBoundaries
  readonly accountSize: Money
  readonly limits: Limits
  readonly floor: FloorOutbox
  readonly hash: (text: string) => string
  /** What the cards are worked out by, as they tell it. */
  readonly method: Method
  readonly outbox: Outbox
}

/** The stretch of market time to live again, epoch ms; alerts older than `alertsSince` stay unsaid. */
export type Recovery = { readonly from: number; readonly now: number; readonly alertsSince: number }

/** As they happened; of two changes in one instant the one that ends the card came last. */
const inTheirOrder = (a: CardTransition, b: CardTransition): number =>
  a.at - b.at || Number(isFinished(a.to)) - Number(isFinished(b.to))

/** The engine: one writer, all memory. It owns the desks, the day and the gate. */
export type Engine = ReturnType<typeof createEngine>

/** Creates the engine. Nothing here waits: the feed calls in, the outbox is told, the picture is drained. */
export const createEngine = (options: EngineOptions) => {
  const { instruments, clock, boundaries, hash, outbox, source, live, status } = options
  const dirty = new Set<Topic>()
  const recorded = new Map<string, readonly CardTransition[]>()
  let recovering = true
  /** Alerts of market time before this are not raised: nobody was there to be told. */
  let alertsFrom = Number.NEGATIVE_INFINITY
  let minute = 0
  let broker: BrokerHoldings | undefined
  let gate: Gate | undefined
  let fronts = options.fronts ?? createFronts([])
  const punctuality = startPunctuality()

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
    onClosed: ({ spec, minuteTopic, contractMonth }, bar) => {
      mark(minuteTopic)
      // What came from history is stored already.
      if (!recovering && bar.finality !== 'history') outbox.onBar(spec.id, contractMonth(bar.time), bar)
    },
    onFlow: ({ spec, contractMonth }, flow) => {
      if (!recovering) outbox.onFlow?.(spec.id, contractMonth(flow.time), flow)
    },
    onDoubt: ({ spec }, from, to) => {
      if (live && !recovering) outbox.onDoubt(spec.id, from, to)
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
      const contractOn = (tradeDate: string) => fronts(id, tradeDate)
      const rollOn = (tradeDate: string) => previewRoll(id, tradeDate, fronts)
      return [
        id,
        createDesk({ spec, source, tradeDateOf, contractOn, rollOn, entriesAllowedAt, screened: live, events }),
      ]
    }),
  )
  const all = [...desks.values()]
  const deskOf = (id: InstrumentId): Desk => {
    const desk = desks.get(id)
    if (desk === undefined) throw new RangeError(`no desk for ${id}`)
    return desk
  }

  const newest = (): number => Math.max(0, ...all.map(({ receivedAt }) => receivedAt ?? 0))
  const sizedBy = (id: InstrumentId): SizeTerms => floor.sizedBy(id)
  const day = createDay({ desks: all, boundaries, sizedBy, hash, onPlan: outbox.onPlan, raise })
  const watch = createFeedWatch({
    clock,
    desks: all,
    grain: () => status().grain,
    recorded: !live,
    source,
    punctuality,
    raise,
  })
  const second = createSecondOpinion({ desks, clock, source, raise })
  /** A delayed price is no price to reckon real money with; a simulator lives in the synthetic market. */
  const sharesMarket = (simulator: boolean): boolean => status().mode === (simulator ? 'SIM MARKET' : 'LIVE')
  const floor = createFloor({
    clock,
    accountSize: options.accountSize,
    limits: options.limits,
    flatBy: boundaries.flatBy,
    sharesMarket,
    feedPrice: (instrument, contract) => {
      const desk = desks.get(instrument)
      if (desk?.last === undefined || desk.contractMonth(clock.now()) !== contract) return undefined
      const { price, asOf, receivedAt = asOf } = desk.last
      return { price, receivedAt }
    },
    cardOf: (instrument, contract) => {
      const card = read(`focus:${instrument}`) as Picture[`focus:${InstrumentId}`] | undefined
      return card?.contract === contract ? card : undefined
    },
    raise,
    hearSecond: (price) => {
      if (second.hear(price)) mark('feed')
    },
    changed: () => touch('account'),
    outbox: options.floor,
  })
  const sizes = createSizes({
    allowance: floor.allowance,
    isKnown: floor.isHeard,
    feeOf: (id) => floor.limits.fees[id],
    changed: (id) => mark(`focus:${id}`),
  })
  const news = createNewsDesk(() => [floor.limits.news, ...floor.newsRules()])
  let inNews = ''
  const read = createReader({
    ...options,
    desks,
    day,
    watch,
    sizes,
    second,
    punctuality,
    gate: () => gate,
    floor,
    news,
    broker: () => broker,
    newest,
  })

  /** A wall-clock time on the market's clock; the two are one outside rehearsals. */
  const marketTimeOf = (wall: number): number => clock.now() - (clock.wall() - wall) * clock.speed

  /** From the moment nothing is heard minutes are known in part, until it is heard again: then history is asked for them. */
  const attend = (): void => {
    const { state } = watch.shown
    if (!live || state === 'closed') return
    const heardTo = clock.now() - behindMs(punctuality)
    for (const desk of all) {
      if (state !== 'live' || watch.isStalled(desk)) desk.interrupt(heardTo)
      else desk.resume(heardTo)
    }
  }

  /** A market's own news waits with its card; when it begins and ends the cards say so. */
  const watchNews = (at: number): void => {
    const now = instruments.filter((id) => news.concerns(id, at)).join()
    if (now === inNews) return
    inNews = now
    markCards()
  }

  const judge = (at: number): void => {
    const changed = watch.look(at)
    if (changed) mark('feed')
    if (changed) markCards()
    attend()
    second.look(at)
    watchNews(at)
    sizes.look(all)
    const before = gate
    gate = judgeGate(
      {
        at,
        feed: {
          state: watch.shown.state,
          source,
          moving: clock.speed > 0,
          delayed: status().mode === 'DELAYED',
          late: watch.late,
          detail: watch.detail,
          closedSince: watch.shown.state === 'closed' ? watch.shown.since : undefined,
        },
        agreement: second.agreed(at),
        phase: phaseAt(at, boundaries).phase,
        flatByAt: easternMs(easternAt(at).date, boundaries.flatBy),
        plan: { version: day.version, noTrade: day.noTrade },
        news: news.read(at),
        plannedRisk: sizes.planned(all),
        ...floor.gateInputs(),
      },
      before,
    )
    if (gate === before) return
    mark('gate')
    if (gate.open === before?.open) return
    if (!recovering) outbox.onGate(gate, at)
    markCards()
  }

  const judgeMinute = (at: number): void => {
    day.judge(phaseAt(at, boundaries).phase, at)
    judge(at)
    mark('plan', 'strip', ...all.map(({ topic }) => topic))
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

  /** Beside trades a bar is no news; where there are none it is all that tells of the market and of its delay. */
  const hearVendorBar = (desk: Desk, bar: Bar, receivedTime: number): void => {
    const [end, receivedAt] = [bar.time + minuteMs, marketTimeOf(receivedTime)]
    if (status().grain === 'bar') {
      arrive(punctuality, end, receivedAt)
      heard(desk.vigil, end)
    }
    desk.onVendorBar(bar, receivedTime, receivedAt)
  }

  const sink: FeedSink = {
    onTick: (tick) => {
      const desk = deskOf(tick.instrument)
      if (live) arrive(punctuality, tick.eventTime, marketTimeOf(tick.receivedTime))
      if (!desk.onTick(tick)) return
      touch(desk.topic)
      touch(desk.minuteTopic)
      const contract = desk.contractMonth(tick.eventTime)
      floor.onPrice(tick.instrument, contract, tick.price, tick.eventTime)
      outbox.onTrade?.(tick.instrument, contract, tick.price)
    },
    onQuote: (quote) => {
      const desk = deskOf(quote.instrument)
      desk.onQuote(quote)
      touch(desk.topic)
    },
    onBar: (instrument, bar, receivedTime) => {
      const desk = deskOf(instrument)
      if (live) hearVendorBar(desk, bar, receivedTime)
      else desk.onBar(bar, 'history', receivedTime)
      touch(desk.topic)
    },
    onTime: (now) => {
      if (live) for (const desk of all) desk.sweep(now)
      passMinutes(now)
    },
    onFeedState: (word, detail) => {
      watch.report(word, detail)
      judge(clock.now())
      mark('feed')
    },
    onHistory: (instrument, bars) => {
      const desk = deskOf(instrument)
      if (!desk.onHistory(bars)) outbox.onReload(instrument)
      mark(desk.topic, `focus:${instrument}`)
    },
    onSecondPrice: (price) => {
      if (second.hear(price)) mark('feed')
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
      for (const bar of bars) desk.warm(bar)
    },
    /** What was kept of who crossed the spread in the minutes that are told after it. */
    learnFlows: (instrument: InstrumentId, flows: readonly MinuteFlow[]): void => deskOf(instrument).learnFlows(flows),
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
    /** Reads a market anew: its history before the day, and the day's bars. */
    reload: (instrument: InstrumentId, past: Iterable<Bar>, today: readonly RecordedBar[]): void => {
      deskOf(instrument).reload(past, today)
      mark(`focus:${instrument}`, `price:${instrument}`, `minute:${instrument}`)
    },
    /** Other contracts are the front from now on; what that changes at `at` is told. */
    roll: (next: Fronts, at: number): void => {
      const before = all.map((desk) => desk.contract(at))
      fronts = next
      for (const [i, desk] of all.entries()) {
        desk.rolled()
        const contract = desk.contract(at)
        if (contract !== before[i]) raise(rollAlert(desk.spec, before[i] ?? '', contract, at))
      }
      mark('feed', ...all.map(({ topic }) => topic))
      markCards()
    },
    /** What a server said the time was, and this machine's before and after asking; epoch ms. */
    hearTime: (serverMs: number, wallBefore: number, wallAfter: number): void =>
      serverTime(punctuality, serverMs, wallBefore, wallAfter),
    /** Tells the trader what only the composition knows. */
    announce: (alert: NewAlert): void => raise(alert),
    /** What a broker's own books say. */
    hold: (holdings: BrokerHoldings): void => {
      broker = holdings
      mark('account')
    },
    /** Looks at the feed and the platform more often than once a second, so that a silence is seen in time. */
    glance: (): void => {
      floor.look()
      judge(clock.now())
    },
    /** What a platform said, after it was stored. */
    hear: (events: readonly PlatformEvent[], speaker: Speaker): void => {
      floor.hear(events, speaker)
      judge(clock.now())
    },
    floor,
    openBook: (stored: StoredBook): void => {
      floor.open(stored)
      judge(clock.now())
    },
    setNews: news.set,
    /** How long the feed has been stale though connected, ms of the machine's clock. */
    get staleFor() {
      return watch.said === 'live' ? watch.staleFor : 0
    },
    /** From here on the feed speaks. */
    start: (now: number): void => {
      for (const desk of all) {
        if (live) desk.interrupt(now)
        else desk.watchFrom(now)
      }
      passMinutes(now)
      judgeMinute(minuteOf(now))
      recovering = false
      dirty.clear()
      mark(
        'clock',
        'strip',
        'feed',
        'gate',
        'plan',
        'account',
        ...all.flatMap(({ topic, minuteTopic }) => [topic, minuteTopic]),
      )
      markCards()
    },
    /** Once a second: the clock, the feed's age and the gate, none of which need a price to change. */
    onSecond: (): void => {
      floor.onSecond()
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
