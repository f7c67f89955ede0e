import { createClock, machineTime, schedule } from '#src/adapters/clock.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { readFrontBars, readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { createReplayFeed } from '#src/adapters/feed/replay/replay-feed.ts'
import { historyOf } from '#src/adapters/feed/synthetic/history-of.ts'
import { createSyntheticFeed } from '#src/adapters/feed/synthetic/synthetic-feed.ts'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { historyDates, historyStart, saveHistory, storedUntil, toHistory } from '#src/adapters/history.ts'
import { latestMorning } from '#src/adapters/start-time.ts'
import type { Config } from '#src/config.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { phaseAt } from '#src/domain/instruments/phase.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import type { Bar, RecordedBar } from '#src/domain/market/bar.ts'
import { toColumns } from '#src/domain/market/series.ts'
import type { DataMode } from '#src/domain/picture.ts'
import type { Clock, Feed } from '#src/engine/ports.ts'

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
  /** Stores what was made up to now for the next start; nothing waits for it. */
  readonly settle: () => Promise<void>
}

/** Where the synthetic market goes on: where it was left this trading day, else at the latest morning. */
const resumeAt = async (db: Database['db'], market: string, config: Config): Promise<number> => {
  const morning = latestMorning(machineTime())
  const reached = await Promise.all(
    config.instruments.map((id) => storedUntil(db, market, id, historyStart(id, morning))),
  )
  const left = minuteOf(Math.max(...reached))
  const sameDay = left > morning && easternAt(left).date === easternAt(morning).date
  return sameDay && phaseAt(left, config.boundaries).phase !== 'OFF-HOURS' ? left : morning
}

const syntheticSource = async ({ db }: Database, config: Config): Promise<MarketSource> => {
  const { seed, speed } = config.sim
  const market = `sim-${seed}`
  const made = createSyntheticMarket({ seed })
  const startAt = minuteOf(config.sim.start ?? (await resumeAt(db, market, config)))
  const source = `synthetic market, seed ${seed}`
  const fresh = new Map<InstrumentId, readonly RecordedBar[]>()
  for (const id of config.instruments) {
    const from = historyStart(id, startAt)
    const until = await storedUntil(db, market, id, from)
    if (until >= startAt) continue
    const history = toHistory(historyOf(made, id, startAt, historyDates), source, startAt)
    fresh.set(id, until === from ? history : history.filter(({ time }) => time >= until))
  }
  const freshOf = (id: InstrumentId, from: number, to: number) =>
    (fresh.get(id) ?? []).filter(({ time }) => time >= from && time < to)
  return {
    mode: 'SIM MARKET',
    source,
    grain: 'tick',
    market,
    ledger: market,
    startAt,
    startClock: () => createClock(startAt, speed),
    past: async (id, dayStart) => [
      ...(await readFrontBars(db, market, id, { from: historyStart(id, startAt), to: dayStart })),
      ...freshOf(id, 0, dayStart),
    ],
    today: async (id, dayStart) => [
      ...(await readFrontRecords(db, market, id, { from: dayStart, to: startAt })),
      ...freshOf(id, dayStart, startAt),
    ],
    createFeed: (clock) =>
      createSyntheticFeed({ market: made, instruments: config.instruments, clock, startAt, schedule }),
    settle: async () => {
      for (const [id, bars] of fresh) {
        await saveHistory(db, market, id, bars)
        fresh.delete(id)
      }
    },
  }
}

const replaySource = ({ db }: Database, config: Config): MarketSource => {
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
    ledger: `replay-${machineTime()}`,
    startAt,
    startClock: () => createClock(startAt, speed),
    past: (id, dayStart) => readFrontBars(db, 'real', id, { from: historyStart(id, startAt), to: dayStart }),
    today: (id, dayStart) => readFrontRecords(db, 'real', id, { from: dayStart, to: startAt }),
    createFeed: (clock) =>
      createReplayFeed({ instruments: config.instruments, load, from: startAt, to, clock, schedule }),
    settle: async () => {},
  }
}

/** Opens the market the configuration names. */
export const openMarket = async (database: Database, config: Config): Promise<MarketSource> =>
  config.feed === 'replay' ? replaySource(database, config) : syntheticSource(database, config)
