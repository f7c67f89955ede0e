import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createClock, machineTime, schedule } from '#src/adapters/clock.ts'
import type { Database, Db } from '#src/adapters/db/connect.ts'
import { readFrontBars, readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { storedContracts } from '#src/adapters/db/outcomes.ts'
import { createReplayFeed } from '#src/adapters/feed/replay/replay-feed.ts'
import { historyOf } from '#src/adapters/feed/synthetic/history-of.ts'
import { createSyntheticFeed } from '#src/adapters/feed/synthetic/synthetic-feed.ts'
import { createSyntheticMarket, type SyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { heldUntil, historyStart, saveHistory, toHistory } from '#src/adapters/history.ts'
import { latestMorning } from '#src/adapters/start-time.ts'
import type { Config } from '#src/config.ts'
import { dateOfBar, previousTradeDate, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { ContractSpec, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { phaseAt } from '#src/domain/instruments/phase.ts'
import { addDays, easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { toColumns } from '#src/domain/market/series.ts'
import type { DataMode } from '#src/domain/picture.ts'
import type { Engine } from '#src/engine/engine.ts'
import type { Bus, Clock, Feed, FeedStatus } from '#src/engine/ports.ts'
import { openLiveMarket } from './live-market.ts'

/** Where the bars, the clock and the feed of this run come from. */
export type MarketSource = {
  readonly mode: DataMode
  readonly source: string
  readonly grain: 'tick' | 'bar'
  /** Whose bars are read, and under whose name plans, cards and alerts are kept. */
  readonly market: string
  readonly ledger: string
  /** Market time at which the feed takes over from the history. */
  readonly startAt: number
  /** Starts the clock at `startAt`; called when everything is ready to run. */
  readonly startClock: () => Clock
  /** Closed bars before `dayStart`, oldest first. */
  readonly past: (instrument: InstrumentId, dayStart: number) => Promise<readonly Bar[]>
  /** Closed bars of [dayStart, startAt), with how they came to be. */
  readonly today: (instrument: InstrumentId, dayStart: number) => Promise<readonly RecordedBar[]>
  readonly createFeed: (clock: Clock) => Feed
  /** Stores what was made up to now for the next start; nothing waits for it, and what is left out is made again. */
  readonly settle: (stopping?: AbortSignal) => Promise<void>
  /** Where a vendor's wire is behind it. */
  readonly live?: LiveSide
  /**
   * Makes and stores an older past than a start needs, for the off-hours work to learn from; it may be stopped between two
   * turns, and goes on the next time. Returns how many trade dates of a market it made.
   */
  readonly deepen?: (turn: () => Promise<void>, tell: (share: number) => void) => Promise<number>
}

/** What only a live market has: it can lose what it was sent, and be asked for it again. */
type LiveSide = {
  readonly status: () => FeedStatus
  readonly fronts: () => Fronts
  /** The minutes that begin in [from, to) are known in part only. */
  readonly doubt: (instrument: InstrumentId, from: number, to: number) => void
  /** Goes over the history of the newest trade dates: what is missing of it, or seen in part, is asked for. */
  readonly backfill: () => Promise<void>
  /** Looks after the feed, the history and the contracts while the engine runs. */
  readonly attend: (room: EngineRoom) => Attendance
}

/** What the composition lends to whoever looks after a live market. */
type EngineRoom = {
  readonly engine: Engine
  readonly put: Bus['put']
  /** Has a market read anew from its history. */
  readonly reload: (instrument: InstrumentId) => void
}

export type Command = 'feed-start' | 'feed-stop' | 'refresh'

export type Attendance = {
  readonly obey: (command: Command) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Where the synthetic market goes on: where it was left this trading day, else at the latest morning. */
const resumeAt = async (db: Db, market: string, config: Config, now: number): Promise<number> => {
  const morning = latestMorning(now)
  const midnight = easternMs(addDays(easternAt(morning).date, 1), 0)
  const days = await Promise.all(
    config.instruments.map((id) => readFrontBars(db, market, id, { from: morning, to: midnight })),
  )
  const left = Math.max(morning, ...days.map((bars) => (bars.at(-1)?.time ?? 0) + minuteMs))
  return left < midnight && phaseAt(left, config.boundaries).phase !== 'OFF-HOURS' ? left : morning
}

/** A market's bars up to the start: those stored without a hole up to `until`, those made because they were not. */
type Opened = { readonly until: number; readonly stored: readonly Bar[]; readonly fresh: readonly RecordedBar[] }

/** How many trade dates lie between the one of `from` and the one of `to` (epoch ms). */
const datesBetween = ({ group }: ContractSpec, from: number, to: number): number => {
  let dates = 0
  for (let date = tradeDateAt(group, to); date > dateOfBar(group, from); date = previousTradeDate(group, date)) dates++
  return dates
}

type Synthetic = {
  readonly db: Db
  readonly market: string
  readonly source: string
  readonly made: SyntheticMarket
}

const openHistory = async (
  { db, market, source, made }: Synthetic,
  id: InstrumentId,
  startAt: number,
): Promise<Opened> => {
  const range = { from: historyStart(id, startAt), to: startAt }
  const bars = await readFrontBars(db, market, id, range)
  const until = heldUntil(id, bars, range)
  const stored = bars.filter(({ time }) => time < until)
  if (until === startAt) return { until, stored, fresh: [] }
  const columns = historyOf(made, id, startAt, datesBetween(specOf(id), until, startAt))
  return { until, stored, fresh: toHistory(columns, source, startAt).filter(({ time }) => time >= until) }
}

/** Trade dates of the synthetic past that off-hours work learns from: half a year. */
const deepDates = 130

/** The trade dates of half a year before an instant that are older than anything stored, newest first. */
const datesToDeepen = async ({ db, market }: Synthetic, id: InstrumentId, at: number): Promise<readonly string[]> => {
  const { group } = specOf(id)
  const stored = await storedContracts(db, { market, instrument: id })
  const oldest = dateOfBar(group, Math.min(at, ...stored.map(({ first }) => first)))
  const older: string[] = []
  let date = tradeDateAt(group, at)
  for (let back = 0; back < deepDates; back++) {
    date = previousTradeDate(group, date)
    if (date < oldest) older.push(date)
  }
  return older
}

const deepen =
  (synthetic: Synthetic, instruments: readonly InstrumentId[], at: number): NonNullable<MarketSource['deepen']> =>
  async (turn, tell) => {
    const { db, market, source, made } = synthetic
    let count = 0
    for (const [i, id] of instruments.entries()) {
      const dates = await datesToDeepen(synthetic, id, at)
      for (const [k, date] of dates.entries()) {
        await turn()
        await saveHistory(db, market, id, toHistory(made.minutes(id, date), source, at))
        count++
        tell((i + (k + 1) / dates.length) / instruments.length)
      }
    }
    return count
  }

const syntheticSource = async ({ db }: Database, config: Config, wall: () => number): Promise<MarketSource> => {
  const { seed, speed, start } = config.sim
  const market = `sim-${seed}`
  const source = `synthetic market, seed ${seed}`
  const made = createSyntheticMarket({ seed })
  const startAt = minuteOf(start ?? (await resumeAt(db, market, config, wall())))
  const synthetic = { db, market, source, made }
  const open = (id: InstrumentId): Promise<Opened> => openHistory(synthetic, id, startAt)
  const opened = new Map<InstrumentId, Opened>()
  for (const id of config.instruments) {
    opened.set(id, await open(id))
    // Pages and health checks get their turn between two markets.
    await nextTurn()
  }
  return {
    mode: 'SIM MARKET',
    source,
    grain: 'tick',
    market,
    ledger: market,
    startAt,
    startClock: () => createClock(startAt, speed),
    past: async (id, dayStart) => {
      const { stored, fresh } = opened.get(id) ?? (await open(id))
      return [...stored, ...fresh].filter(({ time }) => time < dayStart)
    },
    today: async (id, dayStart) => {
      const { until, fresh } = opened.get(id) ?? (await open(id))
      const stored = await readFrontRecords(db, market, id, { from: dayStart, to: until })
      return [...stored, ...fresh.filter(({ time }) => time >= dayStart)]
    },
    createFeed: (clock) =>
      createSyntheticFeed({ market: made, instruments: config.instruments, clock, startAt, schedule }),
    settle: async (stopping) => {
      for (const [id, { fresh }] of opened) {
        await saveHistory(db, market, id, fresh, stopping)
        if (stopping?.aborted) return
        opened.delete(id)
      }
    },
    deepen: deepen(synthetic, config.instruments, startAt),
  }
}

const replaySource = ({ db }: Database, config: Config, wall: () => number): MarketSource => {
  const { from = 0, to = 0, speed } = config.replay
  const startAt = minuteOf(from)
  const load = async (id: InstrumentId, start: number, end: number) =>
    toColumns(await readFrontBars(db, 'real', id, { from: start, to: end }))
  return {
    mode: 'REPLAY',
    source: `recorded bars, ${easternAt(from).date}`,
    grain: 'bar',
    market: 'real',
    // Each replay tells its own story: what it says must not mingle with what really happened, nor with the last replay.
    ledger: `replay-${wall()}`,
    startAt,
    startClock: () => createClock(startAt, speed),
    past: (id, dayStart) => readFrontBars(db, 'real', id, { from: historyStart(id, startAt), to: dayStart }),
    today: (id, dayStart) => readFrontRecords(db, 'real', id, { from: dayStart, to: startAt }),
    createFeed: (clock) =>
      createReplayFeed({ instruments: config.instruments, load, from: startAt, to, clock, schedule }),
    settle: async () => {},
  }
}

/** Opens the market the configuration names; `wall` is the machine's clock, epoch ms. */
export const openMarket = async (
  database: Database,
  config: Config,
  log: Logger,
  wall: () => number = machineTime,
): Promise<MarketSource> => {
  if (config.feed === 'replay') return replaySource(database, config, wall)
  if (config.feed === 'sim') return syntheticSource(database, config, wall)
  return openLiveMarket(database, config, log, wall)
}
