import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { addDays, easternAt } from '#src/domain/instruments/zone.ts'
import type { GateInputs } from '#src/domain/risk/gate.ts'
import { type NewsEvent, type NewsRule, newsAt } from '#src/domain/risk/news.ts'
import { newsOn, unknownNews } from '#src/domain/risk/news-calendar.ts'

/** The day's releases, the calendar's and the trader's own, by the rules in force. */
export const createNewsDesk = (rules: () => readonly NewsRule[]) => {
  let own: readonly NewsEvent[] = []
  let known:
    | { readonly date: string; readonly events: readonly NewsEvent[]; readonly unknown: readonly string[] }
    | undefined

  /** Today's and tomorrow's, looked up once a day. */
  const day = (at: number) => {
    const { date } = easternAt(at)
    if (known?.date !== date)
      known = { date, events: [...newsOn(date), ...newsOn(addDays(date, 1))], unknown: unknownNews(date) }
    return known
  }

  return {
    /** The trader's own, in place of those before. */
    set: (events: readonly NewsEvent[]): void => {
      own = events
    },
    /** Where an instant stands among what concerns every market. */
    read: (at: number): NonNullable<GateInputs['news']> => {
      const { events, unknown } = day(at)
      return { ...newsAt([...events, ...own], rules(), at), unknown }
    },
    /** Whether a market has news of its own due or just out. */
    concerns: (instrument: InstrumentId, at: number): boolean =>
      newsAt([...day(at).events, ...own], rules(), at, instrument).inside !== undefined,
  }
}
