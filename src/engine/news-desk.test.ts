import { expect, test } from 'vitest'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { createNewsDesk } from './news-desk.ts'

const five = { minutesBefore: 5, minutesAfter: 5 }
const wednesday = (hour: number, minute: number): number => easternMs('2026-12-16', hour * 60 + minute)

test('crude inventories close crude oil alone', () => {
  const news = createNewsDesk(() => [five])
  expect(news.concerns('MCL', wednesday(10, 30))).toBe(true)
  expect(news.concerns('MCL', wednesday(10, 36))).toBe(false)
  expect(news.concerns('MES', wednesday(10, 30))).toBe(false)
  expect(news.read(wednesday(10, 30)).inside).toBeUndefined()
})

test('what the trader wrote down counts beside the calendar', () => {
  const news = createNewsDesk(() => [five])
  news.set([{ name: 'a speech', at: wednesday(9, 0), source: 'your news file', concerns: 'all' }])
  expect(news.read(wednesday(8, 56)).inside?.event.name).toBe('a speech')
  expect(news.read(wednesday(8, 54)).inside).toBeUndefined()
})

test('a reading stands until a window begins or ends, a rule changes, or the trader writes', () => {
  let rule = five
  const news = createNewsDesk(() => [rule])
  const speech = { name: 'a speech', at: wednesday(9, 0), source: 'your news file', concerns: 'all' } as const
  news.set([speech])
  const insideAt = (at: number): string | undefined => news.read(at).inside?.event.name
  const [begins, ends] = [wednesday(8, 55), wednesday(9, 5)]
  expect([begins - 1, begins, ends - 1, ends, begins - 1].map(insideAt)).toEqual([
    undefined,
    'a speech',
    'a speech',
    undefined,
    undefined,
  ])
  rule = { minutesBefore: 10, minutesAfter: 5 }
  expect(insideAt(begins - 1)).toBe('a speech')
  news.set([])
  expect(insideAt(begins - 1)).toBeUndefined()
})

test('what the calendar does not know is said', () => {
  expect(createNewsDesk(() => [five]).read(wednesday(9, 0)).unknown).toContain('GDP and PCE dates are not known')
})

test('what may come out today is said until the trader writes its date down', () => {
  const news = createNewsDesk(() => [five])
  const thursday = easternMs('2026-11-12', 600)
  expect(news.read(thursday).possible).toEqual(['CPI date'])
  news.set([{ name: 'CPI', at: easternMs('2026-11-13', 510), source: 'your news file', concerns: 'all' }])
  expect(news.read(thursday).possible).toEqual([])
})
