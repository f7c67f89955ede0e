import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { newestNight, nightRuns } from '#src/adapters/db/runs.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { type LabReading, type NightStep, nightSteps, type StepReading } from '#src/domain/lab-reading.ts'
import type { Clock } from '#src/engine/ports.ts'
import { holdRun } from '../held-run.ts'
import { laneOf, type Night, nightAt, stepsToBegin } from './night-plan.ts'
import { jobOf, mostTries, standingOf } from './night-standing.ts'

/** What a step is told, and how it tells how far it is (0 to 1, and in words). */
export type StepCall = {
  readonly night: Night
  readonly signal: AbortSignal
  readonly tell: (progress: number, words: string) => void
}

/** Does a step and says what came of it. It may be stopped at any moment, and is then begun anew. */
export type StepWork = (call: StepCall) => Promise<string>

type Options = {
  readonly db: Db
  readonly market: string
  readonly clock: Clock
  readonly schedule: Schedule
  readonly boundaries: PhaseBoundaries
  readonly steps: Readonly<Record<NightStep, StepWork>>
  /** Whether heavy work may run now; `hurried` where somebody asked for the night. */
  readonly mayWork: (hurried: boolean) => boolean
  /** Whether what is needed at the start is there: until then nothing begins. */
  readonly isReady: (hurried: boolean) => boolean
  readonly onChange: () => void
  readonly log: Pick<Logger, 'info' | 'error'>
}

const retryMs = 60_000

type Standing = Omit<StepReading, 'step'> & { readonly retryAt?: number }

const fresh: Standing = { state: 'waiting', progress: 0, words: '', tries: 0 }
const isOver = (state: Standing['state']): boolean => state === 'done' || state === 'failed'

/**
 * Creates the night: whenever it looks, it begins the steps whose turn has come, and stops the heavy ones when the live phase
 * begins. What is done stands in the database, so that a look after a crash goes on where the night was.
 */
