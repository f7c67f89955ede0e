import { expect, test } from 'vitest'
import { dateOfBar } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { type Bar, minuteMs, type Timeframe } from '../market/bar.ts'
import type { Chart, ChartBar } from './chart.ts'
import { chartOf } from './chart-of.ts'
import { beginsEarlier, hearMinutes, hearTail, type LiveChart, newestBars } from './live-chart.ts'

const nine = Date.UTC(2026, 10, 20, 14)
const at = (minute: number): number => nine + minute * minuteMs
const bar = (minute: number, close: number, volume = 10): Bar => ({
  time: at(minute),
  open: 100,
  high: Math.max(100, close),
  low: Math.min(100, close),
  close,
  volume,
})
const told = (timeframe: Timeframe, ...minutes: readonly Bar[]): Chart =>
  chartOf(
    specOf('MES'),
    timeframe,
    minutes.map((each) => ({ bar: each, tradeDate: dateOfBar('equity', each.time) })),
  )
const live = (timeframe: Timeframe, ...minutes: readonly Bar[]): LiveChart => ({
  timeframe,
  told: told(timeframe, ...minutes),
  heard: [],
})
const shape = (bars: readonly ChartBar[]): unknown =>
  bars.map(({ time, high, low, close, volume, closed }) => [(time - nine) / minuteMs, high, low, close, volume, closed])

test('the growing minute is joined to the bar it belongs to, as it stands now and not as it stood before', () => {
  const before = live('5m', bar(0, 101), bar(1, 102))
  const first = hearMinutes(before, [bar(2, 105)])
  const second = hearMinutes(first, [bar(2, 98, 12)])
  expect(shape(newestBars(first))).toEqual([[0, 105, 100, 105, 30, false]])
  expect(shape(newestBars(second))).toEqual([[0, 102, 98, 98, 32, false]])
})

test('a minute after the bar’s time begins the next one, and one that closed meanwhile is not lost', () => {
  const next = hearMinutes(live('5m', bar(0, 101), bar(4, 102)), [bar(5, 103), bar(6, 104)])
  expect(shape(newestBars(next))).toEqual([
    [0, 102, 100, 102, 20, true],
    [5, 104, 100, 104, 20, false],
  ])
})

test('what the server tells replaces what was heard, and never the other way round', () => {
  const heard = hearMinutes(live('1m', bar(0, 101)), [bar(1, 150), bar(2, 102)])
  const tail = told('1m', bar(0, 101), bar(1, 103))
  const after = hearTail(heard, { ...tail, bars: tail.bars.slice(1) })
  expect(shape(after.told.bars)).toEqual([
    [0, 101, 100, 101, 10, true],
    [1, 103, 100, 103, 10, true],
  ])
  expect(shape(newestBars(after))).toEqual([
    [1, 103, 100, 103, 10, true],
    [2, 102, 100, 102, 10, false],
  ])
  expect(hearMinutes(after, [bar(1, 150)]).heard).toEqual([bar(2, 102)])
})

test('an answer older than one taken before changes nothing', () => {
  const now = live('1m', bar(0, 101), bar(1, 102))
  expect(hearTail(now, told('1m', bar(0, 90)))).toBe(now)
})

test('a chart followed for hours holds no more bars than it was told with', () => {
  const first = live('1m', ...Array.from({ length: 2_000 }, (_, i) => bar(i, 101)))
  const tail = told('1m', bar(1_999, 101), bar(2_000, 102))
  const after = hearTail(first, tail).told.bars
  expect(after).toHaveLength(2_000)
  expect(shape([after[0] as ChartBar, after.at(-1) as ChartBar])).toEqual([
    [1, 101, 100, 101, 10, true],
    [2_000, 102, 100, 102, 10, true],
  ])
})

test('history that came in front of the chart is noticed, and a window that moved on is none', () => {
  const held = live('1m', bar(1, 101), bar(2, 102))
  expect(beginsEarlier(told('1m', bar(0, 100), bar(1, 101)), held)).toBe(true)
  expect(beginsEarlier(told('1m', bar(2, 100)), held)).toBe(false)
})

test('a growing bar is a spike as soon as its volume is one', () => {
  const quiet = live('1m', ...Array.from({ length: 20 }, (_, i) => bar(i, 101)))
  expect(newestBars(hearMinutes(quiet, [bar(20, 102, 18)])).at(-1)?.tone).toBe('up')
  expect(newestBars(hearMinutes(quiet, [bar(20, 99, 19)])).at(-1)?.tone).toBe('spike')
})

test('a day is begun by the server alone', () => {
  const friday = live('1d', bar(0, 101))
  expect(newestBars(hearMinutes(friday, [bar(3 * 1440, 102)]))).toHaveLength(1)
  expect(shape(newestBars(hearMinutes(friday, [bar(60, 105)])))).toMatchObject([[-900, 105, 100, 105, 20, false]])
})

test('before the server told anything nothing of a day is shown, and a minute begins its own bar', () => {
  expect(newestBars(hearMinutes(live('1d'), [bar(3, 101)]))).toEqual([])
  expect(shape(newestBars(hearMinutes(live('5m'), [bar(3, 101)])))).toEqual([[0, 101, 100, 101, 10, false]])
})
