import { nthWeekday } from '../instruments/holidays.ts'
import { addDays, dateOf, dayOf, easternAt, easternMs, weekdayOf } from '../instruments/zone.ts'
import type { NewsEvent } from './news.ts'

const monday = 1
const wednesday = 3
const thursday = 4
const saturday = 6

/**
 * Days on which the policy statement comes out, 14:00. Federal Reserve press releases of 2024-08-09 (2025, 2026) and
 * 2025-09-05 (2027, January 2028); the Committee calls each of them tentative. Nothing later is published.
 */
const decisions = [
  '2026-01-28',
  '2026-03-18',
  '2026-04-29',
  '2026-06-17',
  '2026-07-29',
  '2026-09-16',
  '2026-10-28',
  '2026-12-09',
  '2027-01-27',
  '2027-03-17',
  '2027-04-28',
  '2027-06-09',
  '2027-07-28',
  '2027-09-15',
  '2027-10-27',
  '2027-12-08',
  '2028-01-26',
]

/** Days of the consumer price index, 08:30, as public calendars agree on them; the bureau's own list is at bls.gov. */
const consumerPrices = ['2026-10-14', '2026-12-10']

const dateIn = (year: number, month: number, day: number): string => dateOf(Date.UTC(year, month - 1, day) / 86_400_000)

/** A holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after. */
const observed = (date: string): string => addDays(date, { [saturday]: -1, 0: 1 }[weekdayOf(date)] ?? 0)

const federalHolidays = (year: number): readonly string[] => [
  observed(dateIn(year, 1, 1)),
  nthWeekday(year, 1, monday, 3),
  nthWeekday(year, 2, monday, 3),
  nthWeekday(year, 6, monday, 0),
  observed(dateIn(year, 6, 19)),
  observed(dateIn(year, 7, 4)),
  nthWeekday(year, 9, monday, 1),
  nthWeekday(year, 10, monday, 2),
  observed(dateIn(year, 11, 11)),
  nthWeekday(year, 11, thursday, 4),
  observed(dateIn(year, 12, 25)),
]

const yearOf = (date: string): number => Number(date.slice(0, 4))

const holidays = new Map<number, ReadonlySet<string>>()

/** Whether the government's offices are shut: 5 U.S.C. 6103, more days than the exchange keeps. */
const isFederalHoliday = (date: string): boolean => {
  const year = yearOf(date)
  const known = holidays.get(year) ?? new Set(federalHolidays(year))
  holidays.set(year, known)
  return known.has(date)
}

/** A workday of the ISM: not a federal holiday, and not 2 January, on which it never publishes. */
const isIsmDay = (date: string): boolean =>
  weekdayOf(date) !== 0 && weekdayOf(date) !== saturday && !isFederalHoliday(date) && !date.endsWith('-01-02')

const ismDay = (date: string): number => {
  let count = 0
  for (let day = dayOf(`${date.slice(0, 8)}01`); day <= dayOf(date); day++) if (isIsmDay(dateOf(day))) count++
  return isIsmDay(date) ? count : 0
}

/**
 * The jobs report of the month before: the third Friday after the week (Sunday to Saturday) that holds its 12th, says the
 * Bureau of Labor Statistics. On a holiday it comes the Thursday before; in the first three days of January a week later.
 */
const jobsDay = (year: number, month: number): string => {
  const twelfth = month === 1 ? dateIn(year - 1, 12, 12) : dateIn(year, month - 1, 12)
  const third = addDays(twelfth, saturday - weekdayOf(twelfth) + 20)
  if (month === 1 && third <= dateIn(year, 1, 3)) return addDays(third, 7)
  return isFederalHoliday(third) ? addDays(third, -1) : third
}

/** Initial claims come on Thursday, the day before when that is a holiday. */
const isClaimsDay = (date: string): boolean =>
  weekdayOf(date) === thursday
    ? !isFederalHoliday(date)
    : weekdayOf(date) === wednesday && isFederalHoliday(addDays(date, 1))

/** Whether a holiday from Monday to Wednesday delays that week's petroleum report to Thursday. */
const isOilDelayed = (thatWednesday: string): boolean =>
  [-2, -1, 0].some((days) => isFederalHoliday(addDays(thatWednesday, days)))

const oilMinute = (date: string): number | undefined => {
  if (weekdayOf(date) === wednesday && !isOilDelayed(date)) return 10 * 60 + 30
  return weekdayOf(date) === thursday && isOilDelayed(addDays(date, -1)) ? 11 * 60 : undefined
}

