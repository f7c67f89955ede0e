import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { sessionOf } from '../instruments/calendar.ts'
import { dayOf, easternAt } from '../instruments/zone.ts'
import { clockPrimes, edgeMarkers, fixedMarkers, parseMarkers, randomMarkers, sumMarkers } from './markers.ts'

const written = (markers: readonly number[]): readonly string[] =>
  markers.map((at) => new Date(at).toISOString().slice(0, 16))

test('fixed times are New York’s, those of the evening of the day before, and come in order', () => {
  expect(written(fixedMarkers([570, 1110])('2024-03-05'))).toEqual(['2024-03-04T23:30', '2024-03-05T14:30'])
  expect(written(fixedMarkers([570, 1110])('2024-03-12'))).toEqual(['2024-03-11T22:30', '2024-03-12T13:30'])
})

test('four-hour edges begin with the session, and none lies in the maintenance hour', () => {
  expect(written(edgeMarkers('equity', 240)('2024-03-05'))).toEqual([
    '2024-03-04T23:00',
    '2024-03-05T03:00',
    '2024-03-05T07:00',
    '2024-03-05T11:00',
    '2024-03-05T15:00',
    '2024-03-05T19:00',
  ])
  expect(written(edgeMarkers('equity', 1440)('2024-03-05'))).toEqual(['2024-03-04T23:00'])
  expect(edgeMarkers('equity', 5)('2024-03-05')).toHaveLength(276)
})

test('a date on which nothing settles has no markers, and a merged session those of each of its days', () => {
  expect(edgeMarkers('equity', 1440)('2023-11-23')).toEqual([])
  expect(written(edgeMarkers('equity', 1440)('2023-11-24'))).toEqual(['2023-11-22T23:00', '2023-11-23T23:00'])
})

test('the sums are the primes up to 23 + 59', () => {
  const isPrime = (n: number): boolean =>
    n > 1 && Array.from({ length: n - 2 }, (_, i) => i + 2).every((d) => n % d !== 0)
  expect(clockPrimes).toEqual(Array.from({ length: 83 }, (_, n) => n).filter(isPrime))
})

test('hour and minute sum to a prime', () => {
  const nine = sumMarkers('equity')('2024-03-05')
    .map(easternAt)
    .filter(({ minute }) => Math.floor(minute / 60) === 9)
  expect(nine.map(({ minute }) => minute % 60)).toEqual([2, 4, 8, 10, 14, 20, 22, 28, 32, 34, 38, 44, 50, 52, 58])
  expect(written(sumMarkers('equity', [11])('2024-03-05').slice(0, 3))).toEqual([
    '2024-03-05T05:11',
    '2024-03-05T06:10',
    '2024-03-05T07:09',
  ])
})

test('random markers lie in the session, each once, in order, and are the same at every asking', () => {
  const source = randomMarkers('equity', 6, (tradeDate) => createChance(dayOf(tradeDate)))
  const drawn = source('2024-03-05')
  const { open = 0, close = 0 } = sessionOf('equity', '2024-03-05') ?? {}
  expect(source('2024-03-06')).not.toEqual(drawn.map((at) => at + 86_400_000))
  expect(source('2024-03-05')).toEqual(drawn)
  expect(new Set(drawn).size).toBe(6)
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
  expect(drawn.every((at) => at >= open && at < close && at % 60_000 === 0)).toBe(true)
  expect(randomMarkers('equity', 5000, () => () => 0)('2024-03-05')).toHaveLength(1380)
})

test('every minute is as likely as any other', () => {
  const chance = createChance(5)
  const source = randomMarkers('equity', 138, () => chance)
  const open = sessionOf('equity', '2024-03-05')?.open ?? 0
  const quarters = [0, 0, 0, 0]
  for (let i = 0; i < 20; i++)
    for (const at of source('2024-03-05')) {
      const quarter = Math.floor((at - open) / (345 * 60_000))
      quarters[quarter] = (quarters[quarter] ?? 0) + 1
    }
  expect(quarters).toEqual([692, 697, 716, 655])
})

test('a file gives each trade date its own times', () => {
  const parsed = parseMarkers('# mine\n2024-03-05,18:30\r\n2024-03-05, 09:30\n\n2024-03-06,08:20\n')
  if (!parsed.ok) throw new Error(parsed.reason)
  expect(written(parsed.value('2024-03-05'))).toEqual(['2024-03-04T23:30', '2024-03-05T14:30'])
  expect(written(parsed.value('2024-03-06'))).toEqual(['2024-03-06T13:20'])
  expect(parsed.value('2024-03-07')).toEqual([])
})

test.each([
  ['2024-03-05', 'not-two-parts'],
  ['2024-03-05,09:30,more', 'not-two-parts'],
  ['2024-02-30,09:30', 'not-a-date'],
  ['5 March,09:30', 'not-a-date'],
  ['2024-03-05,24:00', 'not-a-time'],
  ['2024-03-05,9:30', 'not-a-time'],
  ['2024-03-04,08:00', 'not-ascending'],
  ['2024-03-05,18:30', 'not-ascending'],
])('a line "%s" is refused by its number: %s', (line, reason) => {
  expect(parseMarkers(`# header\n2024-03-05,08:00\n${line}\n`)).toEqual({ ok: false, line: 3, reason })
})
