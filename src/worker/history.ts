import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { countGaps, type Gap, noteGap } from '#src/adapters/db/coverage.ts'
import { rangeOfDate } from '#src/adapters/db/front-bars.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { DateCoverage } from '#src/domain/market/coverage.ts'
import type { HistoryReading } from '#src/domain/picture.ts'
import type { Clock, HistorySource } from '#src/engine/ports.ts'
import { createDoubts, type Doubt } from './doubts.ts'
import { createHistoryAsker } from './history-asker.ts'
import { latestDates, partsBetween, startedDate, toQuestions, wantedParts } from './history-plan.ts'
import { createHistoryQueue } from './history-queue.ts'
import { pause } from './pause.ts'

/** How many trade dates are shown, and gone over every night. */
const shownDates = 20
const countEveryMs = 60_000
/** A minute nobody traded in looks like a lost one until the source was asked. */
const askAgainMs = 15 * 60_000
/** Readings are for people: while work goes on, one a second is enough. */
const readingEveryMs = 1_000

type Options = {
  readonly db: Db
  readonly market: string
  readonly source: HistorySource
  readonly instruments: readonly InstrumentId[]
  readonly fronts: () => Fronts
  /** How many days of the past are wanted. */
  readonly days?: number
  readonly clock: Clock
  readonly schedule: Schedule
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Bars of a front contract that were new, or better than those held; oldest first, of one trade date. */
  readonly onBars: (instrument: InstrumentId, bars: readonly RecordedBar[]) => void
  readonly onReading: (reading: Omit<HistoryReading, 'rolls'>) => void
}

/**
 * Keeps the stored past whole: fetches what is missing of it, newest first, asks again for every minute that was lost or
 * seen in part, and says what it holds. Everything it learns is kept at once; it may die at any moment.
 */
