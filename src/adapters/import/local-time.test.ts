import { expect, test } from 'vitest'
import { isZone, parseTime } from './local-time.ts'

const at = (text: string, zone?: string): string => {
  const parsed = parseTime(text, zone)
  return parsed.ok ? new Date(parsed.at).toISOString() : parsed.reason
}

test.each([
  ['2013-10-07T13:30:00Z', undefined, '2013-10-07T13:30:00.000Z'],
  ['2013-10-07 13:30', 'UTC', '2013-10-07T13:30:00.000Z'],
  ['2013-10-07T09:30:00-04:00', undefined, '2013-10-07T13:30:00.000Z'],
  ['2013-10-07T19:00:00.000+0530', undefined, '2013-10-07T13:30:00.000Z'],
  ['2013-10-07 09:30:00', 'America/New_York', '2013-10-07T13:30:00.000Z'],
  ['20131007 083000', 'America/Chicago', '2013-10-07T13:30:00.000Z'],
  ['20131207 083000', 'America/Chicago', '2013-12-07T14:30:00.000Z'],
  ['1381152600', undefined, '2013-10-07T13:30:00.000Z'],
  ['1381152600000', undefined, '2013-10-07T13:30:00.000Z'],
])('%s in %s is %s', (text, zone, instant) => {
  expect(at(text, zone)).toBe(instant)
})

test('an offset in the text is worth more than the zone told', () => {
  expect(at('2013-10-07T13:30:00Z', 'Asia/Tokyo')).toBe('2013-10-07T13:30:00.000Z')
})

test('a local time without a zone is refused', () => {
  expect(at('2013-10-07 09:30')).toBe('no-zone')
})

test.each([
  '',
  'noon',
  '10/07/2013 09:30',
  '2013-13-07 09:30',
  '2013-02-30 09:30',
  '2013-10-07 24:00',
  '2013-10-07 09:60',
  '12345',
])('"%s" cannot be read', (text) => {
  expect(at(text, 'America/New_York')).toBe('unparsable-time')
})

test('a clock that goes back shows an hour twice, which is refused', () => {
  expect(at('2013-11-03 01:30', 'America/New_York')).toBe('ambiguous-time')
  expect(at('2013-11-03 00:59', 'America/New_York')).toBe('2013-11-03T04:59:00.000Z')
  expect(at('2013-11-03 02:00', 'America/New_York')).toBe('2013-11-03T07:00:00.000Z')
})

test('a clock that goes forward skips an hour, which is refused', () => {
  expect(at('2013-03-10 02:30', 'America/New_York')).toBe('unparsable-time')
  expect(at('2013-03-10 03:00', 'America/New_York')).toBe('2013-03-10T07:00:00.000Z')
})

test('only zones the machine knows are zones', () => {
  expect(['America/New_York', 'UTC', 'New York', ''].map(isZone)).toEqual([true, true, false, false])
})
