import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays, easternAt } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { GateInputs } from '#src/domain/risk/gate.ts'
import { type NewsEvent, type NewsReading, type NewsRule, newsAt } from '#src/domain/risk/news.ts'
import { newsOn, possibleNews, unknownNews } from '#src/domain/risk/news-calendar.ts'

type Day = {
  readonly date: string
  readonly events: readonly NewsEvent[]
  readonly unknown: readonly string[]
  readonly possible: readonly string[]
}

/** A reading, and the stretch [from, to) in which no window begins or ends: there it stands. */
type Standing = {
  readonly day: Day
  readonly rules: readonly NewsRule[]
  readonly from: number
  readonly to: number
  readonly reading: NewsReading
}

/** The instants at which a window begins or ends. */
const edgesOf = (events: readonly NewsEvent[], rules: readonly NewsRule[]): readonly number[] =>
  rules.flatMap(({ minutesBefore, minutesAfter }) =>
    events.flatMap(({ at }) => [at - minutesBefore * minuteMs, at + minutesAfter * minuteMs]),
  )

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i])

/** The day's releases, the calendar's and the trader's own, by the rules in force. */
export const createNewsDesk = (rules: () => readonly NewsRule[]) => {
  let own: readonly NewsEvent[] = []
  let known: Day | undefined
  const standings = new Map<InstrumentId | 'all', Standing>()

  /** Today's and tomorrow's, looked up once a day. */
  const day = (at: number): Day => {
    const { date } = easternAt(at)
    if (known?.date !== date)
      known = {
        date,
        events: [...newsOn(date), ...newsOn(addDays(date, 1)), ...own],
        unknown: unknownNews(date, own),
        possible: possibleNews(date, own),
      }
    return known
  }

  /** Asked for every market with every fill and ten times a second, and another one a few times a day. */
  const readingOf = (today: Day, at: number, instrument?: InstrumentId): NewsReading => {
    const inForce = rules()
    const held = standings.get(instrument ?? 'all')
    if (held?.day === today && at >= held.from && at < held.to && isSame(held.rules, inForce)) return held.reading
    const edges = edgesOf(today.events, inForce)
    const reading = newsAt(today.events, inForce, at, instrument)
    const from = Math.max(Number.NEGATIVE_INFINITY, ...edges.filter((edge) => edge <= at))
    const to = Math.min(Number.POSITIVE_INFINITY, ...edges.filter((edge) => edge > at))
    standings.set(instrument ?? 'all', { day: today, rules: inForce, from, to, reading })
    return reading
  }

  return {
    /** The trader's own, in place of those before. */
    set: (events: readonly NewsEvent[]): void => {
      own = events
      known = undefined
    },
    /** Where an instant stands among what concerns every market. */
    read: (at: number): NonNullable<GateInputs['news']> => {
      const today = day(at)
      return { ...readingOf(today, at), unknown: today.unknown, possible: today.possible }
    },
    /** Whether a market has news of its own due or just out. */
    concerns: (instrument: InstrumentId, at: number): boolean =>
      readingOf(day(at), at, instrument).inside !== undefined,
  }
}
