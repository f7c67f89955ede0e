import { expect, test } from 'vitest'
import { axisSeconds } from './axis-seconds.ts'

const reads = (iso: string): string =>
  new Date(axisSeconds({ time: Date.parse(iso), tradeDate: '' }, '5m') * 1_000).toISOString().slice(0, 16)

test('the axis reads New York’s clock, in summer and in winter, and time goes on across the change', () => {
  expect(reads('2026-10-30T20:55Z')).toBe('2026-10-30T16:55')
  expect(reads('2026-11-01T23:00Z')).toBe('2026-11-01T18:00')
  expect(reads('2026-03-06T21:55Z')).toBe('2026-03-06T16:55')
  expect(reads('2026-03-08T22:00Z')).toBe('2026-03-08T18:00')
})

test('a day stands at its trade date, not at the evening before it', () => {
  const bar = { time: Date.parse('2026-11-19T23:00Z'), tradeDate: '2026-11-20' }
  expect(axisSeconds(bar, '1d')).toBe(Date.UTC(2026, 10, 20) / 1_000)
})
