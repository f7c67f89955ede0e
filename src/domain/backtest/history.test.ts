import { expect, test } from 'vitest'
import { barsOf, randomBars } from '#src/testing/bars.ts'
import { dateOfBar } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { easternAt } from '../instruments/zone.ts'
import { toColumns } from '../market/series.ts'
import { historyOf, sharedColumn } from './history.ts'

const spec = specOf('MES')

test('bars are laid out in ticks, by trade date and by the minute of the New York day', () => {
  // Tuesday 2024-01-16: the last minute before the close at 17:00 in New York, the first of the evening, and midnight.
  const at = [Date.UTC(2024, 0, 16, 21, 59), Date.UTC(2024, 0, 16, 23), Date.UTC(2024, 0, 17, 5)]
  const bars = barsOf([
    [4800, 4800.5, 4799.75, 4800.25],
    [4801, 4802, 4800, 4801],
    [4810, 4810, 4810, 4810],
  ]).map((bar, i) => ({ ...bar, time: at[i] ?? 0 }))
  const history = historyOf(spec, toColumns(bars))
  expect([...history.ticks.open]).toEqual([19_200, 19_204, 19_240])
  expect([...history.ticks.high]).toEqual([19_202, 19_208, 19_240])
  expect([...history.ticks.low]).toEqual([19_199, 19_200, 19_240])
  expect([...history.ticks.close]).toEqual([19_201, 19_204, 19_240])
  expect([...history.minute]).toEqual([1_019, 1_080, 0])
  expect(history.dates).toEqual(['2024-01-16', '2024-01-17'])
  expect([...history.date]).toEqual([0, 1, 1])
  expect([...history.firstOf]).toEqual([0, 1, 3])
})

test('every bar of half a year has the date and the minute the calendar gives it, also when clocks change', () => {
  const bars = randomBars(7, 2_000, Date.UTC(2024, 1, 20)).map((bar, i) => ({
    ...bar,
    time: Date.UTC(2024, 1, 20) + i * 97 * 60_000,
  }))
  const history = historyOf(spec, toColumns(bars))
  const asked = bars.map(({ time }) => [dateOfBar(spec.group, time), easternAt(time).minute])
  expect(bars.map((_, i) => [history.dates[history.date[i] ?? -1], history.minute[i]])).toEqual(asked)
})

test('the columns may lie in memory that threads share', () => {
  const { columns, ticks, firstOf } = historyOf(spec, toColumns(randomBars(1, 10)), sharedColumn)
  for (const column of [...Object.values(columns), ...Object.values(ticks), firstOf])
    expect(column.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('no bars make an empty history', () => {
  const history = historyOf(spec, toColumns([]))
  expect([history.dates, [...history.firstOf], history.minute.length]).toEqual([[], [0], 0])
})
