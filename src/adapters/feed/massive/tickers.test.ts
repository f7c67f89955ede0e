import { expect, test } from 'vitest'
import { parseTicker, toTicker } from './tickers.ts'

test('a contract is written with its root, month letter and last digit of the year', () => {
  expect(toTicker({ id: 'MGC', year: 2026, month: 12 })).toBe('MGCZ6')
  expect(toTicker({ id: 'M2K', year: 2030, month: 3 })).toBe('M2KH0')
})

test('the year is the one closest to the year at hand', () => {
  expect(parseTicker('MGCZ6', 2026)).toEqual({ id: 'MGC', year: 2026, month: 12 })
  expect(parseTicker('ESH0', 2029)).toEqual({ id: 'ES', year: 2030, month: 3 })
  expect(parseTicker('ESZ9', 2030)).toEqual({ id: 'ES', year: 2029, month: 12 })
})

test('spreads, foreign markets and other spellings are refused', () => {
  for (const text of ['NQH7-NQM7', '00CN5', 'ESZ24', 'MGC Z6', 'MGC 12-26', 'MGCA6', 'MGC', 'Z6', '', 'mgcz6'])
    expect(parseTicker(text, 2026)).toBeUndefined()
})
