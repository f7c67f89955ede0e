import { writeSync } from 'node:fs'
import { machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { connectDatabase, type Db } from '#src/adapters/db/connect.ts'
import { saveHistory } from '#src/adapters/history.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { createNight } from '#src/worker/night/night.ts'
import { createNightSteps } from '#src/worker/night/steps.ts'
import { type Hands, localHands } from '#src/worker/study/hands.ts'
import { createStudyRoom } from '#src/worker/study/study-room.ts'
import { createPool } from '#src/worker/threads/pool.ts'
import { startThread } from '#src/worker/threads/start-thread.ts'
import { migrationsFolder } from './folders.ts'
import { nightDeps } from './night-deps.ts'
import { pastOf } from './past.ts'

/** Friday 2026-11-20, 12:40 New York, for ever: everything is due but the refresh. */
export const nightOf = '2026-11-20'
const now = easternMs(nightOf, 12 * 60 + 40)
export const nightMarket = 'real'

/** Keeps some weeks of one market for the night to work on: enough for a walk-forward of the shortest windows. */
export const storePast = async (db: Db): Promise<void> => {
  const bars = pastOf(contractOf('MES', 202612), easternMs('2026-10-01', 18 * 60), now)
  const told = bars.map((bar) => {
    const asOf = bar.time + minuteMs
    return { ...bar, finality: 'history', asOf, source: 'past' } as const
  })
  await saveHistory(db, nightMarket, 'MES', told)
}

/** A whole night of one market, its studies on a thread of their own; `onRound` hears of each round of trials that is kept. */
export const createNightWorker = (db: Db, wall: () => number, onRound: () => void) => {
  const clock = { now: () => now, wall, speed: 1 }
  const log = { info: () => {}, error: () => {} }
  const pool = createPool({ threads: 1, start: () => startThread('shares') })
  const hands = localHands(db, pool)
  const compute: Hands['compute'] = async (...round) => {
    const made = await hands.compute(...round)
    onRound()
    return made
  }
  const rules = { boundaries: defaultBoundaries, limits: defaultLimits, accountSize: dollars(50_000) }
  const room = createStudyRoom({
    ...{ db, market: nightMarket, pool, hands: { ...hands, compute }, codeVersion: 'test', schedule, log },
    ...{ fronts: () => frontContract, settings: async () => rules, now: clock.now, wall, onChange: () => {} },
  })
  const night = createNight({
    ...{ db, market: nightMarket, clock, schedule, boundaries: defaultBoundaries, log },
    steps: createNightSteps(nightDeps({ db, instruments: ['MES'], now: clock.now, clock, room })),
    ...{ mayWork: () => true, isReady: () => true, onChange: () => {} },
  })
  const stopLooking = repeat(() => void night.look(), 50)
  return {
    night,
    stop: async (): Promise<void> => {
      stopLooking()
      await night.stop()
      await pool.close()
    },
  }
}

/** Run as a program: works through the night until it is killed, and prints a line for each round of trials that is kept. */
const [, program, databaseUrl, dataDir = ''] = process.argv
if (program === import.meta.filename) {
  const { db } = await connectDatabase({ databaseUrl: databaseUrl || undefined, dataDir, migrationsFolder })
  createNightWorker(db, machineTime, () => void writeSync(1, 'kept\n'))
}
