import { schedule as realSchedule } from '#src/adapters/clock.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { dollars } from '#src/domain/money.ts'
import { backtestDay } from '#src/domain/night/backtest-day.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { NightDeps } from '#src/worker/night/night-deps.ts'

/** Rests of a few milliseconds are over at once, so that work is done in the time it takes. */
const hastySchedule: Schedule = (run, ms) => {
  if (ms >= 1_000) return realSchedule(run, ms)
  const turn = setImmediate(run)
  return () => clearImmediate(turn)
}

const noRoom: NightDeps['room'] = {
  stored: async () => ({ from: '', to: '' }),
  ask: async () => '',
  run: async () => undefined,
  decide: async () => {},
  backtest: async () => ({ id: '', made: false }),
  triedOf: () => undefined,
}

/** What a night's steps are given: the market 'real' without a vendor, a past without cards, a room in which nothing is done. */
export const nightDeps = ({
  now,
  ...given
}: Pick<NightDeps, 'db' | 'instruments'> & Partial<NightDeps> & { readonly now: () => number }): NightDeps => ({
  ...{ market: 'real', ledger: 'real', method: { market: 'real', codeVersion: 'test' } },
  ...{ fronts: () => frontContract, adjust: 'none', boundaries: defaultBoundaries },
  ...{ accountSize: dollars(50_000), limits: defaultLimits },
  clock: { now, wall: now, speed: 1 },
  schedule: hastySchedule,
  playShadows: async () => {},
  backtestDay: async (day) => backtestDay(day),
  calibration: () => undefined,
  room: noRoom,
  ...given,
})
