import type { Logger } from 'pino'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import type { Method } from '#src/adapters/db/outcomes.ts'
import { createTrialQueue, createTrialWorker } from '#src/adapters/queue/trial-queue.ts'
import type { Config } from '#src/config.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import { phaseAt } from '#src/domain/instruments/phase.ts'
import type { Money } from '#src/domain/money.ts'
import type { DayStory } from '#src/domain/night/parity.ts'
import type { DayResult } from '#src/domain/night/summary.ts'
import type { CalibrationReading } from '#src/domain/picture.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'
import { createLab, type Lab } from '#src/worker/lab.ts'
import { createNight } from '#src/worker/night/night.ts'
import { createNightSteps } from '#src/worker/night/steps.ts'
import { createOddsKeeper } from '#src/worker/odds/odds-keeper.ts'
import { createBlockWork } from '#src/worker/study/block-work.ts'
import { type Hands, localHands, queueHands } from '#src/worker/study/hands.ts'
import { createStudyRoom } from '#src/worker/study/study-room.ts'
import { createPool, type Pool } from '#src/worker/threads/pool.ts'
import { startThread } from '#src/worker/threads/start-thread.ts'
import { isMachineTime, onTimetable } from '#src/worker/timetable.ts'
import { closedTrades } from './closed-trades.ts'
import { codeVersion } from './code-version.ts'
import type { MarketSource } from './market-source.ts'
import type { Platform } from './platform.ts'

/** How often the night is looked after: it must yield to the live phase within five seconds. */
const lookEveryMs = 2_000
const everyTwoSeconds = '*/2 * * * * *'

type House = {
  readonly config: Config
  readonly database: Database
  readonly bus: Bus
  readonly log: Logger
  readonly platform: Platform
  readonly source: MarketSource
  readonly clock: Clock
  readonly method: Method
  readonly fronts: () => Fronts
  readonly accountSize: Money
  readonly limits: Limits
  /** Plays the past dates that were not played yet. */
  readonly playShadows: () => Promise<void>
  /** Whether the history is as whole as it will be for now; nobody asking, also whether the start is long over. */
  readonly isReady: (asked: boolean) => boolean
}

type Crew = {
  readonly hands: Hands
  readonly yieldNow: (mayWork: boolean) => void
  readonly close: () => Promise<void>
}

/** With Redis trials go to whatever workers listen, and this machine is one of them; without, to the threads of this one. */
const gather = ({ config, database: { db }, log, fronts }: House, pool: Pool, version: string): Crew => {
  const { redisUrl } = config
  if (redisUrl === undefined) return { hands: localHands(db, pool), yieldNow: () => {}, close: async () => {} }
  const where = { url: redisUrl, prefix: 'copilot', codeVersion: version, log }
  const queue = createTrialQueue(where)
  const work = createBlockWork({ db, pool, frontsOf: async () => fronts() })
  const worker = createTrialWorker(
    { ...where, name: 'terminal' },
    async (block) => void (await work(block)),
    pool.threads,
  )
  let working = true
  return {
    hands: queueHands(db, queue, schedule, log),
    yieldNow: (mayWork) => {
      if (mayWork === working) return
      working = mayWork
      void (mayWork ? worker.resume() : worker.pause())
    },
    close: async () => {
      await Promise.all([worker.close(), queue.close()])
    },
  }
}

/** What the trader's accounts closed on a trade date; undefined where no account is known. */
const dayOf =
  ({ bus, database: { db } }: House) =>
  async (date: string): Promise<DayResult | undefined> => {
    const { account } = bus.picture()
    if (account?.day === undefined) return undefined
    const trades = (await closedTrades(db, account.book, account.limits.fees)).filter(
      ({ tradeDate }) => tradeDate === date,
    )
    const won = trades.filter(({ net }) => net > 0).length
    return { trades: trades.length, won, net: trades.reduce((sum, { net }) => sum + net, 0) }
  }

/** Calls back every two seconds: by cron where market time is the machine's, else by its own clock. */
const lookOften = (look: () => void, { clock, log }: House): (() => void) =>
  isMachineTime(clock)
    ? onTimetable({ name: 'night', times: [everyTwoSeconds], run: look, clock, log }).stop
    : repeat(look, lookEveryMs)

/** Keeps the lab: backtests, studies, the night and the firms' odds, on threads that give way to everything else. */
export const keepLab = (house: House): Lab & { readonly pool: Pool } => {
  const {
    config,
    database,
    bus,
    log,
    platform,
    source,
    clock,
    method,
    fronts,
    accountSize,
    limits,
    isReady,
    playShadows,
  } = house
  const { db } = database
  const { boundaries, instruments } = config
  const { market, ledger, live } = source
  const version = codeVersion()
  const pool = createPool({ threads: config.threads, start: () => startThread('yields') })
  const crew = gather(house, pool, version)
  // Off-hours alone, but for what is asked by hand where no money is at stake.
  const mayWork = (asked: boolean): boolean =>
    phaseAt(clock.now(), boundaries).phase === 'OFF-HOURS' || (asked && live === undefined)
  const onChange = (): void => lab.showSoon()
  const room = createStudyRoom({
    ...{ db, market, pool, hands: crew.hands, codeVersion: version, fronts, schedule, onChange, log },
    settings: async () => ({ ...(await platform.settings()), boundaries }),
    now: clock.now,
    wall: machineTime,
  })
  const steps = createNightSteps({
    ...{ db, market, ledger, method, instruments, fronts, boundaries, accountSize, limits, clock, schedule, room },
    adjust: config.history.adjust,
    ...(live && { backfill: live.backfill }),
    ...(source.deepen && { deepen: source.deepen }),
    playShadows,
    backtestDay: (day, signal) => pool.ask('backtestDay', day, signal) as Promise<DayStory>,
    calibration: (): CalibrationReading | undefined => bus.picture().calibration,
    day: dayOf(house),
  })
  const night = createNight({ db, market, clock, schedule, boundaries, steps, mayWork, isReady, onChange, log })
  const lab = createLab({
    ...{ db, market, room, night, schedule, log },
    mayWork: () => mayWork(true),
    wall: machineTime,
    put: (reading) => bus.put('lab', reading),
  })
  void lab.show()
  const odds = createOddsKeeper({
    ...{ db, pool, schedule, log, picture: bus.picture, wall: machineTime },
    put: (reading) => bus.put('odds', reading),
  })
  odds.start()
  const stopLooking = lookOften(() => {
    crew.yieldNow(mayWork(true))
    lab.look()
  }, house)
  return {
    ...lab,
    pool,
    stop: async () => {
      stopLooking()
      await Promise.all([lab.stop(), odds.stop()])
      await crew.close()
      await pool.close()
    },
  }
}
