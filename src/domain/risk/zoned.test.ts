import { expect, test } from 'vitest'
import { exchangeDateAt, instantOn, lastInstant, minuteOfDay, nextInstant, zoneNames } from './zoned.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const at = (text: string): number => Date.parse(text)

test.each([
  ['America/New_York', '17:00', '2026-11-20', '2026-11-20T22:00:00.000Z'],
  ['America/New_York', '17:00', '2026-07-14', '2026-07-14T21:00:00.000Z'],
  ['America/Chicago', '15:10', '2026-11-20', '2026-11-20T21:10:00.000Z'],
  ['America/Chicago', '17:00', '2026-07-14', '2026-07-14T22:00:00.000Z'],
  ['Europe/Prague', '00:00', '2026-11-20', '2026-11-19T23:00:00.000Z'],
  ['Europe/Prague', '00:00', '2026-07-14', '2026-07-13T22:00:00.000Z'],
  ['Europe/London', '08:00', '2026-07-14', '2026-07-14T07:00:00.000Z'],
  ['Asia/Tokyo', '09:00', '2026-07-14', '2026-07-14T00:00:00.000Z'],
])('%s shows %s on %s at %s', (zone, time, date, expected) => {
  expect(iso(instantOn(date, { zone, time }))).toBe(expected)
})

test.each([
  [
    'the evening Chicago is an hour short',
    'America/Chicago',
    '17:00',
    '2027-03-14T05:30:00Z',
    '2027-03-14T22:00:00.000Z',
  ],
  [
    'the hour in which only New York has switched',
    'America/Chicago',
    '17:00',
    '2027-03-14T07:30:00Z',
    '2027-03-14T22:00:00.000Z',
  ],
  ['the day Chicago is an hour long', 'America/Chicago', '17:00', '2026-10-31T22:30:00Z', '2026-11-01T23:00:00.000Z'],
  ['the night Prague goes forward', 'Europe/Prague', '00:00', '2027-03-27T23:30:00Z', '2027-03-28T22:00:00.000Z'],
  ['the night Prague goes back', 'Europe/Prague', '00:00', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00.000Z'],
  ['late in Chicago’s evening', 'America/Chicago', '23:30', '2026-11-20T05:15:00Z', '2026-11-20T05:30:00.000Z'],
  ['early in Prague’s night', 'Europe/Prague', '00:30', '2026-11-19T23:15:00Z', '2026-11-19T23:30:00.000Z'],
  ['the very instant is past', 'America/New_York', '17:00', '2026-11-20T22:00:00Z', '2026-11-21T22:00:00.000Z'],
])('the next one: %s', (_, zone, time, from, expected) => {
  expect(iso(nextInstant({ zone, time }, at(from)))).toBe(expected)
})

test.each(zoneNames)(
  'at any hour of three years the next 17:00 in %s is 17:00 there, none is left out, and the last is the one before',
  (zone) => {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'short' })
    let next = nextInstant({ zone, time: '17:00' }, at('2026-01-01T00:00:00Z'))
    for (let ms = at('2026-01-01T00:00:00Z'); ms < at('2029-01-01T00:00:00Z'); ms += 5 * 3_600_000) {
      const found = nextInstant({ zone, time: '17:00' }, ms)
      if (found === next) continue
      expect(ms).toBeGreaterThanOrEqual(next)
      expect(found - next).toBeLessThanOrEqual(25 * 3_600_000)
      expect(clock.format(found)).toBe('17:00')
      expect([found, found - 1].map((instant) => lastInstant({ zone, time: '17:00' }, instant))).toEqual([found, next])
      next = found
    }
  },
)

test('an exchange day begins at 18:00 in New York', () => {
  expect([at('2026-11-20T22:59:59Z'), at('2026-11-20T23:00:00Z')].map(exchangeDateAt)).toEqual([
    '2026-11-20',
    '2026-11-21',
  ])
})

test('a time of day has two digits each and exists', () => {
  expect(['00:00', '23:59', '24:00', '9:00', '09:60', ''].map(minuteOfDay)).toEqual([
    0,
    1439,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(() => instantOn('2026-11-20', { zone: 'Mars/Olympus', time: '10:00' })).toThrow(RangeError)
})
