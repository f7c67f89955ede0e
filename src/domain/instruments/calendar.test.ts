import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dateOfBar,
  isOpen,
  lastCloseAt,
  nextChangeAt,
  nextTradeDate,
  previousTradeDate,
  sessionAt,
  sessionOf,
  tradeDateAt,
} from './calendar.ts'
import type { MarketGroup } from './instrument.ts'
import { addDays, easternMs } from './zone.ts'

const groups: readonly MarketGroup[] = ['equity', 'metals', 'energy']
const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)

test('a trade date runs from the evening before to the afternoon', () => {
  expect(sessionOf('metals', '2026-11-20')).toEqual({
    tradeDate: '2026-11-20',
    segments: [{ open: at('2026-11-19', 18), close: at('2026-11-20', 17) }],
    open: at('2026-11-19', 18),
    close: at('2026-11-20', 17),
    kind: 'normal',
  })
})

test('a holiday on a Monday counts to Tuesday', () => {
  expect(sessionOf('equity', '2026-09-07')).toBe(undefined)
  expect(sessionOf('equity', '2026-09-08')).toEqual({
    tradeDate: '2026-09-08',
    segments: [
      { open: at('2026-09-06', 18), close: at('2026-09-07', 13) },
      { open: at('2026-09-07', 18), close: at('2026-09-08', 17) },
    ],
    open: at('2026-09-06', 18),
    close: at('2026-09-08', 17),
    kind: 'merged',
  })
  expect(tradeDateAt('equity', at('2026-09-07', 15))).toBe('2026-09-08')
  expect(isOpen('equity', at('2026-09-07', 15))).toBe(false)
})

test('a holiday on a Friday counts to Monday, across the weekend', () => {
  expect(sessionOf('metals', '2026-07-06')?.segments).toEqual([
    { open: at('2026-07-02', 18), close: at('2026-07-03', 13) },
    { open: at('2026-07-05', 18), close: at('2026-07-06', 17) },
  ])
  expect(tradeDateAt('metals', at('2026-07-02', 17, 30))).toBe('2026-07-06')
})

test('Christmas is shut, and the evening opens the next day', () => {
  expect(sessionOf('energy', '2025-12-25')).toBe(undefined)
  expect(sessionOf('energy', '2025-12-24')?.kind).toBe('early-close')
  expect(nextChangeAt('energy', at('2025-12-24', 13, 45))).toBe(at('2025-12-25', 18))
  expect(sessionOf('energy', '2025-12-26')?.kind).toBe('normal')
})

test('the last close of a weekend is Friday’s, of an evening that day’s, of a holiday its own', () => {
  expect(lastCloseAt('equity', at('2026-11-21', 10))).toBe(at('2026-11-20', 17))
  expect(lastCloseAt('equity', at('2026-11-20', 17))).toBe(at('2026-11-20', 17))
  expect(lastCloseAt('equity', at('2026-11-20', 17) - 1)).toBe(at('2026-11-19', 17))
  expect(lastCloseAt('equity', at('2026-11-26', 13, 30))).toBe(at('2026-11-26', 13))
  expect(lastCloseAt('equity', at('2026-09-07', 19))).toBe(at('2026-09-07', 13))
})

test('a Good Friday with a jobs report trades in equity alone', () => {
  expect(sessionOf('equity', '2026-04-03')?.close).toBe(at('2026-04-03', 9, 15))
  expect(sessionOf('metals', '2026-04-03')).toBe(undefined)
  expect(sessionOf('equity', '2025-04-18')).toBe(undefined)
})

test('storm and mourning cut equity short while metals trade on', () => {
  expect(sessionOf('equity', '2012-10-30')?.close).toBe(at('2012-10-30', 9, 15))
  expect(sessionOf('equity', '2025-01-09')?.close).toBe(at('2025-01-09', 9, 30))
  expect(sessionOf('metals', '2025-01-09')?.kind).toBe('normal')
})

test('while closed the trade date is the one that opens next', () => {
  expect(tradeDateAt('metals', at('2026-11-20', 16, 59))).toBe('2026-11-20')
  expect(tradeDateAt('metals', at('2026-11-20', 17))).toBe('2026-11-23')
  expect(tradeDateAt('metals', at('2026-11-22', 12))).toBe('2026-11-23')
  expect(sessionAt('metals', at('2026-11-22', 12))).toBe(undefined)
})

test('the regular close moved from 17:30 over 17:15 to 17:00, and equity paused until June 2021', () => {
  const equity = (date: string) => sessionOf('equity', date)?.segments
  expect(equity('2012-11-15')?.at(-1)).toEqual({ open: at('2012-11-15', 16, 30), close: at('2012-11-15', 17, 30) })
  expect(equity('2012-11-16')).toEqual([{ open: at('2012-11-15', 18), close: at('2012-11-16', 16, 15) }])
  expect(equity('2012-11-19')?.at(-1)).toEqual({ open: at('2012-11-19', 16, 30), close: at('2012-11-19', 17, 15) })
  expect(sessionOf('metals', '2015-09-18')?.close).toBe(at('2015-09-18', 17, 15))
  expect(sessionOf('metals', '2015-09-21')?.close).toBe(at('2015-09-21', 17))
  expect(equity('2021-06-25')?.[0]?.close).toBe(at('2021-06-25', 16, 15))
  expect(equity('2021-06-28')).toEqual([{ open: at('2021-06-27', 18), close: at('2021-06-28', 17) }])
})

test('a late print stays with its day, an evening or holiday print goes to the next', () => {
  expect(dateOfBar('equity', at('2026-11-20', 17, 10))).toBe('2026-11-20')
  expect(dateOfBar('equity', at('2026-11-19', 18))).toBe('2026-11-20')
  expect(dateOfBar('equity', at('2026-11-26', 13, 5))).toBe('2026-11-27')
})

test('what is no date is thrown out', () => {
  expect(() => sessionOf('equity', 'soon')).toThrow(RangeError)
})

test('trade dates are counted over weekends and holidays', () => {
  expect(nextTradeDate('equity', '2026-11-25')).toBe('2026-11-27')
  expect(previousTradeDate('equity', '2026-11-27')).toBe('2026-11-25')
  expect(nextTradeDate('equity', '2026-11-28')).toBe('2026-11-30')
})

test('sessions follow one another and their segments never touch, 2009–2028', () => {
  for (const group of groups) {
    let end = 0
    for (let date = '2009-01-05'; date < '2029-01-01'; date = nextTradeDate(group, date)) {
      for (const { open, close } of sessionOf(group, date)?.segments ?? []) {
        expect(open).toBeGreaterThan(end)
        expect(close).toBeGreaterThan(open)
        end = close
      }
    }
  }
})

test('every instant belongs to one trade date and the next change is the first', () => {
  const instants = fc.integer({ min: Date.UTC(2009, 0, 5), max: Date.UTC(2028, 11, 1) })
  fc.assert(
    fc.property(fc.constantFrom(...groups), instants, (group, ms) => {
      const session = sessionOf(group, tradeDateAt(group, ms))
      const owners = [-1, 0, 1, 2, 3, 4, 5]
        .map((n) => sessionOf(group, addDays(tradeDateAt(group, ms), n)))
        .filter((it) => it?.segments.some(({ open, close }) => ms >= open && ms < close))
      expect(owners).toEqual(isOpen(group, ms) ? [session] : [])
      expect(ms).toBeLessThan(session?.close ?? 0)
      const change = nextChangeAt(group, ms)
      expect(isOpen(group, change - 1)).toBe(isOpen(group, ms))
      expect(isOpen(group, change)).toBe(!isOpen(group, ms))
    }),
  )
})