const halfPastEight = 8 * 60 + 30
const tenOClock = 10 * 60
const twoOClock = 14 * 60
const byRule = 'by rule'

type Rule = (date: string) => (Omit<NewsEvent, 'at'> & { readonly minute: number }) | undefined

const when =
  (name: string, minute: number, source: string, falls: (date: string) => boolean): Rule =>
  (date) =>
    falls(date) ? { name, minute, source, concerns: 'all' } : undefined

const isJobsDay = (date: string): boolean => jobsDay(yearOf(date), Number(date.slice(5, 7))) === date

const rules: readonly Rule[] = [
  when('FOMC', twoOClock, 'federalreserve.gov, tentative', (date) => decisions.includes(date)),
  when('FOMC minutes', twoOClock, `${byRule}: three weeks after the decision`, (date) =>
    decisions.includes(addDays(date, -21)),
  ),
  when('NFP', halfPastEight, `${byRule}: third Friday after the week of the 12th`, isJobsDay),
  when('CPI', halfPastEight, 'public calendars; check with bls.gov', (date) => consumerPrices.includes(date)),
  when('Initial claims', halfPastEight, `${byRule}: Thursday`, isClaimsDay),
  when('ISM manufacturing', tenOClock, `${byRule}: first business day`, (date) => ismDay(date) === 1),
  when('ISM services', tenOClock, `${byRule}: third business day`, (date) => ismDay(date) === 3),
  (date) => {
    const minute = oilMinute(date)
    return minute === undefined
      ? undefined
      : { name: 'EIA crude', minute, source: `${byRule}: Wednesday, Thursday after a holiday`, concerns: ['energy'] }
  },
]

const firstYear = 2026
const lastYear = 2028
const isUnchecked = (date: string): boolean => yearOf(date) < firstYear || yearOf(date) > lastYear

const eventsOn = (date: string): readonly NewsEvent[] =>
  rules
    .flatMap((rule) => rule(date) ?? [])
    .map(({ minute, ...event }) => ({ ...event, at: easternMs(date, minute) }))
    .toSorted((a, b) => a.at - b.at)

/** A search asks for the same dates with every trial. */
const asked = new Map<string, readonly NewsEvent[]>()

/** The regular US events of a date (yyyy-mm-dd) in order of time; none outside 2026–2028, for which nothing was checked. */
export const newsOn = (date: string): readonly NewsEvent[] => {
  if (isUnchecked(date)) return []
  const events = asked.get(date) ?? eventsOn(date)
  asked.set(date, events)
  return events
}

const isConsumerPrices = (name: string): boolean => /\bcpi\b/i.test(name)

/** The consumer price index comes out between the 10th and the 15th, on a workday of the government. */
const mayBeConsumerPrices = (date: string): boolean =>
  date.slice(8) >= '10' && date.slice(8) <= '15' && ![0, saturday].includes(weekdayOf(date)) && !isFederalHoliday(date)

/** Whether the calendar or the trader's own news say when the consumer price index of a month (yyyy-mm) comes out. */
const knowsConsumerPrices = (month: string, own: readonly NewsEvent[]): boolean => {
  const ownDays = own.filter(({ name }) => isConsumerPrices(name)).map(({ at }) => easternAt(at).date)
  return [...consumerPrices, ...ownDays].some((day) => day.startsWith(month))
}

/** What neither this calendar nor the trader's own news know of a date, in words. */
export const unknownNews = (date: string, own: readonly NewsEvent[] = []): readonly string[] => {
  if (isUnchecked(date)) return [`events of ${yearOf(date)} are not known`]
  const month = date.slice(0, 7)
  const decisionsEnd = decisions.at(-1)?.slice(0, 7) ?? ''
  return [
    ...(month > decisionsEnd ? [`FOMC dates after ${decisionsEnd} are not published`] : []),
    ...(knowsConsumerPrices(month, own) ? [] : [`the CPI date of ${month} is not known`]),
    'GDP and PCE dates are not known',
  ]
}

/** What may come out on the very date (yyyy-mm-dd) without this calendar or the trader's own news knowing it, in words. */
export const possibleNews = (date: string, own: readonly NewsEvent[]): readonly string[] => {
  if (isUnchecked(date)) return [`news of ${yearOf(date)}`]
  return mayBeConsumerPrices(date) && !knowsConsumerPrices(date.slice(0, 7), own) ? ['CPI date'] : []
}
