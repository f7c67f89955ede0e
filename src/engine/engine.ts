import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { stripAt } from '#src/domain/instruments/market-strip.ts'
import { type PhaseBoundaries, phaseAt } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { Money } from '#src/domain/money.ts'
import type { DataMode, FeedState, Gate, Picture, PlanReading, Topic } from '#src/domain/picture.ts'
import { type CardPlace, drawCard, keepPlanned, toFocusCard, toPlannedCard } from '#src/domain/signals/card.ts'
import { isFinished, isRunning, zoneDistance } from '#src/domain/signals/card-life.ts'
import { keepsBias } from '#src/domain/signals/judgement.ts'
import { parameters as p } from '#src/domain/signals/parameters.ts'
import type { CardTransition, NewAlert, PlannedCard, PlanVersion } from '#src/domain/signals/transition.ts'
import { createDesk, type Desk } from './desk.ts'
import { judgeGate } from './gate.ts'
import { addVersion, emptyPlan, keepVersion, noTradeReason, type Plan, rankMarkets, type Standing } from './plan.ts'
import type { Clock, FeedSink } from './ports.ts'
import { cardAlert, drawnLine, feedAlert, planText } from './wording.ts'

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
/** Beyond this wall-clock age of the newest event the feed is stale. */
const staleAfterMs = 5_000
/** A feed stale or down for this long by the machine's clock is worth an alert. */
const lostAfterMs = 10_000

/** As they happened; of two changes in one instant the one that ends the card came last. */
const inTheirOrder = (a: CardTransition, b: CardTransition): number =>
  a.at - b.at || Number(isFinished(a.to)) - Number(isFinished(b.to))

/** The engine: one writer, all memory. It owns the desks, the day's plan and the gate. */
export type Engine = ReturnType<typeof createEngine>

