import { addDays, dateOf, dayOf, weekdayOf } from './zone.ts'

/**
 * What is particular about a date. On a bank holiday the futures trade until a midday halt without settling;
 * on new-year, good-friday and christmas no contract settles; the rest are short days.
 */
type Holiday =
  | 'new-year'
  | 'bank-holiday'
  | 'good-friday'
  | 'independence-eve'
  | 'thanksgiving-friday'
  | 'christmas-eve'
  | 'christmas'

const sunday = 0
const monday = 1
const thursday = 4
const saturday = 6

const dateIn = (year: number, month: number, day: number): string => dateOf(Date.UTC(year, month - 1, day) / 86_400_000)

/** The `nth` given weekday of a month (1–12); `nth` 0 is the last one of the month before. */
export const nthWeekday = (year: number, month: number, weekday: number, nth: number): string => {
  const first = dateIn(year, month, 1)
  return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7)
}

/** Easter Sunday: the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
const easter = (year: number): string => {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return dateIn(year, Math.floor(n / 31), (n % 31) + 1)
}

/** A federal holiday on a Saturday is kept on the Friday before, on a Sunday on the Monday after. */
const observed = (date: string): string => {
  const weekday = weekdayOf(date)
  return addDays(date, weekday === saturday ? -1 : weekday === sunday ? 1 : 0)
}

/** The day before a holiday, kept short only from Monday to Thursday. */
const eve = (date: string, name: Holiday): readonly (readonly [string, Holiday])[] => {
  const before = addDays(date, -1)
  return weekdayOf(before) >= monday && weekdayOf(before) <= thursday ? [[before, name]] : []
}

const holidaysOf = (year: number): ReadonlyMap<string, Holiday> => {
  const newYear = dateIn(year, 1, 1)
  const independence = dateIn(year, 7, 4)
  const thanksgiving = nthWeekday(year, 11, thursday, 4)
  const christmas = dateIn(year, 12, 25)
  return new Map<string, Holiday>([
    // On a Saturday it moves nowhere: 31 December trades in full.
    [weekdayOf(newYear) === sunday ? addDays(newYear, 1) : newYear, 'new-year'],
    [nthWeekday(year, 1, monday, 3), 'bank-holiday'],
    [nthWeekday(year, 2, monday, 3), 'bank-holiday'],
    [addDays(easter(year), -2), 'good-friday'],
    [nthWeekday(year, 6, monday, 0), 'bank-holiday'],
    ...(year >= 2022 ? [[observed(dateIn(year, 6, 19)), 'bank-holiday'] as const] : []),
    ...eve(independence, 'independence-eve'),
    [observed(independence), 'bank-holiday'],
    [nthWeekday(year, 9, monday, 1), 'bank-holiday'],
    [thanksgiving, 'bank-holiday'],
    [addDays(thanksgiving, 1), 'thanksgiving-friday'],
    ...eve(christmas, 'christmas-eve'),
    [observed(christmas), 'christmas'],
  ])
}

const years = new Map<number, ReadonlyMap<string, Holiday>>()

/** What is particular about a date by the exchange's standing rules, valid from 2009; most days have nothing. */
export const holidayOn = (date: string): Holiday | undefined => {
  const year = Number(date.slice(0, 4))
  let known = years.get(year)
  if (known === undefined) {
    known = holidaysOf(year)
    years.set(year, known)
  }
  return known.get(date)
}

const settlesNothing: readonly (Holiday | undefined)[] = ['new-year', 'bank-holiday', 'good-friday', 'christmas']

/** Whether a date counts as a business day in a contract's terms; short days do. */
export const isBusinessDay = (date: string): boolean => {
  const weekday = weekdayOf(date)
  return weekday !== sunday && weekday !== saturday && !settlesNothing.includes(holidayOn(date))
}

/** The date `n` business days after (before, when negative) `date`, which itself is not counted. */
export const addBusinessDays = (date: string, n: number): string => {
  let day = dayOf(date)
  for (let left = Math.abs(n); left > 0; ) {
    day += Math.sign(n)
    if (isBusinessDay(dateOf(day))) left--
  }
  return dateOf(day)
}
