import type { Db } from '#src/adapters/db/connect.ts'
import { flowsSince } from '#src/adapters/db/flows.ts'
import { rangeOfDate, readFrontBars } from '#src/adapters/db/front-bars.ts'
import { livedElsewhere, type Method, saveOutcomes } from '#src/adapters/db/outcomes.ts'
import { planVersions } from '#src/adapters/db/plans.ts'
import { transitionsOf } from '#src/adapters/db/transitions.ts'
import { historyStart } from '#src/adapters/history.ts'
import { dateOfBar, nextTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { type CardOutcome, type MarketDate, outcomeOf } from '#src/domain/signals/outcome.ts'
import { createShadow, type Shadow, type ShadowOptions } from './shadow-engine.ts'

export type DateOptions = ShadowOptions & {
  readonly db: Db
  readonly method: Method
  /** Whether plans and transitions are kept under the market's own name: then its cards may have been lived. */
  readonly livesHere: boolean
  /** Lets everybody else have a turn; throws to stop the work. */
  readonly turn: () => Promise<void>
  /** Whether bars of a date may still come: then one without any is tried again. */
  readonly isYoung: (tradeDate: string) => boolean
  readonly onPlayed: () => void
}

/** What is done in one go: both take about a millisecond. */
const warmedAtOnce = 200
const livedAtOnceMs = 5 * minuteMs

/** Gives an engine bars that no card lives through, a few at a time. */
export const warm = async (shadow: Shadow, bars: readonly Bar[], turn: DateOptions['turn']): Promise<void> => {
  for (let i = 0; i < bars.length; i += warmedAtOnce) {
    shadow.warm(bars.slice(i, i + warmedAtOnce))
    await turn()
  }
}

/** Lives a trade date from midnight to flat-by; of its bars those of the evening before only warm, and the rest is returned. */
export const liveDate = async (
  {
    db,
    market,
    boundaries,
    instrument,
    turn,
  }: Pick<DateOptions, 'db' | 'boundaries' | 'instrument' | 'turn'> & {
    /** Under whose name it is kept who crossed the spread. */
    readonly market: string
  },
  shadow: Shadow,
  tradeDate: string,
  bars: readonly Bar[],
): Promise<{ readonly day: readonly Bar[]; readonly rest: readonly Bar[] }> => {
  const [midnight, flatBy] = [easternMs(tradeDate, 0), easternMs(tradeDate, boundaries.flatBy)]
  const [evening, day, rest] = [
    bars.filter(({ time }) => time < midnight),
    bars.filter(({ time }) => time >= midnight && time < flatBy),
    bars.filter(({ time }) => time >= flatBy),
  ]
  const { from } = rangeOfDate(specOf(instrument).group, tradeDate)
  shadow.learnFlows(await flowsSince(db, { market, instrument }, from, flatBy))
  await warm(shadow, evening, turn)
  for (let at = midnight; at < flatBy && day.length > 0; at += livedAtOnceMs) {
    const to = Math.min(flatBy, at + livedAtOnceMs)
    shadow.live(
      day.filter(({ time }) => time >= at && time < to),
      at,
      to,
    )
    await turn()
  }
  return { day, rest }
}

/** The cards of a market date that the terminal lived to their end; what its components were only the shadow knows. */
const livedOutcomes = async (
  { db, method, livesHere }: DateOptions,
  on: MarketDate,
  shadows: readonly CardOutcome[],
): Promise<readonly CardOutcome[]> => {
  if (!livesHere) return []
  const { market } = method
  const [versions, transitions, elsewhere] = await Promise.all([
    planVersions(db, market, on.tradeDate),
    transitionsOf(db, market, on.tradeDate),
    livedElsewhere(db, method, on),
  ])
  const drawn = versions.flatMap(({ tradeDate, drawnAt, cards }) =>
    cards.map((card) => ({ ...card, tradeDate, drawnAt })),
  )
  return drawn.flatMap((card, i) => {
    const isFirst = drawn.findIndex(({ id }) => id === card.id) === i
    if (!isFirst || card.instrument !== on.instrument || elsewhere.has(card.id)) return []
    const twin = shadows.find(({ cardId, side, quality }) =>
      [card.id, card.side, card.quality].every((value, i) => value === [cardId, side, quality][i]),
    )
    const own = transitions.filter(({ cardId }) => cardId === card.id)
    return outcomeOf({ ...card, components: twin?.components ?? [] }, own) ?? []
  })
}

/** Lives a trade date and keeps what became of its cards. */
const playDate = async (options: DateOptions, shadow: Shadow, on: MarketDate, bars: readonly Bar[]): Promise<void> => {
  const { db, method, turn, isYoung, onPlayed } = options
  const { day, rest } = await liveDate({ ...options, market: method.market }, shadow, on.tradeDate, bars)
  const { outcomes } = shadow.take()
  if (day.length > 0 || !isYoung(on.tradeDate)) {
    const lived = await livedOutcomes(options, on, outcomes)
    const kept = [
      ...outcomes
        .filter(({ cardId }) => lived.every((own) => own.cardId !== cardId))
        .map((each) => ({ ...each, lived: false })),
      ...lived.map((each) => ({ ...each, lived: true })),
    ]
    await saveOutcomes(db, method, on, kept)
  }
  onPlayed()
  await warm(shadow, rest, turn)
}

/**
 * Plays the given trade dates of one market and one month (ascending) through one engine that has seen the 30 trade dates
 * before the month, as if it had run since the month's first day: so that a date's cards do not depend on where the work began.
 */
export const playMonth = async (options: DateOptions, dates: readonly string[]): Promise<void> => {
  const { db, method, instrument, fronts, turn } = options
  const { group } = specOf(instrument)
  const due = new Set(dates)
  const last = dates.at(-1) ?? ''
  const shadow = createShadow(options)
  let tradeDate = dateOfBar(group, historyStart(instrument, monthOpen(instrument, last)))
  for (; tradeDate <= last; tradeDate = nextTradeDate(group, tradeDate)) {
    const bars = await readFrontBars(db, method.market, instrument, rangeOfDate(group, tradeDate), { fronts })
    await turn()
    if (due.has(tradeDate)) await playDate(options, shadow, { instrument, tradeDate }, bars)
    else await warm(shadow, bars, turn)
  }
}

/** When the first trade date of a date's month opened, epoch ms. */
const monthOpen = (instrument: ShadowOptions['instrument'], date: string): number => {
  const { group } = specOf(instrument)
  const first = `${date.slice(0, 8)}01`
  const session = sessionOf(group, first) ?? sessionOf(group, nextTradeDate(group, first))
  return session?.open ?? easternMs(first, 0)
}