/** Creates the engine. Nothing here waits: the feed calls in, the outbox is told, the picture is drained. */
export const createEngine = (options: EngineOptions) => {
  const { instruments, clock, boundaries, hash, outbox, mode, source, grain } = options
  const dirty = new Set<Topic>()
  const recorded = new Map<string, CardTransition[]>()
  const planned = new Map<string, PlannedCard>()
  let kept: readonly PlanVersion[] = []
  let recovering = true
  /** Alerts of market time before this are not raised: nobody was there to be told. */
  let alertsFrom = Number.NEGATIVE_INFINITY
  let minute = 0
  let day = ''
  let plan: Plan = emptyPlan('')
  let versionsTold = 0
  let ranks: Pick<PlanReading, 'places' | 'rest'> = {
    places: instruments.slice(0, p.maximumCards),
    rest: instruments.slice(p.maximumCards),
  }
  let noTrade: PlanReading['noTrade'] = 'warming-up'
  let gate: Gate | undefined
  let feed: { state: 'live' | 'down' | 'finished'; since: number; detail: string } = {
    state: 'down',
    since: 0,
    detail: 'not started',
  }
  let shown: { state: FeedState; since: number; wall: number } = { state: 'down', since: 0, wall: 0 }
  let spoken = false
  let lost = false
  let drawnLines: string[] = []

  const touch = (topic: Topic): void => {
    const quiet = dirty.size === 0
    dirty.add(topic)
    if (quiet && !recovering) outbox.onDirty()
  }
  const mark = (...topics: readonly Topic[]): void => {
    for (const topic of topics) touch(topic)
  }

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

  const desks = new Map<InstrumentId, Desk>(
    instruments.map((id) => {
      const spec = specOf(id)
      const contractOn = (tradeDate: string): Contract => frontContract(id, tradeDate)
      const desk = createDesk({
        spec,
        source,
        tradeDateOf: (time) => dateOfBar(spec.group, time),
        contractOn,
        entriesAllowedAt,
        events: {
          onClosed: (closed, bar) => {
            if (!recovering && grain === 'tick') outbox.onBar(id, closed.contractMonth(bar.time), bar)
          },
          onLife: (_, card, from, steps, at) => {
            let before = from
            for (const step of steps) {
              const when = step.at ?? at
              outbox.onTransition({
                cardId: card.id,
                instrument: id,
                tradeDate: day,
                side: card.life.side,
                from: before,
                to: step.to,
                at: when,
                price: step.price,
                ...(step.cause && { cause: step.cause }),
              })
              const alert = cardAlert(spec, card, step, when)
              if (alert !== undefined) raise(alert)
              before = step.to
            }
            mark(`focus:${id}`, `price:${id}`)
          },
        },
      })
      return [id, desk]
    }),
  )
  const all = [...desks.values()]
  const deskOf = (id: InstrumentId): Desk => {
    const desk = desks.get(id)
    if (desk === undefined) throw new RangeError(`no desk for ${id}`)
    return desk
  }

  const placeOf = (desk: Desk): CardPlace => ({
    spec: desk.spec,
    contract: desk.contract(easternMs(day, boundaries.active)),
    tradeDate: day,
    accountSize: options.accountSize,
  })

  const liveCard = (desk: Desk) =>
    desk.card !== undefined && !isFinished(desk.card.life.state) ? desk.card : undefined

  const mayDraw = (desk: Desk, at: number): boolean => {
    const { card } = desk
    if (card === undefined || card.version === 0) return true
    if (!isFinished(card.life.state)) return false
    const pause = card.life.state === 'stopped' ? p.redrawAfterStopMs : p.redrawAfterEndMs
    return at - card.life.since >= pause
  }

  const draft = (desk: Desk): void => {
    const judgement = desk.judgement()
    if (judgement === undefined) return
    const drawable = judgement.bias !== 'neutral' && !judgement.excluded
    desk.place(drawable ? drawCard(judgement, judgement.bias as 'long' | 'short', placeOf(desk), 1) : undefined)
  }

  const endOutdated = (desk: Desk, at: number): void => {
    const card = liveCard(desk)
    const judgement = desk.judgement()
    if (card === undefined || judgement === undefined || card.version === 0 || isRunning(card.life.state)) return
    const { side, bracket } = card.life
    if (!keepsBias(judgement, side)) desk.endCard('invalid', 'bias-lost', at)
    else if (zoneDistance(bracket, judgement.reading.close) > p.leftBehind * bracket.atr)
      desk.endCard('invalid', 'left-behind', at)
  }

  const draw = (desk: Desk, at: number): void => {
    const judgement = desk.judgement()
    if (judgement === undefined || judgement.bias === 'neutral' || judgement.excluded || !mayDraw(desk, at)) return
    const fresh = drawCard(judgement, judgement.bias, placeOf(desk), desk.cardsToday + 1)
    const card = keepPlanned(fresh, planned.get(fresh.id))
    desk.place({ ...card, version: plan.versions.length + 1 })
    drawnLines.push(drawnLine(desk.spec, card))
  }

  const version = (at: number): void => {
    if (drawnLines.length === 0 && plan.versions.length > 0) return
    const cards = all.flatMap((desk) => {
      const card = liveCard(desk)
      return card === undefined ? [] : [toPlannedCard(card, placeOf(desk))]
    })
    const stored = recovering ? kept[plan.versions.length] : undefined
    plan = stored ? keepVersion(plan, stored, drawnLines) : addVersion(plan, cards, at, drawnLines, hash)
    drawnLines = []
  }

  const tellVersions = (): void => {
    for (; versionsTold < plan.versions.length; versionsTold++) {
      const newest = plan.versions[versionsTold] as PlanVersion
      outbox.onPlan(newest)
      raise({
        key: `plan:${newest.tradeDate}:${newest.version}`,
        kind: 'plan',
        severity: newest.version === 1 ? 'notice' : 'quiet',
        at: newest.drawnAt,
        text: planText(newest, plan.changes),
      })
    }
  }

  const standing = (desk: Desk): Standing => {
    const judgement = desk.judgement()
    const card = liveCard(desk)
    const side = card?.life.side ?? judgement?.better ?? 'long'
    return {
      instrument: desk.spec.id,
      carded: card !== undefined || (judgement !== undefined && judgement.bias !== 'neutral'),
      excluded: judgement?.excluded ?? false,
      warm: judgement?.reading.warm ?? false,
      quality: judgement?.[side].score ?? 0,
    }
  }

  const startDay = (at: number): void => {
    day = easternAt(at).date
    plan = emptyPlan(day)
    versionsTold = 0
    for (const desk of all) desk.newDay()
  }

  const judgeMinute = (at: number): void => {
    const { phase } = phaseAt(at, boundaries)
    if (phase !== 'OFF-HOURS' && easternAt(at).date !== day) startDay(at)
    const redraws = plan.versions.length
    if (phase === 'PRE-MARKET') for (const desk of all) draft(desk)
    if (phase === 'ACTIVE' && plan.versions.length === 0) for (const desk of all) desk.place(undefined)
    if (phase === 'ACTIVE' || phase === 'WIND DOWN') for (const desk of all) endOutdated(desk, at)
    if (phase === 'ACTIVE') {
      for (const desk of all) draw(desk, at)
      version(at)
    }
    if (phase === 'OFF-HOURS')
      for (const desk of all) if (liveCard(desk) !== undefined && day !== '') desk.endCard('expired', 'flat-by', at)
    tellVersions()
    const standings = all.map(standing)
    // Cards change places at most every five minutes, or when one is drawn: a screen that reshuffles is not calm.
    if (at % (5 * minuteMs) === 0 || redraws !== plan.versions.length) ranks = rankMarkets(standings)
    noTrade = phase === 'PRE-MARKET' || phase === 'ACTIVE' ? noTradeReason(standings) : undefined
    judge(at)
    mark('plan', 'strip', ...instruments.map((id) => `focus:${id}` as const))
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

  const feedState = (): FeedState => {
    const wall = clock.wall()
    const newest = Math.max(0, ...all.map(({ receivedAt }) => receivedAt ?? 0))
    const patience = grain === 'bar' && clock.speed > 0 ? staleAfterMs + minuteMs / clock.speed : staleAfterMs
    if (feed.state !== 'live') return feed.state
    if (stripAt(clock.now()).futures !== 'open') return 'closed'
    return wall - newest > patience ? 'stale' : 'live'
  }

  /** Says once that prices are lost for good, and once that they are back; a pause of seconds is shown, not announced. */
  const tellFeed = (at: number): void => {
    const { state, wall } = shown
    const isLost = clock.speed > 0 && (state === 'stale' || state === 'down') && clock.wall() - wall >= lostAfterMs
    if (lost ? state !== 'live' : !isLost || !spoken) return
    lost = isLost
    raise(feedAlert(source, state, at))
  }

  const judge = (at: number): void => {
    const state = feedState()
    if (state !== shown.state) {
      shown = { state, since: at, wall: clock.wall() }
      spoken ||= state === 'live'
      mark('feed')
    }
    tellFeed(at)
    const { phase } = phaseAt(at, boundaries)
    const before = gate
    gate = judgeGate(
      {
        at,
        feed: { state, source, moving: clock.speed > 0 },
        phase,
        flatBufferMs,
        flatByAt: easternMs(easternAt(at).date, boundaries.flatBy),
        plan: { version: plan.versions.length, noTrade },
      },
      before,
    )
    if (JSON.stringify(gate) === JSON.stringify(before)) return
    mark('gate')
    if (gate.open !== before?.open) mark(...instruments.map((id) => `focus:${id}` as const))
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
      deskOf(instrument).onBar(bar, 'history', receivedTime)
      mark(`price:${instrument}`)
    },
    onTime: (now) => passMinutes(now),
    onFeedState: (state, detail) => {
      feed = { state, since: clock.wall(), detail }
      judge(clock.now())
      mark('feed')
    },
  }

  const told = (cardId: string, until: number) => {
    const known = recorded.get(cardId) ?? []
    const due = known.filter(({ at, cause }) => at <= until && (cause === undefined || cause === 'stop-before-entry'))
    recorded.set(
      cardId,
      known.filter((each) => !due.includes(each)),
    )
    return due.map(({ to, price, at, cause }) => ({ to, price, at, ...(cause && { cause }) }))
  }

  const spikes = () =>
    all.flatMap((desk) => {
      const reading = desk.judgement()?.reading
      return reading !== undefined && reading.volumeRatio > p.spikeRatio && clock.now() - reading.at < 2 * minuteMs
        ? [{ instrument: desk.spec.id, ratio: reading.volumeRatio, at: reading.at }]
        : []
    })

  const focus = (id: InstrumentId): Picture[`focus:${InstrumentId}`] | undefined => {
    const desk = deskOf(id)
    const judgement = desk.judgement()
    if (judgement === undefined) return undefined
    return toFocusCard({
      place: placeOf(desk),
      judgement,
      card: desk.card,
      price: desk.last?.price ?? judgement.reading.close,
      gateOpen: gate?.open ?? false,
      rank: ranks.places.indexOf(id) + 1,
    })
  }

  const planReading = (): PlanReading => {
    const newest = plan.versions.at(-1)
    return {
      tradeDate: day,
      version: plan.versions.length,
      ...(newest && { hash: newest.hash }),
      ...(plan.versions[0] && { frozenAt: plan.versions[0].drawnAt }),
      ...ranks,
      ...(noTrade && { noTrade }),
      bestQuality: Math.max(0, ...all.map((desk) => standing(desk).quality)),
      changes: plan.changes,
    }
  }

  const feedReading = (): Picture['feed'] => {
    const wall = clock.wall()
    const newest = Math.max(0, ...all.map(({ receivedAt }) => receivedAt ?? 0))
    return {
      mode,
      state: shown.state,
      since: shown.since,
      ...(newest > 0 && { receivedAt: newest }),
      source,
      markets: all.map((desk) => ({
        instrument: desk.spec.id,
        contract: desk.contract(clock.now()),
        ...(desk.receivedAt !== undefined && { receivedAt: desk.receivedAt }),
        rate: desk.rate(wall),
        bars: desk.bars,
        refused: desk.refused,
      })),
    }
  }

  const clockReading = (): Picture['clock'] => {
    const at = clock.now()
    const { phase, endsAt, next } = phaseAt(at, boundaries)
    return {
      at,
      wall: clock.wall(),
      speed: clock.speed,
      mode,
      phase,
      phaseEndsAt: endsAt,
      nextPhase: next,
      tradeDate: day,
    }
  }

  const read = (topic: Topic): Picture[Topic] | undefined => {
    const [kind, id] = topic.split(':') as [string, InstrumentId]
    if (kind === 'price') return deskOf(id).price(clock.now())
    if (kind === 'focus') return focus(id)
    if (topic === 'clock') return clockReading()
    if (topic === 'strip') return { ...stripAt(clock.now()), spikes: spikes() }
    if (topic === 'feed') return feedReading()
    if (topic === 'gate') return gate
    if (topic === 'plan') return planReading()
    if (topic === 'account') return { bridge: 'never-seen', accountSize: options.accountSize }
    return undefined
  }

  const standingTopics = (): readonly Topic[] => [
    'clock',
    'strip',
    'feed',
    'gate',
    'plan',
    'account',
    ...instruments.flatMap((id) => [`price:${id}`, `focus:${id}`] as const),
  ]

  return {
    sink,
    /** History before the day being recovered: it warms the analysis and nothing else. */
    load: (instrument: InstrumentId, bars: Iterable<Bar>): void => {
      const desk = deskOf(instrument)
      for (const bar of bars) desk.onBar(bar, 'history')
    },
    /** What was recorded of today's cards before this start: it is told again, never guessed anew. */
    remember: (versions: readonly PlanVersion[], transitions: readonly CardTransition[]): void => {
      kept = versions
      for (const card of versions.flatMap(({ cards }) => cards)) planned.set(card.id, card)
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
      for (const version of kept.slice(plan.versions.length)) plan = keepVersion(plan, version, [])
      tellVersions()
    },
    /** From here on the feed speaks. */
    start: (now: number): void => {
      for (const desk of all) desk.watchFrom(now)
      passMinutes(now)
      judgeMinute(minuteOf(now))
      recovering = false
      dirty.clear()
      mark(...standingTopics())
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
