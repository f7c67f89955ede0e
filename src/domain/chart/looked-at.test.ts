import { expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { Bar, Timeframe } from '../market/bar.ts'
import { chartOf } from './chart-of.ts'
import { lookAt } from './looked-at.ts'

/** Friday's last minutes before the weekend and Sunday's first after it, New York. */
const friday = Date.UTC(2026, 10, 20, 21, 56)
const sunday = Date.UTC(2026, 10, 22, 23)
const minute = (time: number, tradeDate: string) => ({
  bar: { time, open: 100, high: 100, low: 100, close: 100, volume: 1 } satisfies Bar,
  tradeDate,
})
const minutes = [
  ...[0, 1, 2, 3].map((n) => minute(friday + n * 60_000, '2026-11-20')),
  ...[0, 1, 2, 3, 4, 5].map((n) => minute(sunday + n * 60_000, '2026-11-23')),
]
const look = (timeframe: Timeframe, at: number): unknown => {
  const found = lookAt(chartOf(specOf('MES'), timeframe, minutes), timeframe, 'equity', at)
  return 'bar' in found ? [found.kind, found.bar.time] : [found.kind]
}

test('an instant is held by the bar that had begun and was not over', () => {
  expect(look('1m', friday + 119_999)).toEqual(['held', friday + 60_000])
  expect(look('5m', friday + 120_000)).toEqual(['held', friday - 60_000])
  expect(look('5m', sunday + 300_000)).toEqual(['held', sunday + 300_000])
})

test('where no bar holds it, the one before is found', () => {
  expect(look('1m', friday + 240_000)).toEqual(['between', friday + 180_000])
  expect(look('15m', sunday - 1)).toEqual(['between', Date.UTC(2026, 10, 20, 21, 45)])
})

test('a day holds its whole trade date, and the weekend is no part of Friday', () => {
  const open = Date.UTC(2026, 10, 19, 23)
  expect(look('1d', friday + 60_000)).toEqual(['held', open])
  expect(look('1d', sunday - 86_400_000)).toEqual(['between', open])
  expect(look('1d', sunday)).toEqual(['held', sunday])
})

test('before the oldest bar and from the end of the newest minute on there is none', () => {
  expect(look('1m', friday - 1)).toEqual(['older'])
  expect(look('1m', sunday + 360_000)).toEqual(['later'])
  expect(look('1d', sunday + 360_000)).toEqual(['later'])
  expect(lookAt({ bars: [], through: 0 }, '1m', 'equity', friday)).toEqual({ kind: 'nothing' })
})
