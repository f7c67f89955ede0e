import { rangeOfDate } from '#src/adapters/db/front-bars.ts'
import {
  dateOfBar,
  nextTradeDate,
  previousTradeDate,
  sessionOf,
  tradeDateAt,
} from '#src/domain/instruments/calendar.ts'
import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { Contract, InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'

/** Minutes of one contract on one trade date that begin in [from, to), epoch ms. */
export type DatePart = {
  readonly contract: Contract
  readonly tradeDate: string
  readonly from: number
  readonly to: number
}

/** What one question to a source asks for: minutes of one contract that follow each other, by trade date, oldest first. */
export type Question = {
  readonly contract: Contract
  readonly from: number
  readonly to: number
  readonly parts: readonly DatePart[]
}

/** How far (epoch ms) a source was asked about a trade date of a contract; 0 when it never was. */
export type AskedTo = (part: Pick<DatePart, 'contract' | 'tradeDate'>) => number

/** 30 trade dates have at most 41,400 minutes: they fit into one answer of 50,000. */
const mostDates = 30
/** How many trade dates before a roll the new contract is wanted too: for the roll itself, and for its price gap. */
const datesBeforeRoll = 6

/** The trade date that is running at `now` (epoch ms), or the last one while the market is shut. */
export const startedDate = (group: MarketGroup, now: number): string => {
  const date = tradeDateAt(group, now)
  return (sessionOf(group, date)?.open ?? 0) <= now ? date : previousTradeDate(group, date)
}

/** The newest `count` trade dates that have begun at `now`, newest first. */
export const latestDates = (group: MarketGroup, now: number, count: number): readonly string[] => {
  const dates = [startedDate(group, now)]
  while (dates.length < count) dates.push(previousTradeDate(group, dates.at(-1) as string))
  return dates
}

const datesLater = (group: MarketGroup, date: string, count: number): string =>
  count === 0 ? date : datesLater(group, nextTradeDate(group, date), count - 1)

/** The contracts wanted on a trade date: the front, and shortly before it rolls the next one. */
const contractsOn = (id: InstrumentId, date: string, fronts: Fronts): readonly Contract[] => {
  const front = fronts(id, date)
  const soon = fronts(id, datesLater(specOf(id).group, date, datesBeforeRoll))
  return contractMonth(soon) === contractMonth(front) ? [front] : [front, soon]
}

/** Everything that is wanted of some trade dates of a market: the front contracts, and the next ones before each roll. */
export const wantedParts = (id: InstrumentId, dates: readonly string[], fronts: Fronts): readonly DatePart[] =>
  dates.flatMap((tradeDate) =>
    contractsOn(id, tradeDate, fronts).map((contract) => ({
      contract,
      tradeDate,
      ...rangeOfDate(specOf(id).group, tradeDate),
    })),
  )

/** The front's minutes of [from, to), epoch ms, by trade date, oldest first. */
export const partsBetween = (id: InstrumentId, from: number, to: number, fronts: Fronts): readonly DatePart[] => {
  const { group } = specOf(id)
  const parts: DatePart[] = []
  for (let date = dateOfBar(group, from); rangeOfDate(group, date).from < to; date = nextTradeDate(group, date)) {
    const range = rangeOfDate(group, date)
    const within = { from: Math.max(from, range.from), to: Math.min(to, range.to) }
    parts.push({ contract: fronts(id, date), tradeDate: date, ...within })
  }
  return parts
}

/** The minutes of a trade date that are over at `now` and the source was not asked for; undefined when there are none. */
const unasked = (part: DatePart, askedTo: number, now: number): DatePart | undefined => {
  const { group } = specOf(part.contract.id)
  const to = Math.min(part.to, minuteOf(now))
  const close = sessionOf(group, part.tradeDate)?.close ?? part.to
  return askedTo >= Math.min(close, to) ? undefined : { ...part, from: Math.max(part.from, askedTo), to }
}

/** Joins parts of the same contract that follow each other into as few questions as fit into one answer each, newest first. */
export const toQuestions = (parts: readonly DatePart[]): readonly Question[] => {
  const questions: Question[] = []
  for (const part of parts.toSorted((a, b) => b.from - a.from)) {
    const at = questions.findIndex(
      ({ contract, from, parts: { length } }) =>
        contractCode(contract) === contractCode(part.contract) && from === part.to && length < mostDates,
    )
    const newer = questions[at]
    if (newer === undefined) questions.push({ contract: part.contract, from: part.from, to: part.to, parts: [part] })
    else questions[at] = { ...newer, from: part.from, parts: [part, ...newer.parts] }
  }
  return questions.sort((a, b) => b.to - a.to)
}

/** What of some parts the source was not asked for yet, as questions, newest first. */
export const openQuestions = (parts: readonly DatePart[], askedTo: AskedTo, now: number): readonly Question[] =>
  toQuestions(parts.flatMap((part) => unasked(part, askedTo(part), now) ?? []))
