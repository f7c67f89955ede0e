import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MarketGroup } from './instrument.ts'
import { stripAt } from './market-strip.ts'
import { easternMs, londonMs, tokyoMs } from './zone.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const groups = ['equity', 'metals', 'energy'] as const
const open = (ms: number): string[] => stripAt(ms, groups).venues.flatMap(({ venue, open }) => (open ? [venue] : []))

test('London and New York overlap for two hours of the morning', () => {
  expect(stripAt(at('2026-11-20', 10), groups)).toEqual({
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
  expect(stripAt(tokyoMs('2024-11-01', 899), groups).venues[0]?.changesAt).toBe(tokyoMs('2024-11-01', 900))
  expect(stripAt(tokyoMs('2024-11-05', 899), groups).venues[0]?.changesAt).toBe(tokyoMs('2024-11-05', 930))
})

test('New York keeps its holidays and closes at one on the eves', () => {
  expect(open(at('2026-11-26', 10))).toEqual(['London'])
  expect(open(at('2026-04-03', 9, 45))).toEqual(['London'])
  expect(stripAt(at('2026-11-27', 10), groups).venues[2]?.changesAt).toBe(at('2026-11-27', 13))
})

test('the daily break is maintenance, a weekend and a holiday halt are closed', () => {
  const futures = (ms: number) => stripAt(ms, groups).futures
  expect(futures(at('2026-11-19', 17, 30))).toBe('maintenance')
  expect(futures(at('2026-11-20', 17, 30))).toBe('closed')
  expect(futures(at('2026-11-22', 17, 30))).toBe('closed')
  expect(futures(at('2026-11-26', 17, 30))).toBe('closed')
  expect(stripAt(at('2020-11-19', 16, 20), ['equity']).futures).toBe('maintenance')
  expect(futures(at('2020-11-19', 16, 20))).toBe('open')
})

test('the futures are open till the last watched market closes', () => {
  const told = (of: readonly MarketGroup[], hour: number, minute: number) => {
    const { futures, futuresChangesAt } = stripAt(at('2026-11-26', hour, minute), of)
    return [futures, futuresChangesAt]
  }
  expect(told(groups, 12, 59)).toEqual(['open', at('2026-11-26', 14, 30)])
  expect(told(groups, 13, 30)).toEqual(['open', at('2026-11-26', 14, 30)])
  expect(told(groups, 14, 30)).toEqual(['closed', at('2026-11-26', 18)])
  expect(told(['equity'], 13, 30)).toEqual(['closed', at('2026-11-26', 18)])
})

test('every change the strip announces happens then and not before', () => {
  const instants = fc.integer({ min: Date.UTC(2009, 0, 5), max: Date.UTC(2028, 11, 1) })
  fc.assert(
    fc.property(instants, (ms) => {
      const strip = stripAt(ms, groups)
      const opens = (at: number): boolean => stripAt(at, groups).futures === 'open'
      expect(strip.futuresChangesAt).toBeGreaterThan(ms)
      expect(opens(strip.futuresChangesAt - 1)).toBe(strip.futures === 'open')
      expect(opens(strip.futuresChangesAt)).toBe(strip.futures !== 'open')
      strip.venues.forEach(({ open, changesAt }, i) => {
        expect(changesAt).toBeGreaterThan(ms)
        expect(stripAt(changesAt - 1, groups).venues[i]?.open).toBe(open)
        expect(stripAt(changesAt, groups).venues[i]?.open).toBe(!open)
      })
    }),
  )
})
