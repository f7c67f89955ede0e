import type { Logger } from 'pino'
import { createClock, machineTime, schedule } from '#src/adapters/clock.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { readFrontBars, readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { historyStart } from '#src/adapters/history.ts'
import { planDayStart } from '#src/adapters/start-time.ts'
import type { Config } from '#src/config.ts'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays, easternAt } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { HistoryReading } from '#src/domain/picture.ts'
import type { Engine } from '#src/engine/engine.ts'
import type { Clock } from '#src/engine/ports.ts'
import { sourceAlert } from '#src/engine/wording.ts'
import { createHistoryKeeper } from '#src/worker/history.ts'
import { createRollKeeper } from '#src/worker/rolls.ts'
import { scheduleHistory } from '#src/worker/timetable.ts'
import { createAttendance } from './attendance.ts'
import type { MarketSource } from './market-source.ts'
import { openVendor, type Vendor } from './vendors.ts'

/** How much of the past the cards need before they are worth anything, and how long a start waits for it. */
const neededDates = 30
const patienceMs = 90_000
/** The market clock: the machine's, or a rehearsal's, which began at an instant and runs at its own speed. */
const openClock = ({ rehearsal }: Config, wall: () => number): Clock =>
  rehearsal === undefined
    ? createClock(wall(), 1, wall)
    : createClock(rehearsal.at + (wall() - rehearsal.began) * rehearsal.speed, rehearsal.speed, wall)

/** Bars and plans of a rehearsal are kept apart from what really happened, and from every other rehearsal. */
const marketOf = ({ rehearsal }: Config, { real }: Vendor): string =>
  real && rehearsal === undefined ? 'real' : `rehearsal-${rehearsal?.began ?? 0}`

/** What a vendor said to the question whether key and plan are good enough; nobody waits for it. */
const askPlan = async ({ history }: Vendor, log: Logger, signal: AbortSignal): Promise<string | undefined> => {
  const answer = await history.check(signal)
  if (answer.ok) {
    log.info({ source: history.name, plan: answer.plan }, 'The source answers')
    return undefined
  }
  if (answer.reason === 'stopped') return undefined
  log.error({ source: history.name, reason: answer.reason }, answer.detail)
  return answer.detail
}

/** How far ahead the vendor's hours are compared with ours, and how far back a delayed plan's start is asked for again. */
const hoursAhead = 14
const delayedStartMs = 30 * minuteMs

/**
 * Opens a market on a vendor's wire: fetches what the cards need of the past, then hands over a feed that sleeps and wakes
 * with the trader's day, follows the front contracts, and has every minute it lost asked for again.
 */
