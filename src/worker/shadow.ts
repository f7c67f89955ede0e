import type { Logger } from 'pino'
import {
  outcomesAfter,
  permutationDays,
  playedDates,
  savePermutation,
  storedContracts,
} from '#src/adapters/db/outcomes.ts'
import { latestRuns } from '#src/adapters/db/runs.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { dateOfBar, nextTradeDate } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays, easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { CalibrationReading, ShadowJob } from '#src/domain/picture.ts'
import type { Clock } from '#src/engine/ports.ts'
import { holdRun } from './held-run.ts'
import { pause } from './pause.ts'
import { type DateOptions, playMonth } from './shadow-date.ts'
import { createTally, testOn } from './shadow-reading.ts'

const job = 'shadow'
/** Between two slices of work, ms: the market of the moment comes first, and NinjaTrader lives on this machine too. */
const restMs = 4
const readyMs = 10_000
const pageSize = 250
const shownDays = 30
/** Calendar days after which no bar of a date is waited for. */
const youngDays = 7
/** Among the newest of all jobs the last of this one is looked for. */
const lookedAtRuns = 60
/** A day is over a little after flat-by, when its last minute is stored. */
const settledMs = 5 * minuteMs

type Options = Pick<DateOptions, 'db' | 'method' | 'livesHere' | 'boundaries' | 'accountSize' | 'limits'> & {
  readonly instruments: readonly InstrumentId[]
  readonly fronts: () => Fronts
  readonly clock: Clock
  readonly schedule: Schedule
  /** Whether the history is as whole as it will be for now. */
  readonly isReady: () => boolean
  readonly log: Pick<Logger, 'info' | 'error'>
  readonly put: (reading: CalibrationReading) => void
}

/** Trade dates of one market and one month, ascending. */
type Unit = { readonly instrument: InstrumentId; readonly month: string; readonly dates: readonly string[] }

class Stopped extends Error {}

/**
 * Creates the shadow book: every card the method would have drawn on the past trade dates that are stored, what became of
 * it, and what that says about the quality. Each date is kept whole when it was played; what was kept is not played again.
 */
