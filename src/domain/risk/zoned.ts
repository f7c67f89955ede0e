import { addDays, easternAt, easternMs, londonAt, londonMs, tokyoAt, tokyoMs } from '../instruments/zone.ts'
import type { ZonedTime } from './firm-rules.ts'

const hourMs = 3_600_000

type WallClock = {
  /** The date (yyyy-mm-dd) the clock shows at an instant (epoch ms), or the one before. */
  readonly dateAt: (ms: number) => string
  /** The instant at which it shows `minute` minutes after midnight of `date`. */
  readonly instantOf: (date: string, minute: number) => number
}

/**
 * The clocks firms and news are told in. Chicago switches at its own 02:00, so whatever New York shows Chicago shows an
 * hour later; Prague switches at the same instant as London and is an hour ahead all year.
 */
const clocks: Readonly<Record<string, WallClock>> = {
  'America/New_York': { dateAt: (ms) => easternAt(ms).date, instantOf: easternMs },
  'America/Chicago': {
    dateAt: (ms) => easternAt(ms - hourMs).date,
    instantOf: (date, minute) => easternMs(date, minute) + hourMs,
  },
  'Europe/London': { dateAt: (ms) => londonAt(ms).date, instantOf: londonMs },
  'Europe/Prague': {
    dateAt: (ms) => londonAt(ms).date,
    instantOf: (date, minute) => londonMs(date, minute - 60),
  },
  'Asia/Tokyo': { dateAt: (ms) => tokyoAt(ms).date, instantOf: tokyoMs },
}

/** The zones a rule may be written in. */
export const zoneNames: readonly string[] = Object.keys(clocks)

const clockOf = (zone: string): WallClock => {
  const clock = clocks[zone]
  if (clock === undefined) throw new RangeError(`no clock for ${zone}`)
  return clock
}

/** Minutes after midnight of a time of day written '17:00'; undefined when it is none. */
export const minuteOfDay = (time: string): number | undefined => {
  const [, hours = '', minutes = ''] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  return hours === '' ? undefined : Number(hours) * 60 + Number(minutes)
}

/** The instant (epoch ms) of a time of day on a date; throws RangeError on an unknown zone or a text that is no time. */
export const instantOn = (date: string, { zone, time }: ZonedTime): number => {
  const minute = minuteOfDay(time)
  if (minute === undefined) throw new RangeError(`no time of day: ${time}`)
  return clockOf(zone).instantOf(date, minute)
}

/** The next instant (epoch ms) after `ms` at which a clock shows a time of day, its switches of summer time included. */
export const nextInstant = (zoned: ZonedTime, ms: number): number => {
  // Dates are counted, not spans of 24 hours: the night a clock goes forward, those skip a date.
  for (let date = clockOf(zoned.zone).dateAt(ms); ; date = addDays(date, 1)) {
    const at = instantOn(date, zoned)
    if (at > ms) return at
  }
}

/** The last instant (epoch ms) up to `ms` at which a clock showed a time of day, its switches of summer time included. */
export const lastInstant = (zoned: ZonedTime, ms: number): number => {
  for (let date = addDays(clockOf(zoned.zone).dateAt(ms), 1); ; date = addDays(date, -1)) {
    const at = instantOn(date, zoned)
    if (at <= ms) return at
  }
}

/** New York's exchange day, 18:00 to 18:00, by its date. */
export const exchangeDateAt = (ms: number): string => {
  const { date, minute } = easternAt(ms)
  return minute < 18 * 60 ? date : addDays(date, 1)
}