export const createHistoryKeeper = (options: Options) => {
  const { db, market, source, instruments, fronts, days = 365, clock, schedule, log, onReading } = options
  const stopping = new AbortController()
  const covers = new Map<InstrumentId, ReadonlyMap<string, DateCoverage>>()
  let gaps = { found: 0, filled: 0 }
  let shown = ''
  let since = clock.wall()
  let cancelReading: (() => void) | undefined
  let counting: Promise<void> | undefined
  let askedAgain = clock.wall()

  const datesShown = (id: InstrumentId) => latestDates(specOf(id).group, clock.now(), shownDates)

  const asker = createHistoryAsker({
    ...options,
    onCovered: (part, coverage) => {
      const { tradeDate } = part
      const { id } = part.contract
      queue.onPart(part)
      if (contractMonth(fronts()(id, tradeDate)) !== coverage.contract) return
      const dates = new Set(datesShown(id))
      const counted = new Map(covers.get(id)).set(tradeDate, coverage)
      covers.set(id, new Map([...counted].filter(([date]) => dates.has(date))))
      tellSoon()
    },
  })
  const queue = createHistoryQueue({ ...options, asker, stopping: stopping.signal, onChange: () => tellSoon() })

  const reading = (): Omit<HistoryReading, 'rolls'> => {
    const { state, detail, progress } = queue.reading()
    if (shown !== `${state} ${detail}`) since = clock.wall()
    shown = `${state} ${detail}`
    return {
      ...{ source: source.name, state, detail, since, progress, gaps },
      markets: instruments.map((instrument) => ({
        instrument,
        dates: [...(covers.get(instrument)?.values() ?? [])].sort((a, b) => (a.tradeDate < b.tradeDate ? -1 : 1)),
      })),
    }
  }

  const tellSoon = (): void => {
    if (stopping.signal.aborted) return
    cancelReading ??= schedule(() => {
      cancelReading = undefined
      onReading(reading())
    }, readingEveryMs)
  }

  const partsOf = (id: InstrumentId, dates: readonly string[]) => wantedParts(id, dates, fronts())

  const fetchDates = async (datesOf: (id: InstrumentId) => readonly string[], reason: Gap['reason']): Promise<void> => {
    await asker.load()
    await queue.add(
      instruments.flatMap((id) => partsOf(id, datesOf(id))),
      clock.now(),
      reason,
    )
  }

  /** Counts again: the running trade date and the one before it, and whatever of those shown was never counted. */
  const count = async (everything: boolean): Promise<void> => {
    for (const id of instruments) {
      const dates = datesShown(id)
      const due = dates.filter((date, i) => everything || i < 2 || covers.get(id)?.has(date) !== true)
      for (const part of partsOf(id, due)) {
        if (stopping.signal.aborted) return
        await asker.count(part)
      }
    }
    const oldest = datesShown(instruments[0] as InstrumentId).at(-1) as string
    gaps = await countGaps(db, market, clock.wall() - (clock.now() - easternMs(oldest, 0)))
    tellSoon()
  }

  const hasHoles = (): boolean =>
    instruments.some((id) => (covers.get(id)?.get(startedDate(specOf(id).group, clock.now()))?.holes.length ?? 0) > 0)

  const countForEver = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await asker
        .load()
        .then(() => count(false))
        .catch((error: unknown) => log.error({ err: error }, 'What is stored could not be counted'))
      if (clock.wall() - askedAgain >= askAgainMs && hasHoles() && !queue.isBarred()) {
        askedAgain = clock.wall()
        void fetchDates((id) => datesShown(id).slice(0, 1), 'partial').catch(complain)
      }
      await pause(countEveryMs, schedule, stopping.signal)
    }
  }

  const complain = (error: unknown): void => log.error({ err: error }, 'The history could not be fetched')

  /** Asks for doubtful minutes together with everything of their trade date that was not asked for yet. */
  const askDoubt = async (id: InstrumentId, doubt: Doubt): Promise<number> => {
    await asker.load()
    const parts = partsBetween(id, doubt.from, doubt.to, fronts())
    if (queue.isBarred()) return doubt.to
    if (queue.isBusy(id)) return doubt.from
    for (const { contract, from, to } of parts)
      await noteGap(db, {
        ...{ market, instrument: id, contract: contractMonth(contract), from, to },
        ...{ reason: doubt.reason, foundAt: doubt.foundAt },
      })
    const whole = partsOf(
      id,
      parts.map(({ tradeDate }) => tradeDate),
    )
    const asked = parts.map((part) => {
      const date = whole.find(({ tradeDate }) => tradeDate === part.tradeDate)
      return { ...part, from: Math.max(date?.from ?? part.from, Math.min(part.from, asker.askedTo(part))) }
    })
    let reached = doubt.from
    for (const question of toQuestions(asked).toReversed()) {
      const answer = await asker.ask(question, stopping.signal)
      if (!answer.ok) return answer.reason === 'bad-key' || answer.reason === 'not-entitled' ? doubt.to : reached
      reached = Math.min(doubt.to, answer.reached)
      if (answer.reached < question.to) break
    }
    return reached
  }

  const doubts = createDoubts({
    clock,
    schedule,
    ask: (id, doubt) =>
      askDoubt(id, doubt).catch((error: unknown) => {
        complain(error)
        return doubt.from
      }),
  })

  return {
    /**
     * Fetches the newest trade dates of every market, as many as named. Resolves when they are there, or after `limitMs`
     * of machine time; then the work goes on behind.
     */
    prepare: async (dates: number, limitMs: number): Promise<void> => {
      const over = new AbortController()
      const fetched = fetchDates((id) => latestDates(specOf(id).group, clock.now(), dates), 'start').catch(complain)
      await Promise.race([fetched, pause(limitMs, schedule, AbortSignal.any([over.signal, stopping.signal]))])
      over.abort()
    },

    /** Fetches everything that is wanted of the past, and counts what is held from now on; resolves when the first is done. */
    start: async (): Promise<void> => {
      counting ??= countForEver()
      const oldest = (id: InstrumentId): string => addDays(startedDate(specOf(id).group, clock.now()), -days)
      await fetchDates(
        (id) => latestDates(specOf(id).group, clock.now(), days).filter((date) => date >= oldest(id)),
        'start',
      ).catch(complain)
    },

    /**
     * The minutes that begin in [from, to), epoch ms, were lost or seen in part: they are asked for once they are over.
     * What is older than the last 20 trade dates is left to `start`.
     */
    fill: (instrument: InstrumentId, from: number, to: number, reason: Gap['reason']): void => {
      const oldest = rangeOfDate(specOf(instrument).group, datesShown(instrument).at(-1) as string).from
      const range = { from: minuteOf(Math.max(from, oldest)), to: minuteOf(to + minuteMs - 1) }
      doubts.add(instrument, { ...range, reason, foundAt: clock.wall() })
    },

    /** Asks for whatever is missing of the last 20 trade dates, and counts them again. */
    nightly: async (): Promise<void> => {
      await fetchDates(datesShown, 'nightly')
      await count(true)
    },

    reading,

    stop: async (): Promise<void> => {
      stopping.abort()
      cancelReading?.()
      await Promise.all([doubts.stop(), queue.stopped(), counting])
    },
  }
}
