import { expect, test } from 'vitest'
import { addDays, easternAt, easternMs, londonAt, londonMs, tokyoAt, tokyoMs, weekdayOf } from './zone.ts'

const clocks = [
  { name: 'America/New_York', at: easternAt, msOf: easternMs },
  { name: 'Europe/London', at: londonAt, msOf: londonMs },
  { name: 'Asia/Tokyo', at: tokyoAt, msOf: tokyoMs },
] as const
const hour = 3_600_000

/** What the platform's own time zone database says, as `YYYY-MM-DD HH:mm`. */
const platform = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return (ms: number): string => format.format(ms)
}
const shown = ({ date, minute }: { date: string; minute: number }): string =>
  `${date} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

test.each(clocks)('$name agrees with the platform every hour of two weeks around every switch, 2007–2028', (clock) => {
  const expected = platform(clock.name)
  const wrong: string[] = []
  for (let year = 2007; year <= 2028; year++) {
    for (const [month, day] of [
      [2, 7],
      [2, 24],
      [9, 24],
      [10, 1],
      [11, 28],
    ] as const) {
      const from = Date.UTC(year, month, day)
      for (let ms = from; ms < from + 14 * 24 * hour; ms += hour) {
        if (shown(clock.at(ms)) !== expected(ms)) wrong.push(`${shown(clock.at(ms))} is ${expected(ms)}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test.each(clocks)(
  '$name turns a clock time back into the instant it came from, except in the doubled hour',
  (clock) => {
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += hour) {
      const { date, minute } = clock.at(ms)
      expect([ms, ms - hour]).toContain(clock.msOf(date, minute))
    }
  },
)

test('the hour a switch skips is read as long after it, the hour it doubles as its first', () => {
  expect(easternMs('2026-03-08', 150)).toBe(Date.UTC(2026, 2, 8, 7, 30))
  expect(easternMs('2026-11-01', 90)).toBe(Date.UTC(2026, 10, 1, 5, 30))
  expect(londonMs('2026-03-29', 90)).toBe(Date.UTC(2026, 2, 29, 1, 30))
  expect(londonMs('2026-10-25', 90)).toBe(Date.UTC(2026, 9, 25, 0, 30))
})

test('a clock says its weekday and how far it is from UTC', () => {
  expect(easternAt(Date.UTC(2026, 10, 20, 14, 30))).toEqual({
    date: '2026-11-20',
    minute: 570,
    weekday: 5,
    offsetMinutes: -300,
  })
  expect(tokyoAt(Date.UTC(2026, 10, 20, 20))).toEqual({
    date: '2026-11-21',
    minute: 300,
    weekday: 6,
    offsetMinutes: 540,
  })
})

test('days are counted across months, years and leap days', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  expect(weekdayOf('2026-11-20')).toBe(5)
})
