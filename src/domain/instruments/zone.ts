const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** An instant as a wall clock shows it. */
export type LocalTime = {
  /** YYYY-MM-DD */
  readonly date: string
  /** Minutes since midnight on the clock, 0–1439. */
  readonly minute: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** What the clock is ahead of UTC: -300 or -240 in New York. */
  readonly offsetMinutes: number
}

/** Days since 1970-01-01 of a date written YYYY-MM-DD. */
export const dayOf = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / dayMs

const written = new Map<number, string>()

/** The date of a day counted from 1970-01-01; written once per day, because bars ask for it by the million. */
export const dateOf = (day: number): string => {
  const known = written.get(day)
  if (known !== undefined) return known
  const date = new Date(day * dayMs).toISOString().slice(0, 10)
  written.set(day, date)
  return date
}

const weekdayOfDay = (day: number): number => (((day + 4) % 7) + 7) % 7

/** The date `n` days after (before, when negative) `date`. */
export const addDays = (date: string, n: number): string => dateOf(dayOf(date) + n)

/** Whether a text is a date of the calendar, written YYYY-MM-DD. */
export const isDate = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** The weekday of a date; 0 is Sunday. */
export const weekdayOf = (date: string): number => weekdayOfDay(dayOf(date))

/** Midnight UTC of the `nth` Sunday of a month (1–12), or of the last one with `nth` 0. */
const sundayMs = (year: number, month: number, nth: number): number => {
  const day = Date.UTC(year, nth === 0 ? month : month - 1, 1) / dayMs
  return (day + ((7 - weekdayOfDay(day)) % 7) + (nth - 1) * 7) * dayMs
}

type Summer = { readonly from: number; readonly to: number }

/** Second Sunday of March to first Sunday of November, 02:00 local: Energy Policy Act of 2005, in force since 2007. */
const easternSummer = (year: number): Summer => ({
  from: sundayMs(year, 3, 2) + 7 * hourMs,
  to: sundayMs(year, 11, 1) + 6 * hourMs,
})

/** Last Sunday of March to last Sunday of October, 01:00 UTC: Directive 2000/84/EC, kept by the United Kingdom. */
const londonSummer = (year: number): Summer => ({
  from: sundayMs(year, 3, 0) + hourMs,
  to: sundayMs(year, 10, 0) + hourMs,
})

/** How far a clock is ahead of UTC at an instant, in minutes. */
type Offset = (ms: number) => number

const withSummer = (standard: number, summerOf: (year: number) => Summer): Offset => {
  const summers = new Map<number, Summer>()
  return (ms) => {
    // The mean Gregorian year misses the true one only within a day of New Year, when no clock is on summer time.
    const year = 1970 + Math.floor(ms / 31_556_952_000)
    let summer = summers.get(year)
    if (summer === undefined) {
      summer = summerOf(year)
      summers.set(year, summer)
    }
    return ms >= summer.from && ms < summer.to ? standard + 60 : standard
  }
}

/** Minutes New York is ahead of UTC at an instant (epoch ms): -240 in summer, -300 otherwise. Valid from 2007. */
export const easternOffset: Offset = withSummer(-300, easternSummer)
const londonOffset: Offset = withSummer(0, londonSummer)
const tokyoOffset: Offset = () => 540

const clockOf =
  (offsetAt: Offset) =>
  (ms: number): LocalTime => {
    const offsetMinutes = offsetAt(ms)
    const local = ms + offsetMinutes * minuteMs
    const day = Math.floor(local / dayMs)
    const minute = Math.floor((local - day * dayMs) / minuteMs)
    return { date: dateOf(day), minute, weekday: weekdayOfDay(day), offsetMinutes }
  }

/** A clock time that happens twice means its first; one that a switch skips means as long after the switch. */
const instantOf = (offsetAt: Offset, standard: number) => (date: string, minute: number) => {
  const local = dayOf(date) * dayMs + minute * minuteMs
  const inSummer = local - (standard + 60) * minuteMs
  return offsetAt(inSummer) === standard ? local - standard * minuteMs : inSummer
}

/** New York's clock at an instant (epoch ms). Valid from 2007. */
export const easternAt = clockOf(easternOffset)

/** The epoch ms at which New York's clock shows `minute` minutes after midnight of `date`; valid from 2007. */
export const easternMs = instantOf(easternOffset, -300)

/** London's clock at an instant (epoch ms). */
export const londonAt = clockOf(londonOffset)

/** The epoch ms at which London's clock shows `minute` minutes after midnight of `date`. */
export const londonMs = instantOf(londonOffset, 0)

/** Tokyo's clock at an instant (epoch ms). */
export const tokyoAt = clockOf(tokyoOffset)

/** The epoch ms at which Tokyo's clock shows `minute` minutes after midnight of `date`. */
export const tokyoMs = instantOf(tokyoOffset, 540)
