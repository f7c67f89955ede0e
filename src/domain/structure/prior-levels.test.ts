import { expect, test } from 'vitest'
import { easternMs } from '../instruments/zone.ts'
import type { Bar } from '../market/bar.ts'
import { type PriorLevels, priorLevels } from './prior-levels.ts'

type Row = readonly [tradeDate: string, date: string, clock: string, high: number, low: number]

const instant = (date: string, clock: string): number =>
  easternMs(date, Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)))
const barAt = (time: number, high: number, low: number): Bar => ({ time, open: low, high, low, close: high, volume: 1 })

const after = (rows: readonly Row[]): PriorLevels =>
  priorLevels.value(
    rows.reduce(
      (state, [tradeDate, date, clock, high, low]) =>
        priorLevels.step(state, { tradeDate, bar: barAt(instant(date, clock), high, low) }),
      priorLevels.initial,
    ),
  )

/** A Thursday and a Friday, then the Monday that begins on Sunday evening. */
const thursday: readonly Row[] = [
  ['2024-03-07', '2024-03-06', '18:00', 102, 100],
  ['2024-03-07', '2024-03-07', '09:30', 110, 101],
  ['2024-03-07', '2024-03-07', '16:59', 105, 99],
]
const friday: readonly Row[] = [
  ['2024-03-08', '2024-03-07', '18:00', 104, 103],
  ['2024-03-08', '2024-03-08', '12:00', 112, 104],
]
const monday: Row = ['2024-03-11', '2024-03-10', '18:00', 108, 107]

test('nothing is known of the period before the first one seen', () => {
  expect(after(thursday).day).toBeUndefined()
  expect(after([...thursday, ...friday]).week).toBeUndefined()
})

test('the prior day is the trade date before, from its evening on, known with the first bar of the next', () => {
  expect(after([...thursday, ...friday]).day).toEqual({
    high: 110,
    low: 99,
    at: instant('2024-03-06', '18:00'),
    knownAt: instant('2024-03-07', '18:00'),
    highBrokenAt: instant('2024-03-08', '12:00'),
  })
})

test('a week is of trade dates: Sunday evening belongs to the next', () => {
  expect(after([...thursday, ...friday, monday]).week).toEqual({
    high: 112,
    low: 99,
    at: instant('2024-03-06', '18:00'),
    knownAt: instant('2024-03-10', '18:00'),
  })
})

test('four hours are counted on the New York clock from 18:00, also over a change of the clock', () => {
  const block = (rows: readonly Row[]) => after(rows).fourHours
  const eve: readonly Row[] = [
    ['2024-03-08', '2024-03-07', '18:00', 105, 100],
    ['2024-03-08', '2024-03-07', '21:59', 104, 98],
  ]
  expect(block(eve)).toBeUndefined()
  expect(block([...eve, ['2024-03-08', '2024-03-07', '22:00', 101, 100]])).toMatchObject({ high: 105, low: 98 })
  // Monday's first block begins at 18:00 of summer time, an hour earlier in UTC than Friday's.
  const last: Row = ['2024-03-08', '2024-03-08', '16:59', 103, 102]
  expect(block([...eve, last, monday])).toMatchObject({ high: 103, low: 102, knownAt: instant('2024-03-10', '18:00') })
  expect(block([...eve, last, monday, ['2024-03-11', '2024-03-10', '21:59', 109, 108]])).toMatchObject({ high: 103 })
})

test('the bar that trades beyond a prior level breaks it, the first bar of the new period too; trading to it does not', () => {
  const reached: Row = ['2024-03-08', '2024-03-07', '18:00', 110, 99]
  expect(after([...thursday, reached]).day).not.toHaveProperty('highBrokenAt')
  const beyond: Row = ['2024-03-08', '2024-03-07', '18:00', 110.25, 98.75]
  const at = instant('2024-03-07', '18:00')
  expect(after([...thursday, beyond]).day).toMatchObject({ highBrokenAt: at, lowBrokenAt: at })
  const later: Row = ['2024-03-08', '2024-03-08', '12:00', 120, 90]
  expect(after([...thursday, beyond, later]).day).toMatchObject({ highBrokenAt: at, lowBrokenAt: at })
})
