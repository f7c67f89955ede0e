import { contractSpecs } from '../instruments/contract-spec.ts'
import type { InstrumentId, MarketGroup } from '../instruments/instrument.ts'

/** A release. `at` epoch ms; `source` says whether it is listed or follows a rule. */
export type NewsEvent = {
  readonly name: string
  readonly at: number
  readonly source: string
  /** Markets it concerns: all, or groups and single markets. */
  readonly concerns: 'all' | readonly (MarketGroup | InstrumentId)[]
}

/** Minutes around an event in which nothing is entered; `events` names those that count, absent all of them. */
export type NewsRule = {
  readonly minutesBefore: number
  readonly minutesAfter: number
  readonly events?: readonly string[]
}

/** An event with the time around it, [from, until) in epoch ms. */
export type NewsWindow = { readonly event: NewsEvent; readonly from: number; readonly until: number }

/** Where an instant stands: inside a window (the one that ends last), and the next to come. */
export type NewsReading = { readonly inside?: NewsWindow; readonly next?: NewsWindow }

const minuteMs = 60_000

/** Whether an event moves a market. */
export const concerns = ({ concerns: markets }: NewsEvent, instrument: InstrumentId): boolean =>
  markets === 'all' || markets.some((one) => one === instrument || one === contractSpecs[instrument].group)

const windowsOf = (events: readonly NewsEvent[], rule: NewsRule): readonly NewsWindow[] =>
  events
    .filter(({ name }) => rule.events?.includes(name) ?? true)
    .map((event) => ({
      event,
      from: event.at - rule.minutesBefore * minuteMs,
      until: event.at + rule.minutesAfter * minuteMs,
    }))

/**
 * The time around events by the trader's rule and those of the firms, together. With `instrument` only of what concerns that
 * market; without, only of what concerns every market, as one market's news closes no other.
 */
export const newsWindows = (
  events: readonly NewsEvent[],
  rules: readonly NewsRule[],
  instrument?: InstrumentId,
): readonly NewsWindow[] => {
  const counted = events.filter((event) =>
    instrument === undefined ? event.concerns === 'all' : concerns(event, instrument),
  )
  return rules.flatMap((rule) => windowsOf(counted, rule))
}

/** The news at an instant, by the windows of these rules. */
export const newsAt = (
  events: readonly NewsEvent[],
  rules: readonly NewsRule[],
  at: number,
  instrument?: InstrumentId,
): NewsReading => {
  const windows = newsWindows(events, rules, instrument)
  const inside = windows.filter(({ from, until }) => at >= from && at < until).toSorted((a, b) => b.until - a.until)[0]
  const next = windows.filter(({ from }) => from > at).toSorted((a, b) => a.from - b.from)[0]
  return { ...(inside && { inside }), ...(next && { next }) }
}
