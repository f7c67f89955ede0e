import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { alertsAfter, latestAlerts } from '#src/adapters/db/alerts.ts'
import type { Database, Db } from '#src/adapters/db/connect.ts'
import { flowsSince } from '#src/adapters/db/flows.ts'
import { planVersions } from '#src/adapters/db/plans.ts'
import { createRecorder, type Recorder } from '#src/adapters/db/recorder.ts'
import { transitionsOf } from '#src/adapters/db/transitions.ts'
import { interleave } from '#src/adapters/history.ts'
import type { Latency } from '#src/adapters/latency.ts'
import { planDayStart } from '#src/adapters/start-time.ts'
import { codeVersion } from '#src/code-version.ts'
import type { Config } from '#src/config.ts'
import { createFronts, type Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { parameters } from '#src/domain/signals/parameters.ts'
import type { Alert, NewAlert } from '#src/domain/signals/transition.ts'
import { createEngine, type Engine } from '#src/engine/engine.ts'
import type { Bus, Clock, FeedSink } from '#src/engine/ports.ts'
import type { Lab } from '#src/worker/lab.ts'
import { createShadowKeeper } from '#src/worker/shadow.ts'
import { keepLab } from './keep-lab.ts'
import type { Command, MarketSource } from './market-source.ts'
import type { Platform } from './platform.ts'

/** How many alerts the terminal lists. */
export const shownAlerts = 40

/** A silence should be on the screen within a blink of being one. */
const glanceMs = 100
/** Alerts of fills and the like are stored together this often: what they tell of is on disk and on the screen before. */
const accountAlertMs = 200
const reloadAfterMs = 3_000
/** How long a start is left alone. */
const leftAloneMs = 60_000

/** A trade date begins six hours before its day. */
const flowsFromMs = 6 * 3_600_000

/** How long an alert raised before the day's first start is still news. */
const newsMs = 10 * 60_000

type Room = {
  readonly config: Config
  readonly database: Database
  readonly bus: Bus
  readonly latency: Latency
  readonly log: Logger
  readonly platform: Platform
  /** The program's own. */
  readonly version: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Times the engine on its way: one tick of sixteen, and every step of the clock that closed a minute. */
const timed = (sink: FeedSink, { record }: Latency, clock: Clock, isLive: boolean): FeedSink => {
  let ticks = 0
  let minute = 0
  return {
    ...sink,
    onTick: (tick) => {
      if (ticks++ % 16 !== 0) return sink.onTick(tick)
      // By two clocks: what the machine's is off is in it.
      if (isLive) record('exchange → here, estimated', (clock.now() - tick.eventTime) / clock.speed)
      const began = performance.now()
      sink.onTick(tick)
      record('trade → engine', performance.now() - began)
    },
    onTime: (now) => {
      const closes = Math.floor(now / 60_000) !== minute
      minute = Math.floor(now / 60_000)
      const began = performance.now()
      sink.onTime(now)
      if (closes) record('minute → cards', performance.now() - began)
    },
  }
}

/** Keeps the list of alerts on the picture and tells every page of a new one; both only once the database has it. */
const createAlertDesk = ({ database: { db }, bus, log }: Room, ledger: string, clock: () => Clock | undefined) => {
  const read = async (): Promise<void> => {
    const now = clock()?.now() ?? Number.MAX_SAFE_INTEGER
    bus.put('alerts', await latestAlerts(db, ledger, shownAlerts, now))
  }
  let reading: Promise<void> | undefined
  let isStale = false
  /** One look at a time: what is raised while one is under way is in the next. */
  const refresh = async (): Promise<void> => {
    isStale = true
    reading ??= (async () => {
      while (isStale) {
        isStale = false
        await read()
      }
    })().finally(() => {
      reading = undefined
    })
    return reading
  }
  const complain = (error: unknown): void => log.error({ err: error }, 'The alerts could not be read')
  const stop = bus.onEvent(({ kind }) => {
    if (kind === 'alert' || kind === 'alert-acknowledged') refresh().catch(complain)
  })
  const tell = async (alerts: readonly Alert[]): Promise<void> => {
    for (const alert of alerts) await bus.append('alert', alert)
  }
  return { refresh, stop, onRaised: (alerts: readonly Alert[]) => void tell(alerts).catch(complain) }
}

/**
 * From when on the day's alerts are told (market time, epoch ms). On its first start nobody was there this morning, so
 * only what just happened is news; on a later one everything since the first alert that was told.
 */
const newsFrom = async (db: Db, ledger: string, dayStart: number, startAt: number): Promise<number> => {
  const told = (await alertsAfter(db, ledger, 0)).filter(({ at }) => at >= dayStart && at <= startAt)
  return Math.min(startAt - newsMs, ...told.map(({ at }) => at))
}

/** Lives the day so far through the engine, from what is stored and what was recorded of it. */
const recover = async (engine: Engine, { config, database: { db } }: Room, source: MarketSource): Promise<void> => {
  const { startAt, ledger } = source
  const dayStart = planDayStart(startAt)
  const tradeDate = easternAt(dayStart).date
  for (const id of config.instruments) {
    engine.learnFlows(id, await flowsSince(db, { market: ledger, instrument: id }, dayStart - flowsFromMs))
    engine.load(id, await source.past(id, dayStart))
    // Pages and health checks get their turn between two markets.
    await nextTurn()
  }
  const versions = await planVersions(db, ledger, tradeDate)
  const transitions = await transitionsOf(db, ledger, tradeDate)
  engine.remember(
    versions.filter(({ drawnAt }) => drawnAt <= startAt),
    transitions.filter(({ at }) => at <= startAt),
  )
  const today = await Promise.all(
    config.instruments.map(async (instrument) => ({ instrument, bars: await source.today(instrument, dayStart) })),
  )
  const alertsSince = await newsFrom(db, ledger, dayStart, startAt)
  engine.recover(interleave(today), { from: dayStart, now: startAt, alertsSince })
}

/** Of every number that decides which cards are drawn: with another one their past says nothing about them. */
const parametersDigest = ({ config }: Room): string =>
  sha256(JSON.stringify([parameters, config.boundaries])).slice(0, 8)

/** Works out what became of past cards, after a start and every night, and keeps the lab. */
const keepNights = (
  room: Room,
  source: MarketSource,
  clock: Clock,
  { accountSize, limits }: Awaited<ReturnType<Platform['settings']>>,
  settled: Promise<void>,
) => {
  const { config, database, bus, log, platform } = room
  const { market, ledger, live } = source
  const calendar = createFronts([])
  const fronts = (): Fronts => live?.fronts() ?? calendar
  const method = { market, codeVersion: `${room.version}-${parametersDigest(room)}` }
  let isSettled = false
  void settled.then(() => {
    isSettled = true
  })
  const isReady = (): boolean => isSettled && (bus.picture().history?.state ?? 'idle') === 'idle'
  const shadows = createShadowKeeper({
    ...{ db: database.db, method, boundaries: config.boundaries, accountSize, limits, fronts, clock, schedule, log },
    ...{ livesHere: ledger === market, instruments: config.instruments, isReady },
    put: (reading) => bus.put('calibration', reading),
  })
  void shadows.show()
  // Past cards and the night come once the picture of today has long been there.
  let isRested = false
  const cancel = schedule(() => {
    isRested = true
    void shadows.run()
  }, leftAloneMs)
  const lab = keepLab({
    ...{ config, database, bus, log, platform, source, clock, method, fronts, accountSize, limits },
    isReady: (asked) => isSettled && (asked || isRested),
    playShadows: shadows.run,
  })
  return {
    lab,
    stop: async (): Promise<void> => {
      cancel()
      await lab.stop()
      await shadows.stop()
    },
  }
}

/** The running engine and how to stop it. */
export type RunningEngine = {
  readonly engine: Engine
  readonly recorder: Recorder
  readonly clock: Clock
  readonly market: string
  readonly ledger: string
  /** Puts what changed on the picture now, not at the end of the turn. */
  readonly publish: () => void
  /** Backtests, studies and the night. */
  readonly lab: Pick<Lab, 'ask'>
  /** Hears every trade the engine took: market, contract (yyyymm), points. Returns how to stop. */
  readonly onTrade: (hear: Trade) => () => void
  readonly stop: () => Promise<void>
}

type Trade = (instrument: InstrumentId, contract: number, price: number) => void

/** Recovers the day and lets the feed speak. Resolves when the picture is current. */
export const startEngine = async (room: Room, source: MarketSource): Promise<RunningEngine> => {
  const { config, database, bus, latency, log, platform } = room
  let clock: Clock | undefined
  const still: Clock = { now: () => source.startAt, wall: machineTime, speed: 0 }
  const running: Clock = {
    now: () => (clock ?? still).now(),
    wall: machineTime,
    get speed() {
      return (clock ?? still).speed
    },
  }
  const desk = createAlertDesk(room, source.ledger, () => clock)
  const { onRaised } = desk
  const recorder = createRecorder({
    db: database.db,
    market: source.ledger,
    wall: machineTime,
    schedule,
    onRaised,
    log,
  })
  const publish = (): void => {
    const began = performance.now()
    engine.drain(bus.put)
    latency.record('engine → picture', performance.now() - began)
  }
  /** History that is too old to be corrected in memory: the market is read anew, once what comes has all come. */
  const reloads = new Map<InstrumentId, () => void>()
  const reload = async (id: InstrumentId): Promise<void> => {
    reloads.delete(id)
    const dayStart = planDayStart(running.now())
    const [past, today] = await Promise.all([source.past(id, dayStart), source.today(id, dayStart)])
    engine.reload(id, past, today)
  }
  const reloadSoon = (id: InstrumentId): void => {
    const run = (): void => void reload(id).catch((error: unknown) => log.error({ err: error, id }, 'Not read anew'))
    if (!reloads.has(id)) reloads.set(id, schedule(run, reloadAfterMs))
  }
  /** The embedded database has one line: nothing that can wait may stand in a fill's way. */
  const due: NewAlert[] = []
  const store = (): void => {
    for (const alert of due.splice(0)) recorder.add({ kind: 'alert', alert })
  }
  const { mode, grain, live } = source
  const trades = new Set<Trade>()
  const settings = await platform.settings()
  const { accountSize, limits } = settings
  const engine = createEngine({
    ...config,
    accountSize,
    limits,
    floor: platform.outboxOfFloor,
    clock: running,
    source: source.source,
    live: live !== undefined,
    status: live?.status ?? (() => ({ mode, grain, refused: {}, connections: 1 })),
    ...(live && { fronts: live.fronts() }),
    hash: sha256,
    method: { code: codeVersion('main.js'), parameters: parametersDigest(room) },
    outbox: {
      onBar: (instrument, contract, bar) => recorder.add({ kind: 'bar', instrument, contract, bar }),
      onFlow: (instrument, contract, flow) => recorder.add({ kind: 'flow', instrument, contract, flow }),
      onTransition: (transition) => recorder.add({ kind: 'transition', transition }),
      onPlan: (version) => recorder.add({ kind: 'plan', version }),
      onAlert: (alert) => {
        if (alert.kind !== 'account') return recorder.add({ kind: 'alert', alert })
        due.push(alert)
        if (due.length === 1) schedule(store, accountAlertMs)
      },
      onDoubt: (instrument, from, to) => live?.doubt(instrument, from, to),
      onReload: reloadSoon,
      onGate: platform.onGate,
      onTrade: (instrument, contract, price) => {
        for (const hear of trades) hear(instrument, contract, price)
      },
      // All changes of one turn of the event loop reach the picture together.
      onDirty: () => setImmediate(publish),
    },
  })
  await recover(engine, room, source)
  clock = source.startClock()
  const feed = source.createFeed(running)
  engine.start(source.startAt)
  const leave = await platform.attach(engine)
  feed.start(timed(engine.sink, latency, running, live !== undefined))
  await desk.refresh()
  const attendance = live?.attend({ engine, put: bus.put, reload: reloadSoon })
  const obey = (command: unknown): void =>
    void attendance
      ?.obey((command as { command: Command }).command)
      .catch((error: unknown) => log.error({ err: error }, 'A command could not be carried out'))
  const stops = [
    repeat(() => engine.onSecond(), 1_000),
    repeat(() => engine.glance(), glanceMs),
    repeat(() => bus.beat(), 1_000),
    bus.onEvent(({ kind, body }) => {
      if (kind === 'command') obey(body)
    }),
    desk.stop,
  ]
  bus.beat()
  publish()
  const stopping = new AbortController()
  // The embedded database will be busy for a while: what is asked of it from here on waits, so nothing of the start is.
  const settled = source
    .settle(stopping.signal)
    .catch((error: unknown) => log.error({ err: error }, 'The history could not be stored'))
  const nights = keepNights(room, source, running, settings, settled)
  return {
    engine,
    recorder,
    clock: running,
    market: source.market,
    ledger: source.ledger,
    publish,
    lab: nights.lab,
    onTrade: (hear) => {
      trades.add(hear)
      return () => trades.delete(hear)
    },
    stop: async () => {
      stopping.abort()
      leave()
      await nights.stop()
      await attendance?.stop()
      await feed.stop()
      for (const cancel of reloads.values()) cancel()
      for (const stop of stops) stop()
      store()
      await recorder.close()
      await settled
    },
  }
}
