import { sessionOf } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import { addDays, easternMs, easternOffset, isDate } from '../instruments/zone.ts'
import { minuteMs } from '../market/bar.ts'
import { minuteOfDay } from '../risk/zoned.ts'

/** The instants (epoch ms, ascending) of a trade date at which a time block is taken up; the same at every asking. */
export type MarkerSource = (tradeDate: string) => readonly number[]

const evening = 18 * 60

/** The instant New York's clock shows `minute` minutes after midnight within a trade date: from 18:00 on, the evening before. */
const instantWithin = (tradeDate: string, minute: number): number =>
  minute >= evening ? easternMs(addDays(tradeDate, -1), minute) : easternMs(tradeDate, minute)

/** Clock times in minutes after midnight, New York, on every trade date; those from 18:00 on are of the evening before. */
export const fixedMarkers =
  (minutes: readonly number[]): MarkerSource =>
  (tradeDate) =>
    minutes.map((minute) => instantWithin(tradeDate, minute)).sort((a, b) => a - b)

/** Every minute of a trade date's session, epoch ms, that a rule about New York's clock picks. */
const minutesWhere =
  (group: MarketGroup, picks: (minuteOfDay: number) => boolean): MarkerSource =>
  (tradeDate) => {
    const markers: number[] = []
    for (const { open, close } of sessionOf(group, tradeDate)?.segments ?? []) {
      // Clocks change on a Sunday before the market opens, never while it trades.
      const first = open / minuteMs + easternOffset(open)
      for (let at = open; at < close; at += minuteMs)
        if (picks((first + (at - open) / minuteMs) % 1440)) markers.push(at)
    }
    return markers
  }

/** The primes hour + minute can sum to: 23 + 59 is 82. */
export const clockPrimes: readonly number[] = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79,
]

/** Every minute of the session at which hour + minute on New York's clock is one of the sums; by default any prime. */
export const sumMarkers = (group: MarketGroup, sums: readonly number[] = clockPrimes): MarkerSource => {
  const picked = new Set(sums)
  return minutesWhere(group, (minute) => picked.has(Math.floor(minute / 60) + (minute % 60)))
}

/** The edges of blocks so many minutes long, a part of a day, the first from 18:00 New York; 1440 gives the day's own. */
export const edgeMarkers =
  (group: MarketGroup, blockMinutes: number): MarkerSource =>
  (tradeDate) => {
    const markers: number[] = []
    for (const { open, close } of sessionOf(group, tradeDate)?.segments ?? []) {
      const into = (open / minuteMs + easternOffset(open) - evening) % blockMinutes
      const first = into === 0 ? open : open + (blockMinutes - into) * minuteMs
      for (let at = first; at < close; at += blockMinutes * minuteMs) markers.push(at)
    }
    return markers
  }

/**
 * The control of every other source: `count` minutes of each session's open time, any as likely as any other, none twice.
 * `chanceOn` gives the chance of a trade date, in [0, 1); the same at every asking.
 */
export const randomMarkers = (
  group: MarketGroup,
  count: number,
  chanceOn: (tradeDate: string) => () => number,
): MarkerSource => {
  const every = minutesWhere(group, () => true)
  return (tradeDate) => {
    const random = chanceOn(tradeDate)
    const left = [...every(tradeDate)]
    const drawn = Array.from({ length: Math.min(count, left.length) }, () => {
      const [at = 0] = left.splice(Math.floor(random() * left.length), 1)
      return at
    })
    return drawn.sort((a, b) => a - b)
  }
}

/** Why a line of marker times is refused. */
type MarkerRefusal = 'not-two-parts' | 'not-a-date' | 'not-a-time' | 'not-ascending'

export type ParsedMarkers =
  | { readonly ok: true; readonly value: MarkerSource }
  | { readonly ok: false; readonly line: number; readonly reason: MarkerRefusal }

type Marker = { readonly tradeDate: string; readonly at: number }

const parseLine = (line: string, last: number): Marker | MarkerRefusal => {
  const [tradeDate = '', time = '', ...more] = line.split(',').map((part) => part.trim())
  if (time === '' || more.length > 0) return 'not-two-parts'
  if (!isDate(tradeDate)) return 'not-a-date'
  const minute = minuteOfDay(time)
  if (minute === undefined) return 'not-a-time'
  const at = instantWithin(tradeDate, minute)
  return at > last ? { tradeDate, at } : 'not-ascending'
}

/**
 * Reads marker times, one a line: `2026-11-24,08:30`, a trade date and New York's clock; from 18:00 on the evening before.
 * Empty lines and those that begin with # are passed over; the first bad line is named, from 1.
 */
export const parseMarkers = (text: string): ParsedMarkers => {
  const markers = new Map<string, number[]>()
  let last = Number.NEGATIVE_INFINITY
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const parsed = parseLine(line, last)
    if (typeof parsed === 'string') return { ok: false, line: i + 1, reason: parsed }
    last = parsed.at
    markers.set(parsed.tradeDate, [...(markers.get(parsed.tradeDate) ?? []), parsed.at])
  }
  return { ok: true, value: (tradeDate) => markers.get(tradeDate) ?? [] }
}