export const createShadowKeeper = (options: Options) => {
  const { db, method, instruments, boundaries, clock, schedule, isReady, log, put } = options
  const stopping = new AbortController()
  let shown: Omit<CalibrationReading, 'job'> | undefined
  let working: Promise<void> | undefined
  let state: ShadowJob = { state: 'idle', since: clock.wall(), progress: 0 }

  const show = (change: Partial<ShadowJob>): void => {
    const since = change.state === undefined || change.state === state.state ? state.since : clock.wall()
    state = { ...state, ...change, since }
    if (shown !== undefined) put({ ...shown, job: state })
  }

  const turnUntil = (held: AbortSignal) => async (): Promise<void> => {
    await pause(restMs, schedule, held)
    if (held.aborted) throw new Stopped('the work on past cards was stopped')
  }
  const rest = turnUntil(stopping.signal)

  const isOver = (tradeDate: string): boolean => easternMs(tradeDate, boundaries.flatBy) + settledMs <= clock.now()

  /** The newest calendar day whose cards are all settled. */
  const until = (): string => {
    const { date } = easternAt(clock.now())
    return isOver(date) ? date : addDays(date, -1)
  }

  /** The trade dates of a market that are over, stored and not played yet; ascending. */
  const missingOf = async (instrument: InstrumentId): Promise<readonly string[]> => {
    const { group } = specOf(instrument)
    const stored = await storedContracts(db, { market: method.market, instrument })
    const played = await playedDates(db, method, instrument)
    const fronts = options.fronts()
    const isStored = (tradeDate: string): boolean => {
      const front = contractMonth(fronts(instrument, tradeDate))
      const [from, to] = [easternMs(tradeDate, 0), easternMs(tradeDate, boundaries.flatBy)]
      return stored.some(({ contract, first, last }) => contract === front && first < to && last >= from)
    }
    const missing: string[] = []
    let date = dateOfBar(group, Math.min(clock.now(), ...stored.map(({ first }) => first)))
    for (let looked = 1; isOver(date); date = nextTradeDate(group, date), looked++) {
      if (!played.has(date) && isStored(date)) missing.push(date)
      if (looked % 100 === 0) await rest()
    }
    return missing
  }

  /** The newest month first: that is the one worth most. */
  const missingUnits = async (): Promise<readonly Unit[]> => {
    const units = new Map<string, Unit>()
    for (const instrument of instruments)
      for (const date of await missingOf(instrument)) {
        const month = date.slice(0, 7)
        const key = `${month} ${instrument}`
        units.set(key, { instrument, month, dates: [...(units.get(key)?.dates ?? []), date] })
      }
    return [...units.values()].sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : 0))
  }

  const tally = async (last: string) => {
    const counted = createTally()
    for (let after = '', more = true; more; ) {
      const page = await outcomesAfter(db, method, { after, until: last, limit: pageSize })
      counted.add(page)
      after = page.at(-1)?.cardId ?? after
      more = page.length === pageSize
      await rest()
    }
    return counted.read()
  }

  const datesOf = async (last: string): Promise<CalibrationReading['dates']> => {
    const sets = await Promise.all(instruments.map((id) => playedDates(db, method, id)))
    const all = [...new Set(sets.flatMap((set) => [...set]))].filter((date) => date <= last).sort()
    const [first, newest] = [all[0], all.at(-1)]
    return first === undefined || newest === undefined ? undefined : { first, last: newest, count: all.length }
  }

  /** Reads everything kept anew; the test is made of the newest date there is, and kept with it. */
  const read = async (): Promise<void> => {
    const last = until()
    const { entered, ...counted } = await tally(last)
    const dates = await datesOf(last)
    const permutation = dates && (await testOn(dates.last, entered, rest))
    if (dates && permutation) await savePermutation(db, method, { ...permutation, tradeDate: dates.last })
    shown = {
      ...method,
      at: clock.now(),
      ...counted,
      ...(dates && { dates }),
      ...(permutation && { permutation }),
      days: await permutationDays(db, method, { until: last, limit: shownDays }),
    }
    show(await lastRun())
  }

  const lastRun = async (): Promise<Pick<ShadowJob, 'last'>> => {
    const runs = await latestRuns(db, method.market, lookedAtRuns)
    const run = runs.find((each) => each.job === job && each.endedAt !== undefined)
    if (run?.endedAt === undefined || run.state === 'running') return {}
    const detail = (run.detail ?? {}) as Partial<Pick<NonNullable<ShadowJob['last']>, 'played' | 'from' | 'to'>>
    const { startedAt, endedAt } = run
    return { last: { startedAt, endedAt, state: run.state, played: 0, ...detail } }
  }

  const play = async (units: readonly Unit[], held: AbortSignal): Promise<unknown> => {
    const dates = units.flatMap((unit) => unit.dates).sort()
    let played = 0
    let toldAt = 0
    const onPlayed = (): void => {
      played++
      if (clock.wall() - toldAt < 1_000) return
      toldAt = clock.wall()
      show({ progress: played / dates.length })
    }
    show({ state: 'running', progress: 0 })
    const old = addDays(easternAt(clock.now()).date, -youngDays)
    const rules = { fronts: options.fronts(), turn: turnUntil(held), isYoung: (date: string) => date > old, onPlayed }
    for (const { instrument, dates: own } of units) await playMonth({ ...options, ...rules, instrument }, own)
    return { played, from: dates[0], to: dates.at(-1) }
  }

  const work = async (): Promise<void> => {
    while (!isReady() && !stopping.signal.aborted) {
      show({ state: 'waiting' })
      await pause(readyMs, schedule, stopping.signal)
    }
    if (shown === undefined) await read()
    const isDue = (await missingUnits()).length > 0
    if (isDue) {
      const began = clock.wall()
      const onWaiting = (): void => show({ state: 'waiting' })
      const lock = { db, market: method.market, job, wall: clock.wall, schedule, progress: () => state.progress, log }
      const outcome = await holdRun({ ...lock, onWaiting }, stopping.signal, async (held) =>
        play(await missingUnits(), held),
      )
      if (outcome.state === 'stopped') return
      log.info({ ms: clock.wall() - began, ...method }, 'The cards of past days are up to date')
    }
    if (isDue) await read()
    show({ state: 'idle', progress: 1 })
  }

  /** One thing at a time; what fails is told and shown. */
  const alone = (task: () => Promise<void>) => (): Promise<void> => {
    working ??= task()
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return
        log.error({ err: error }, 'The cards of past days could not be worked out')
        show({ state: 'failed' })
      })
      .finally(() => {
        working = undefined
      })
    return working
  }

  const begin = alone(work)

  return {
    /** Shows what is kept. Neither this nor `run` ever throws; while one is at work the other is not begun. */
    show: alone(read),
    /** Plays all that is missing as it is called, and shows what is kept then. */
    run: async (): Promise<void> => {
      // What is under way listed its dates before, and others may have been stored since.
      await working
      if (!stopping.signal.aborted) await begin()
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      await working
    },
  }
}
