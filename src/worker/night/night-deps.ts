import type { Db } from '#src/adapters/db/connect.ts'
import type { Method } from '#src/adapters/db/outcomes.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import type { Money } from '#src/domain/money.ts'
import type { BacktestDay } from '#src/domain/night/backtest-day.ts'
import type { DayStory } from '#src/domain/night/parity.ts'
import type { DayResult } from '#src/domain/night/summary.ts'
import type { CalibrationReading } from '#src/domain/picture.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import type { Clock } from '#src/engine/ports.ts'
import { pause } from '../pause.ts'
import type { StudyRoom } from '../study/study-room.ts'

/** What the steps of a night are given. */
export type NightDeps = {
  readonly db: Db
  /** Whose bars, outcomes, studies and papers; `ledger` is the name under which plans and transitions are kept. */
  readonly market: string
  readonly ledger: string
  readonly method: Method
  readonly instruments: readonly InstrumentId[]
  readonly fronts: () => Fronts
  /** How the live engine reads prices before a change of contract. */
  readonly adjust: 'none' | 'back'
  readonly boundaries: PhaseBoundaries
  readonly accountSize: Money
  readonly limits: Limits
  readonly clock: Clock
  readonly schedule: Schedule
  /** Goes over the history of the day; absent where no vendor stands behind the market. */
  readonly backfill?: () => Promise<void>
  /** Makes an older past to learn from, where nobody has one to sell; returns how many market dates it made. */
  readonly deepen?: (turn: () => Promise<void>, tell: (share: number) => void) => Promise<number>
  /** Plays past dates that were not played yet; never throws. */
  readonly playShadows: () => Promise<void>
  /** What the backtest decides of a trade date: a thread works it out, until the signal is aborted. */
  readonly backtestDay: (day: BacktestDay, signal: AbortSignal) => Promise<DayStory>
  readonly calibration: () => CalibrationReading | undefined
  readonly room: Pick<StudyRoom, 'stored' | 'ask' | 'run' | 'decide' | 'backtest' | 'triedOf'>
  /** What was traded on a date; absent, or undefined, where no account is kept. */
  readonly day?: (tradeDate: string) => Promise<DayResult | undefined>
}

/** A step was stopped in the middle. */
export class Stopped extends Error {}

/** Between two slices of work, ms: the market of the moment comes first. */
const restMs = 4

/** Lets everybody else have a turn; throws Stopped once the step is to end. */
export const turnOf =
  ({ schedule }: Pick<NightDeps, 'schedule'>, signal: AbortSignal) =>
  async (): Promise<void> => {
    await pause(restMs, schedule, signal)
    if (signal.aborted) throw new Stopped('the step was stopped')
  }
