import { expect, test } from 'vitest'
import { pickDays, scoreOf, tallyOf } from './objective.ts'
import type { DayColumns } from './trial.ts'

/** Trades of four dates in R, $100 a unit of it. */
const traded: readonly (readonly number[])[] = [[1, -1], [2], [], [-0.5, 1.5, 1]]

const columnsOf = (dates: readonly (readonly number[])[]): DayColumns => {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    net: Float64Array.from(dates, (rs) => sum(rs) * 1_000_000),
    r: Float64Array.from(dates, sum),
    rSquared: Float64Array.from(dates, (rs) => sum(rs.map((r) => r * r))),
    trades: Int32Array.from(dates, (rs) => rs.length),
    wins: Int32Array.from(dates, (rs) => rs.filter((r) => r > 0).length),
  }
}
const days = columnsOf(traded)
const all = { from: 0, to: 4 }

test('a stretch of dates adds up, the last not included', () => {
  expect(tallyOf(days, { from: 0, to: 3 })).toEqual({ net: 2_000_000, r: 2, rSquared: 6, trades: 3 })
})

test('expectancy is the t-statistic of R a trade', () => {
  // 1, −1, 2, −0.5, 1.5, 1: mean 2/3, standard deviation √(41/30), n 6.
  expect(scoreOf(days, all, 'expectancy', 6)).toBeCloseTo(1.396861, 6)
})

test('net is Money', () => {
  expect(scoreOf(days, all, 'net', 1)).toBe(4_000_000)
})

test('sharpe is annualized over the dates, one without a trade counts as nothing', () => {
  // 0, 2, 0, 2: mean 1, standard deviation 2/√3.
  expect(scoreOf(days, all, 'sharpe', 1)).toBeCloseTo(13.747727, 6)
})

test('too few trades cannot be judged, nor what does not vary', () => {
  expect(scoreOf(days, all, 'net', 7)).toBeNaN()
  expect(scoreOf(days, { from: 1, to: 2 }, 'expectancy', 1)).toBeNaN()
  expect(scoreOf(days, { from: 1, to: 2 }, 'sharpe', 1)).toBeNaN()
  const even = columnsOf(Array.from({ length: 10 }, () => [0.1]))
  expect(scoreOf(even, { from: 0, to: 10 }, 'expectancy', 1)).toBeNaN()
  expect(scoreOf(even, { from: 0, to: 10 }, 'sharpe', 1)).toBeNaN()
})

test('rows are taken from other columns, nothing where there are none', () => {
  const picked = pickDays([
    { date: 3, days },
    { date: 0, days: undefined },
  ])
  expect(picked).toEqual(columnsOf([[-0.5, 1.5, 1], []]))
})