export const createNight = (options: Options) => {
  const { db, market, clock, schedule, boundaries, steps, mayWork, isReady, onChange, log } = options
  const stopping = new AbortController()
  const running = new Map<NightStep, { readonly stop: AbortController; readonly work: Promise<void> }>()
  let night: Night | undefined
  let standings = new Map<NightStep, Standing>()
  let looking: Promise<void> | undefined
  /** Somebody wants the night now, whatever the hour. */
  let hurried = false

  const stand = (step: NightStep, change: Partial<Standing>): void => {
    const before = standings.get(step) ?? fresh
    const since = change.state === undefined || change.state === before.state ? before.since : clock.wall()
    standings.set(step, { ...before, ...(since !== undefined && { since }), ...change })
    onChange()
  }

  /** What another process, or this one before it died, has done of the night. */
  const learn = async ({ tradeDate }: Night): Promise<void> => {
    const runs = await nightRuns(db, market, tradeDate)
    for (const step of nightSteps) {
      const { state, tries } = standings.get(step) ?? fresh
      if (running.has(step) || isOver(state)) continue
      const { endedAt = 0, ...learned } = standingOf(step, runs)
      if (learned.state === 'done') stand(step, { ...learned, progress: 1, since: endedAt })
      else if (learned.state === 'failed') stand(step, learned)
      else if (learned.tries > tries) stand(step, { tries: learned.tries, words: learned.words })
    }
  }

  /** The newest night of which anything is kept: all there is to tell before the first look. */
  const recall = async (): Promise<LabReading['night']> => {
    const tradeDate = await newestNight(db, market)
    if (tradeDate === undefined) return undefined
    const isPast = tradeDate < nightAt(clock.now(), boundaries).tradeDate
    const wall = clock.wall()
    const runs = (await nightRuns(db, market, tradeDate)).filter(
      ({ state, leaseUntil }) => state !== 'running' || leaseUntil > wall,
    )
    return {
      tradeDate,
      steps: nightSteps.map((step) => {
        const { state, endedAt, ...standing } = standingOf(step, runs)
        return {
          ...{ step, ...standing, progress: state === 'done' ? 1 : 0 },
          ...(endedAt !== undefined && { since: endedAt }),
          state: state === 'waiting' && isPast ? 'missed' : state,
        }
      }),
    }
  }

  const begin = (step: NightStep, of: Night): void => {
    const stop = new AbortController()
    const signal = AbortSignal.any([stopping.signal, stop.signal])
    const tries = (standings.get(step)?.tries ?? 0) + 1
    stand(step, { state: 'running', progress: 0, words: '', tries })
    const run = async (held: AbortSignal): Promise<string> => {
      const tell = (progress: number, words: string): void => {
        if (!held.aborted) stand(step, { progress, words })
      }
      return steps[step]({ night: of, signal: held, tell })
    }
    const lock = {
      ...{ db, market, schedule, log, job: jobOf(step), night: of.tradeDate, wall: clock.wall },
      progress: () => standings.get(step)?.progress ?? 0,
      onWaiting: () => stand(step, { words: 'another process is at it' }),
    }
    const work = holdRun(lock, signal, run)
      .then((outcome) => {
        if (outcome.state === 'done') stand(step, { state: 'done', progress: 1, words: outcome.detail ?? '' })
        else if (outcome.state === 'already') stand(step, { state: 'waiting' })
        else stand(step, { state: 'paused', tries: tries - 1, words: 'waits for the next off-hours' })
      })
      .catch((error: unknown) => {
        log.error({ err: error, step }, 'A step of the night failed')
        const words = error instanceof Error ? error.message : String(error)
        const over = tries >= mostTries
        stand(step, { state: over ? 'failed' : 'waiting', words, retryAt: clock.wall() + retryMs })
      })
      .finally(() => {
        running.delete(step)
      })
    running.set(step, { stop, work })
  }

  const isHeld = (step: NightStep): boolean => (standings.get(step)?.retryAt ?? 0) > clock.wall()

  /** At once, whatever else is being looked at. */
  const makeWay = (): void => {
    if (!mayWork(hurried)) for (const [step, { stop }] of running) if (laneOf(step) === 'heavy') stop.abort()
  }

  const look = async (): Promise<void> => {
    if (stopping.signal.aborted || !isReady(hurried)) return
    const now = clock.now()
    const current = nightAt(now, boundaries)
    if (night?.tradeDate !== current.tradeDate) {
      for (const { stop } of running.values()) stop.abort()
      await Promise.all([...running.values()].map(({ work }) => work))
      // Who asked before the first look meant this night.
      if (night !== undefined) hurried = false
      night = current
      standings = new Map()
      onChange()
    }
    await learn(current)
    if (stopping.signal.aborted) return
    const offHours = mayWork(hurried)
    const over = new Set(nightSteps.filter((step) => isOver(standings.get(step)?.state ?? 'waiting')))
    const state = { over, running: new Set(running.keys()) }
    for (const step of stepsToBegin(current, state, { now, offHours, hurried })) if (!isHeld(step)) begin(step, current)
  }

  return {
    /** Begins what is due and stops what must not run now; never throws. */
    look: (): Promise<void> => {
      makeWay()
      looking ??= look()
        .catch((error: unknown) => log.error({ err: error }, 'The night could not be looked after'))
        .finally(() => {
          looking = undefined
        })
      return looking
    },
    /** Has every step of the night begun as soon as those before it are over. */
    hurry: (): void => {
      hurried = true
    },
    recall,
    reading: (): LabReading['night'] =>
      night && {
        tradeDate: night.tradeDate,
        steps: nightSteps.map((step) => {
          const { retryAt: _, ...standing } = standings.get(step) ?? fresh
          return { step, ...standing }
        }),
      },
    stop: async (): Promise<void> => {
      stopping.abort()
      await looking
      await Promise.all([...running.values()].map(({ work }) => work))
    },
  }
}
