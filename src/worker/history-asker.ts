import { setImmediate as letOthersRun } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '#src/adapters/db/connect.ts'
import { askedOf, coverStored, type Gap, noteFilledGap } from '#src/adapters/db/coverage.ts'
import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { DateCoverage } from '#src/domain/market/coverage.ts'
import type { Clock, HistoryPage, HistorySource, Refused } from '#src/engine/ports.ts'
import type { AskedTo, DatePart, Question } from './history-plan.ts'

/** What is known of a trade date of a contract: how far it was asked about, and the minutes held. */
type Known = {
  readonly contract: number
  readonly tradeDate: string
  readonly askedTo: number
  readonly present: number
}

type Options = {
  readonly db: Db
  readonly market: string
  readonly source: HistorySource
  readonly fronts: () => Fronts
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  /** What was new, or better than what was held, of the contract that was the front. */
  readonly onBars: (instrument: InstrumentId, bars: readonly RecordedBar[]) => void
  /** Called when a trade date was counted anew. */
  readonly onCovered: (part: DatePart, coverage: DateCoverage) => void
}

const keyOf = (contract: number, tradeDate: string): string => `${contract} ${tradeDate}`

/**
 * Asks a source and keeps what it answers, a trade date at a time: a process that dies has everything up to there, and
 * asks for none of it again. `load` must have been awaited before anything else.
 */
export const createHistoryAsker = (options: Options) => {
  const { db, market, source, fronts, clock, log, onBars, onCovered } = options
  const known = new Map<InstrumentId, Map<string, Known>>()
  let loading: Promise<void> | undefined

  const isFront = (id: InstrumentId, contract: number, tradeDate: string): boolean =>
    contractMonth(fronts()(id, tradeDate)) === contract

  const learn = (id: InstrumentId, what: Known): void => {
    const dates = known.get(id) ?? new Map<string, Known>()
    const key = keyOf(what.contract, what.tradeDate)
    const askedTo = Math.max(what.askedTo, dates.get(key)?.askedTo ?? 0)
    known.set(id, dates.set(key, { ...what, askedTo }))
  }

  const load = (): Promise<void> => {
    loading ??= askedOf(db, market).then(
      (rows) => {
        for (const { instrument, ...what } of rows) learn(instrument, what)
      },
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }

  const askedTo: AskedTo = ({ contract, tradeDate }) =>
    known.get(contract.id)?.get(keyOf(contractMonth(contract), tradeDate))?.askedTo ?? 0

  /** Counts a trade date, with an answer or as it is; what of the answer was new. */
  const cover = async (part: DatePart, answer?: Parameters<typeof coverStored>[1]['answer']) => {
    const { tradeDate } = part
    const { id } = part.contract
    const contract = contractMonth(part.contract)
    const time = { now: clock.now(), wall: clock.wall() }
    const of = { market, instrument: id, contract, tradeDate }
    const stored = await coverStored(db, { ...of, ...time, ...(answer && { answer }) })
    // The embedded database answers without a turn of the event loop: many dates in a row would silence every page.
    await letOthersRun()
    const { present } = stored.coverage
    learn(id, { contract, tradeDate, askedTo: stored.askedTo, present })
    onCovered(part, stored.coverage)
    return stored
  }

  /** Tells what came late. A date that was held in part had a gap, whether anybody had noticed or not. */
  const tell = async (
    { contract, tradeDate }: DatePart,
    fresh: readonly RecordedBar[],
    held: number,
    reason: Gap['reason'] | undefined,
  ): Promise<void> => {
    const [first, last] = [fresh[0], fresh.at(-1)]
    if (first === undefined || last === undefined) return
    const { id } = contract
    if (isFront(id, contractMonth(contract), tradeDate)) onBars(id, fresh)
    if (reason === undefined || held === 0) return
    const range = { from: first.time, to: last.time + minuteMs }
    const gap = { market, instrument: id, contract: contractMonth(contract), ...range, reason }
    await noteFilledGap(db, { ...gap, bars: fresh.length, at: clock.wall() })
  }

  const keepPart = async (part: DatePart, page: HistoryPage, duplicates: number, reason?: Gap['reason']) => {
    const asOf = clock.wall()
    const bars = page.bars
      .filter(({ time }) => time >= part.from && time < part.to)
      .map((bar): RecordedBar => ({ ...bar, finality: 'history', asOf, source: source.name }))
    const reached = page.reaches > part.from ? Math.min(part.to, page.reaches) : 0
    const { coverage, fresh } = await cover(part, { source: source.name, bars, askedTo: reached, duplicates })
    await tell(part, fresh, coverage.present + coverage.offHours - fresh.length, reason)
  }

  /** Keeps a page; `before` is how far the pages before it reached. */
  const keepPage = async ({ contract, parts }: Question, page: HistoryPage, before: number, reason?: Gap['reason']) => {
    const { duplicate = 0, ...dropped } = page.dropped
    if (Object.keys(dropped).length > 0)
      log.warn({ source: source.name, contract: contractCode(contract), dropped }, 'Bars of the history were not taken')
    const end = Math.max(page.reaches, (page.bars.at(-1)?.time ?? 0) + minuteMs)
    const touched = parts.filter(({ from, to }) => to > before && from < end)
    for (const part of touched) await keepPart(part, page, part === touched[0] ? duplicate : 0, reason)
  }

  return {
    load,
    askedTo,
    /** The trade dates of a market's fronts that the source was asked about, oldest first. */
    known: (id: InstrumentId): readonly Known[] =>
      [...(known.get(id)?.values() ?? [])]
        .filter(({ contract, tradeDate, askedTo: to }) => to > 0 && isFront(id, contract, tradeDate))
        .sort((a, b) => (a.tradeDate < b.tradeDate ? -1 : 1)),
    /** Counts a trade date as it is stored. */
    count: async (part: DatePart): Promise<void> => {
      await cover(part)
    },
    /**
     * Asks one question and keeps every page before the next comes. Answers how far the source has answered (epoch ms), or
     * why it did not. With a `reason`, what was missing of a date held in part is noted as a gap.
     */
    ask: async (
      question: Question,
      signal: AbortSignal,
      reason?: Gap['reason'],
    ): Promise<{ readonly ok: true; readonly reached: number } | Refused> => {
      let reached = question.from
      for await (const page of source.minutes(question.contract, question, signal)) {
        if (!page.ok) return page
        await keepPage(question, page, reached, reason)
        reached = Math.max(reached, page.reaches)
        if (signal.aborted) return { ok: false, reason: 'stopped', detail: 'stopped' }
      }
      return { ok: true, reached }
    },
  }
}
