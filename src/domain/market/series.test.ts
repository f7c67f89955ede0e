import { expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { barAt, createBarSeries, sliceColumns, toColumns } from './series.ts'

const bars = barsOf([
  [10, 12, 9, 11, 5],
  [11, 13, 10, 12, 6],
  [12, 14, 11, 13, 7],
])
const [first, second, third] = bars

test('bars survive the way into columns and back', () => {
  const columns = toColumns(bars)
  expect([...columns.time]).toEqual([0, 60_000, 120_000])
  expect([...columns.close]).toEqual([11, 12, 13])
  expect([0, 1, 2].map((i) => barAt(columns, i))).toEqual(bars)
})

test('beyond either end there is no bar', () => {
  const columns = toColumns(bars)
  for (const index of [-1, 3, Number.NaN]) expect(() => barAt(columns, index)).toThrow(RangeError)
})

test('a slice is a view: nothing is copied', () => {
  const columns = toColumns(bars)
  const slice = sliceColumns(columns, 1)
  expect([...slice.open]).toEqual([11, 12])
  expect([...sliceColumns(columns, 1, 2).open]).toEqual([11])
  columns.open[1] = 99
  expect(barAt(slice, 0)).toEqual({ ...second, open: 99 })
})

test('a series grows beyond its capacity and keeps every bar', () => {
  const series = createBarSeries(1)
  for (const bar of bars) series.push(bar)
  expect(series.length).toBe(3)
  expect([series.at(0), series.at(1), series.at(2)]).toEqual([first, second, third])
  expect([...series.columns().volume]).toEqual([5, 6, 7])
  expect(() => series.at(3)).toThrow(RangeError)
})

test('a bar that is not later than the last one is refused and changes nothing', () => {
  const series = createBarSeries()
  for (const bar of bars) series.push(bar)
  for (const bar of bars) expect(() => series.push(bar)).toThrow('bars must ascend in time')
  expect(series.length).toBe(3)
})
