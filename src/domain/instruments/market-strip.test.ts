import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stripAt } from './market-strip.ts'
import { easternMs, londonMs, tokyoMs } from './zone.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const open = (ms: number): string[] => stripAt(ms).venues.flatMap(({ venue, open }) => (open ? [venue] : []))

test('London and New York overlap for two hours of the morning', () => {
  expect(stripAt(at('2026-11-20', 10))).toEqual({
    venues: [
      { venue: 'Tokyo', open: false, changesAt: tokyoMs('2026-11-23', 540) },
      { venue: 'London', open: true, changesAt: londonMs('2026-11-20', 990) },
      { venue: 'New York', open: true, changesAt: at('2026-11-20', 16) },
    ],
    overlap: true,
    futures: 'open',
    futuresChangesAt: at('2026-11-20', 17),
  })
})

test('Tokyo opens in the evening and closes later since November 2024', () => {
  expect(open(at('2026-11-19', 20))).toEqual(['Tokyo'])
  expect(stripAt(tokyoMs('2024-11-01', 899)).venues[0]?.changesAt).toBe(tokyoMs('2024-11-01', 900))
  expect(stripAt(tokyoMs('2024-11-05', 899)).venues[0]?.changesAt).toBe(tokyoMs('2024-11-05', 930))
})

test('New York keeps its holidays and closes at one on the eves', () => {
  expect(open(at('2026-11-26', 10))).toEqual(['London'])
  expect(open(at('2026-04-03', 9, 45))).toEqual(['London'])
  expect(stripAt(at('2026-11-27', 10)).venues[2]?.changesAt).toBe(at('2026-11-27', 13))
})

test('the daily break is maintenance, a weekend and a holiday halt are closed', () => {
  const futures = (ms: number) => stripAt(ms).futures
  expect(futures(at('2026-11-19', 17, 30))).toBe('maintenance')
  expect(futures(at('2026-11-20', 17, 30))).toBe('closed')
  expect(futures(at('2026-11-22', 17, 30))).toBe('closed')
  expect(futures(at('2026-11-26', 17, 30))).toBe('closed')
  expect(futures(at('2020-11-19', 16, 20))).toBe('maintenance')
})

test('every change the strip announces happens then and not before', () => {
  const instants = fc.integer({ min: Date.UTC(2009, 0, 5), max: Date.UTC(2028, 11, 1) })
  fc.assert(
    fc.property(instants, (ms) => {
      stripAt(ms).venues.forEach(({ open, changesAt }, i) => {
        expect(changesAt).toBeGreaterThan(ms)
        expect(stripAt(changesAt - 1).venues[i]?.open).toBe(open)
        expect(stripAt(changesAt).venues[i]?.open).toBe(!open)
      })
    }),
  )
})
