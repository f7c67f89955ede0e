import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultBoundaries, phaseAt } from './phase.ts'
import { easternMs } from './zone.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const phase = (ms: number) => phaseAt(ms, defaultBoundaries)

test('a trade date runs through the four phases', () => {
  expect(phase(at('2026-11-20', 0))).toEqual({
    phase: 'PRE-MARKET',
    endsAt: at('2026-11-20', 5),
    next: 'ACTIVE',
  })
  expect(phase(at('2026-11-20', 5))).toEqual({ phase: 'ACTIVE', endsAt: at('2026-11-20', 10), next: 'WIND DOWN' })
  expect(phase(at('2026-11-20', 11, 59))).toEqual({
    phase: 'WIND DOWN',
    endsAt: at('2026-11-20', 12),
    next: 'OFF-HOURS',
  })
  expect(phase(at('2026-11-19', 12))).toEqual({
    phase: 'OFF-HOURS',
    endsAt: at('2026-11-20', 0),
    next: 'PRE-MARKET',
  })
})

test('a weekend is off-hours until Monday, over a clock switch too', () => {
  expect(phase(at('2026-10-30', 12)).endsAt).toBe(Date.UTC(2026, 10, 2, 5))
  expect(phase(at('2026-11-01', 8))).toEqual({
    phase: 'OFF-HOURS',
    endsAt: Date.UTC(2026, 10, 2, 5),
    next: 'PRE-MARKET',
  })
})

test('a holiday without a trade date is off-hours, a Good Friday on which equity settles is not', () => {
  expect(phase(at('2026-11-26', 8))).toEqual({ phase: 'OFF-HOURS', endsAt: at('2026-11-27', 0), next: 'PRE-MARKET' })
  expect(phase(at('2025-04-18', 8)).phase).toBe('OFF-HOURS')
  expect(phase(at('2026-04-03', 8)).phase).toBe('ACTIVE')
})

test('a pre-market that starts later leaves the night off-hours', () => {
  const late = { preMarket: 120, active: 300, windDown: 600, flatBy: 720 }
  expect(phaseAt(at('2026-11-20', 1), late)).toEqual({
    phase: 'OFF-HOURS',
    endsAt: at('2026-11-20', 2),
    next: 'PRE-MARKET',
  })
})

test('a phase lasts to its end, where the announced one begins', () => {
  const instants = fc.integer({ min: Date.UTC(2009, 0, 5), max: Date.UTC(2028, 11, 1) })
  fc.assert(
    fc.property(instants, (ms) => {
      const now = phase(ms)
      expect(now.endsAt).toBeGreaterThan(ms)
      expect(phase(now.endsAt - 1)).toEqual(now)
      expect(phase(now.endsAt).phase).toBe(now.next)
    }),
  )
})
