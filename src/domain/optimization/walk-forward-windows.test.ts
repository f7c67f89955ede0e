import { expect, test } from 'vitest'
import { addDays, weekdayOf } from '../instruments/zone.ts'
import {
  datesNeeded,
  foldsOf,
  newestTraining,
  parseWindows,
  usualWindows,
  windowsFor,
  writeWindows,
} from './walk-forward-windows.ts'

/** The weekdays of a stretch of days, both ends included. */
const weekdays = (from: string, to: string): readonly string[] => {
  const dates: string[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) if (weekdayOf(date) % 6 !== 0) dates.push(date)
  return dates
}

const shown = (dates: readonly string[], windows = usualWindows): readonly string[] =>
  foldsOf(dates, windows).map(
    ({ train, test: tried }) =>
      `${dates[train.from]}…${dates[train.to - 1]} | ${dates[tried.from]}…${dates[tried.to - 1]}`,
  )

test('folds are laid from the newest date backwards', () => {
  expect(shown(weekdays('2026-01-15', '2026-10-30'))).toEqual([
    '2026-02-02…2026-07-30 | 2026-07-31…2026-08-28',
    '2026-03-02…2026-08-28 | 2026-08-31…2026-09-29',
    '2026-03-31…2026-09-29 | 2026-09-30…2026-10-30',
  ])
})

test('a year that begins on a trade date gives six folds', () => {
  expect(foldsOf(weekdays('2025-11-24', '2026-11-20'), usualWindows).length).toBe(6)
})

test('months moved by more or less than they are tried on', () => {
  const dates = weekdays('2026-01-15', '2026-10-30')
  expect(shown(dates, { train: 3, test: 1, step: 3 }).length).toBe(2)
  expect(shown(dates, { train: 6, test: 2, step: 1 })).toEqual([
    '2026-02-02…2026-07-30 | 2026-07-31…2026-09-29',
    '2026-03-02…2026-08-28 | 2026-08-31…2026-10-30',
  ])
})

test('a hole in the history leaves out the fold that has nothing to try', () => {
  const dates = weekdays('2026-01-15', '2026-10-30').filter((date) => date < '2026-08-20' || date > '2026-10-05')
  expect(shown(dates)).toEqual([
    '2026-02-02…2026-07-30 | 2026-07-31…2026-08-19',
    '2026-03-31…2026-08-19 | 2026-10-06…2026-10-30',
  ])
})

test('what the next date is played with was learned on the newest months', () => {
  const dates = weekdays('2026-01-15', '2026-10-30')
  const { from, to } = newestTraining(dates, usualWindows)
  expect([dates[from], dates[to - 1]]).toEqual(['2026-04-30', '2026-10-30'])
})

test('a short history says how many dates it takes and is offered shorter windows', () => {
  const dates = weekdays('2026-08-03', '2026-10-30')
  expect([dates.length, foldsOf(dates, usualWindows).length, datesNeeded(dates, usualWindows)]).toEqual([65, 0, 154])
  expect(windowsFor(dates)).toEqual({ train: 1.5, test: 0.25, step: 0.25, shortened: true })
  expect(windowsFor(weekdays('2026-01-15', '2026-10-30'))).toEqual({ ...usualWindows, shortened: false })
  expect(windowsFor(weekdays('2026-06-01', '2026-10-30'))).toEqual({ train: 3, test: 0.5, step: 0.5, shortened: true })
  expect(windowsFor(weekdays('2026-10-01', '2026-10-30'))).toBeUndefined()
  expect(windowsFor([])).toBeUndefined()
  expect(datesNeeded([], usualWindows)).toBe(147)
})

test('windows asked for are taken where one fold fits, else shortened in their proportion', () => {
  const dates = weekdays('2026-06-01', '2026-10-30')
  expect(windowsFor(dates, { train: 3, test: 1, step: 0.5 })).toEqual({
    train: 3,
    test: 1,
    step: 0.5,
    shortened: false,
  })
  expect(windowsFor(dates, { train: 9, test: 3, step: 3 })).toEqual({
    train: 1.5,
    test: 0.5,
    step: 0.5,
    shortened: true,
  })
  expect(windowsFor(dates, { train: 12, test: 0.25, step: 0.25 })).toBeUndefined()
})

test('windows are written and read alike, and what is none is refused', () => {
  expect(writeWindows(usualWindows)).toBe('6/1/1')
  expect(['6/1/1', '1.5/0.25/0.25', '14/ 1 /14'].map(parseWindows)).toEqual([
    usualWindows,
    { train: 1.5, test: 0.25, step: 0.25 },
    { train: 14, test: 1, step: 14 },
  ])
  const wrong = ['', '6', '6/1', '6/1/1/1', '6/1/0', '6/1/-1', '6/1/1.1', '15/1/1', '6/1/', '6/1/x', '6/1/1e0']
  expect(wrong.map(parseWindows)).toEqual(wrong.map(() => undefined))
})