export const openLiveMarket = async (
  { db }: Database,
  config: Config,
  log: Logger,
  wall: () => number = machineTime,
): Promise<MarketSource> => {
  const { instruments, history: wanted } = config
  const clock = openClock(config, wall)
  const vendor = openVendor({ config, clock })
  const market = marketOf(config, vendor)
  const stopping = new AbortController()
  let engine: Engine | undefined
  let put: ((topic: 'history', value: HistoryReading) => void) | undefined

  const rolls = await createRollKeeper({
    db,
    market,
    source: vendor.history,
    instruments,
    clock,
    schedule,
    log,
    onRolls: (fronts) => {
      engine?.roll(fronts, clock.now())
      follow()
    },
  })
  let followElsewhere = (_: readonly Contract[]): void => {}
  let kept: Omit<HistoryReading, 'rolls'> | undefined
  const publish = (): void => {
    if (kept !== undefined) put?.('history', { ...kept, rolls: rolls.previews() })
  }
  const keeper = createHistoryKeeper({
    db,
    market,
    source: vendor.history,
    instruments,
    fronts: rolls.fronts,
    days: wanted.days,
    clock,
    schedule,
    log,
    onBars: (instrument, bars) => {
      const recent = bars.filter(({ time }) => time >= historyStart(instrument, clock.now()))
      if (recent.length > 0) engine?.sink.onHistory(instrument, recent)
    },
    onReading: (reading) => {
      kept = reading
      publish()
    },
  })

  const contractsNow = (): readonly Contract[] =>
    instruments.map((id) => rolls.fronts()(id, tradeDateAt(specOf(id).group, clock.now())))
  let followed = contractsNow()
  const feed = vendor.createFeed(followed)
  const follow = (): void => {
    const next = contractsNow()
    if (next.map(contractCode).join() === followed.map(contractCode).join()) return
    followed = next
    followedSince = clock.now()
    feed.follow(next)
    followElsewhere(next)
  }
  let followedSince: number | undefined
  let reload = (_: InstrumentId): void => {}
  let isDelayed = false
  let told: string | undefined
  const announce = (detail: string): void => engine?.announce(sourceAlert(vendor.name, detail, clock.now()))

  const look = (): void => {
    follow()
    // With the next day the history before the roll can be read as the new contract's.
    if (wanted.adjust === 'back' && followedSince !== undefined && planDayStart(clock.now()) > followedSince) {
      followedSince = undefined
      instruments.forEach(reload)
    }
    const { note, delayMs } = feed.status()
    if (note !== undefined && note !== told) announce(note)
    told = note ?? told
    const delayed = delayMs !== undefined
    // Before it was known that the plan is delayed, the newest minutes looked as if nobody had traded in them.
    if (delayed && !isDelayed)
      for (const id of instruments) keeper.fill(id, clock.now() - delayedStartMs, clock.now(), 'start')
    isDelayed = delayed
  }

  const compareHours = async (): Promise<void> => {
    const { date } = easternAt(clock.now())
    const lines = await vendor.compareHours?.(date, addDays(date, hoursAhead), stopping.signal)
    for (const line of lines ?? []) announce(line)
  }

  await keeper.prepare(Math.min(neededDates, wanted.days), patienceMs)
  const startAt = minuteOf(clock.now())
  const range = (id: InstrumentId) => ({ from: historyStart(id, clock.now()), to: clock.now() })

  const attend: NonNullable<MarketSource['live']>['attend'] = (room) => {
    engine = room.engine
    put = room.put
    reload = room.reload
    publish()
    followElsewhere = vendor.listen(followed, {
      onPrice: room.engine.sink.onSecondPrice,
      onBroker: room.engine.hold,
      onServerTime: clock.speed === 1 ? room.engine.hearTime : () => {},
    })
    void keeper.start()
    const goOver = async (): Promise<void> => {
      await keeper.nightly()
      await compareHours()
    }
    const history = scheduleHistory({ nightly: goOver, clock, log })
    void askPlan(vendor, log, stopping.signal)
      .then((detail) => (detail === undefined ? compareHours() : announce(detail)))
      .catch((error: unknown) => log.error({ err: error }, 'The source could not be asked what it knows'))
    return createAttendance({
      db,
      config,
      clock,
      feed,
      engine: room.engine,
      log,
      follow: look,
      refresh: () => keeper.nightly(),
      stop: async () => {
        stopping.abort()
        history.stop()
        await Promise.all([keeper.stop(), rolls.stop(), vendor.stop()])
      },
    })
  }

  return {
    mode: feed.mode,
    source: vendor.real ? vendor.name : `${vendor.name} stand-in`,
    grain: 'tick',
    market,
    ledger: market,
    startAt,
    startClock: () => clock,
    past: (id, dayStart) =>
      readFrontBars(db, market, id, { ...range(id), to: dayStart }, { fronts: rolls.fronts(), adjust: wanted.adjust }),
    today: (id, dayStart) =>
      readFrontRecords(db, market, id, { from: dayStart, to: clock.now() }, { fronts: rolls.fronts() }),
    createFeed: () => feed,
    settle: async () => {},
    live: {
      status: feed.status,
      fronts: rolls.fronts,
      doubt: (id, from, to) => keeper.fill(id, from, to, 'reconnect'),
      backfill: () => keeper.nightly(),
      attend,
    },
  }
}
