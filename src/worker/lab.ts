import type { Logger } from 'pino'
import { championHistory } from '#src/adapters/db/champions.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { latestPapers } from '#src/adapters/db/night-papers.ts'
import { latestReports } from '#src/adapters/db/reports.ts'
import { type ListedStudy, latestStudies } from '#src/adapters/db/studies.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { strategyOf } from '#src/domain/backtest/strategies/all.ts'
import type { LabReading, ParityCount, StudyReading } from '#src/domain/lab-reading.ts'
import type { ParityDifference } from '#src/domain/night-paper.ts'
import type { createNight } from './night/night.ts'
import { NothingStored, type StudyRoom, type WantedBacktest, type WantedStudy } from './study/study-room.ts'

/** What becomes of an order: the id of the study or report it leads to, or why nothing does. */
export type LabAnswer =
  | { readonly ok: true; readonly id?: string }
  | { readonly ok: false; readonly field: string; readonly reason: 'nothing-stored' | 'study-over' }

/** What somebody at a page or a program asks of the lab. */
export type LabOrder =
  | ({ readonly kind: 'study' } & WantedStudy)
  | ({ readonly kind: 'backtest' } & WantedBacktest)
  | { readonly kind: 'cancel'; readonly study: string }
  | { readonly kind: 'night' }

type Options = {
  readonly db: Db
  readonly market: string
  readonly room: StudyRoom
  readonly night: Pick<ReturnType<typeof createNight>, 'reading' | 'recall' | 'look' | 'hurry' | 'stop'>
  /** Whether heavy work may run now: in a live market only off-hours. */
  readonly mayWork: () => boolean
  readonly wall: () => number
  readonly schedule: Schedule
  readonly put: (reading: LabReading) => void
  readonly log: Pick<Logger, 'info' | 'error'>
}

const shownStudies = 24
const shownReports = 60
const shownChampions = 24
const shownEvenings = 10
/** Readings are for people: while work goes on, one a second is enough. */
const readingEveryMs = 1_000

const studyWords = ({ state, words = '', reason }: ListedStudy): string =>
  reason ?? (state === 'failed' ? 'failed' : words)

const isBaseline = (name: string): boolean => {
  try {
    return strategyOf(name).baseline
  } catch {
    // Kept by a version that knew a strategy this one does not.
    return false
  }
}

const parityCount = (differences: readonly ParityDifference[]): ParityCount => ({
  differences: differences.length,
  explained: differences.filter(({ explained }) => explained !== undefined).length,
})

/** Creates the keeper of the lab: it does what is asked, by hand or by the night, and says how far everything is. */
export const createLab = (options: Options) => {
  const { db, market, room, night, mayWork, wall, schedule, put, log } = options
  const stopping = new AbortController()
  let yielding = new AbortController()
  let working: Promise<void> | undefined
  let cancelReading: (() => void) | undefined
  let dirty = false
  let reading: Promise<void> | undefined

  const studyReading = (study: ListedStudy): StudyReading => {
    const { id, spec, state, askedAt, night: of, tried, passed } = study
    const { instrument, strategy, method, budget } = spec
    return {
      ...{ id, instrument, strategy, method, state, askedAt, budget },
      tried: tried ?? room.triedOf(id) ?? 0,
      words: studyWords(study),
      ...(of !== undefined && { night: of }),
      ...(passed !== undefined && { passed }),
    }
  }

  const read = async (): Promise<LabReading> => {
    const [studies, reports, champions, parity, summaries] = await Promise.all([
      latestStudies(db, market, shownStudies),
      latestReports(db, market, shownReports),
      championHistory(db, market, shownChampions),
      latestPapers(db, market, 'parity', shownEvenings),
      latestPapers(db, market, 'summary', 1),
    ])
    const [told] = summaries
    const steps = night.reading() ?? (await night.recall())
    return {
      at: wall(),
      ...(steps && { night: steps }),
      hands: room.hands(),
      studies: studies.map(studyReading),
      reports: reports.map(
        ({
          id,
          spec: { instrument, strategy, from, to, costsDoubled = false, discipline, realism },
          madeAt,
          summary,
        }) => ({
          ...{ id, instrument, strategy, from, to, costsDoubled, madeAt, ...summary },
          ...(discipline.account && { plan: discipline.account.plan }),
          ...(realism && { otherFills: true as const }),
          baseline: isBaseline(strategy),
        }),
      ),
      champions: champions.map(({ instrument, strategy, from, words, study }) => ({
        ...{ instrument, strategy, from, words, study },
      })),
      parity: parity.map(({ tradeDate, body: { cards, transitions, differences, backtest } }) => ({
        ...{ tradeDate, cards, transitions, ...parityCount(differences) },
        ...(backtest && { backtest: parityCount(backtest.differences) }),
      })),
      ...(told && { summary: { tradeDate: told.tradeDate, lines: told.body.lines } }),
    }
  }

  const show = (): Promise<void> => {
    dirty = true
    reading ??= (async () => {
      while (dirty && !stopping.signal.aborted) {
        dirty = false
        put(await read())
      }
    })()
      .catch((error: unknown) => log.error({ err: error }, 'The lab could not be read'))
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  const showSoon = (): void => {
    if (stopping.signal.aborted) return
    cancelReading ??= schedule(() => {
      cancelReading = undefined
      void show()
    }, readingEveryMs)
  }

  /** Carries out what was asked by hand, oldest first. */
  const workOff = async (): Promise<void> => {
    yielding = new AbortController()
    const signal = AbortSignal.any([stopping.signal, yielding.signal])
    for (let study = await room.next(); study !== undefined && !signal.aborted; study = await room.next()) {
      const result = await room.run(study.id, signal)
      if (result === undefined) return
      await room.settle(study.id, result)
    }
  }

  const look = (): void => {
    if (!mayWork()) yielding.abort()
    else if (!stopping.signal.aborted)
      working ??= workOff()
        .catch((error: unknown) => log.error({ err: error }, 'A study failed'))
        .finally(() => {
          working = undefined
        })
    void night.look()
  }

  const carryOut = async (order: LabOrder): Promise<LabAnswer> => {
    const { kind } = order
    if (kind === 'night') night.hurry()
    else if (kind === 'cancel') {
      if (!(await room.cancel(order.study))) return { ok: false, field: 'study', reason: 'study-over' }
    } else {
      const { kind: _, ...wanted } = order
      const id = kind === 'study' ? await room.ask(wanted as WantedStudy) : (await room.backtest(wanted)).id
      return { ok: true, id }
    }
    return { ok: true }
  }

  /** Takes an order; throws what nobody can help. */
  const ask = async (order: LabOrder): Promise<LabAnswer> => {
    try {
      return await carryOut(order)
    } catch (error) {
      if (error instanceof NothingStored) return { ok: false, field: 'instrument', reason: 'nothing-stored' }
      throw error
    } finally {
      look()
      showSoon()
    }
  }

  return {
    show,
    showSoon,
    /** Begins what is due and yields to the live phase; called every few seconds. */
    look,
    ask,
    stop: async (): Promise<void> => {
      stopping.abort()
      cancelReading?.()
      await night.stop()
      await working
      await reading
    },
  }
}

export type Lab = ReturnType<typeof createLab>
