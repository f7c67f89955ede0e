import { expect, test } from 'vitest'
import { nextTradeDate } from '../instruments/calendar.ts'
import { easternMs } from '../instruments/zone.ts'
import type { FlowBar } from './minute-flow.ts'
import { keepVolumes, relativeVolume } from './relative-volume.ts'

const equity = relativeVolume('equity')
const tenOClock = 600

const at = (tradeDate: string, minute: number, volume: number): FlowBar => ({
  bar: { time: easternMs(tradeDate, minute), open: 1, high: 1, low: 1, close: 1, volume },
  tradeDate,
})
const datesFrom = (first: string, count: number): readonly string[] => {
  const dates = [first]
  while (dates.length < count) dates.push(nextTradeDate('equity', dates.at(-1) as string))
  return dates
}
const read = (inputs: readonly FlowBar[]): number => equity.value(inputs.reduce(equity.step, equity.initial))
/** One bar at ten on each date, with these volumes. */
const days = (first: string, ...volumes: number[]): FlowBar[] =>
  datesFrom(first, volumes.length).map((date, i) => at(date, tenOClock, volumes[i] ?? 0))

const ten = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]

test('weighs a minute against the mean of the same minute on ten trade dates', () => {
  expect(read(days('2013-09-09', ...ten, 110))).toBe(2)
})

test('is unknown before ten trade dates are complete', () => {
  expect(read(days('2013-09-09', ...ten.slice(1), 110))).toBeNaN()
})

test('forgets the eleventh', () => {
  expect(read(days('2013-09-09', 1e6, ...ten, 110))).toBe(2)
})

test('does not weigh the day against itself', () => {
  const inputs = days('2013-09-09', ...ten, 110)
  expect(read([...inputs, at('2013-09-23', tenOClock + 1, 5)])).toBeNaN()
})

test('another minute of the day does not count', () => {
  const inputs = days('2013-09-09', ...ten, 110)
  expect(read(inputs.flatMap((each) => [each, at(each.tradeDate, tenOClock + 1, 7)]))).toBe(1)
})

test('a minute without a bar counts as none traded', () => {
  const inputs = days('2013-09-09', ...ten, 110)
  inputs[9] = at('2013-09-20', 900, 5)
  expect(read(inputs)).toBeCloseTo(110 / 45, 12)
})

test('a minute nobody ever traded in has no usual volume', () => {
  const inputs = days('2013-09-09', ...ten, 110)
  expect(read([...inputs, at('2013-09-23', 700, 5)])).toBeNaN()
})

test('a minute of the first date before its first bar is not known, and does not count', () => {
  const dates = datesFrom('2013-09-09', 11)
  const inputs = dates.map((date, i) => (i === 0 ? at(date, 660, 5) : at(date, tenOClock, 30)))
  expect(read(inputs)).toBe(1)
})

test('a minute after an early close does not count', () => {
  // The market shut at 13:15 on 2013-11-29, so at 15:00 nine dates are left.
  const dates = datesFrom('2013-11-22', 11)
  expect(dates).toContain('2013-11-29')
  expect(read(dates.map((date) => (date === '2013-11-29' ? at(date, 600, 30) : at(date, 900, 30))))).toBe(1)
})

test('the minute is New York’s, also when its clocks change', () => {
  const inputs = days('2013-10-28', ...ten, 110)
  const hours = inputs.map(({ bar }) => new Date(bar.time).getUTCHours())
  expect(new Set(hours)).toEqual(new Set([14, 15]))
  expect(read(inputs)).toBe(2)
})

test('a state kept stands still while the other goes on', () => {
  const inputs = days('2013-09-09', ...ten)
  const state = inputs.reduce(equity.step, equity.initial)
  const kept = keepVolumes(state)
  equity.step(state, at('2013-09-20', tenOClock, 1e6))
  expect(equity.value(equity.step(kept, at('2013-09-23', tenOClock, 110)))).toBe(2)
})
