import { expect, test } from 'vitest'
import { distance } from '#src/testing/distance.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { easternAt } from '../instruments/zone.ts'
import type { Bar } from '../market/bar.ts'
import { type AnchoredBar, type Vwap, vwap } from './vwap.ts'

const flat = (price: number, volume: number, time = 0): Bar => ({
  time,
  open: price,
  high: price,
  low: price,
  close: price,
  volume,
})

const valuesOf = (bars: readonly AnchoredBar[]): readonly Vwap[] => {
  let state = vwap.initial
  return bars.map((bar) => {
    state = vwap.step(state, bar)
    return vwap.value(state)
  })
}

test('weighs the middle of high, low and close by volume', () => {
  const bar = { time: 0, open: 1, high: 12, low: 9, close: 9, volume: 1 }
  expect(valuesOf([{ bar, anchor: 'a' }])).toEqual([{ vwap: 10, deviation: 0 }])
  const values = valuesOf([
    { bar: flat(10, 1), anchor: 'a' },
    { bar: flat(14, 3), anchor: 'a' },
  ])
  // (10 + 3 · 14)/4 = 13; squares (9 + 3 · 1)/4 = 3.
  expect(values[1]?.vwap).toBe(13)
  expect(values[1]?.deviation).toBeCloseTo(Math.sqrt(3), 12)
})

test('begins anew with a new anchor, and before the first trade there is none', () => {
  const values = valuesOf([
    { bar: flat(10, 5), anchor: 'a' },
    { bar: flat(20, 0), anchor: 'b' },
    { bar: flat(30, 2), anchor: 'b' },
    { bar: flat(90, 0), anchor: 'b' },
  ])
  expect(values.map((value) => value.vwap)).toEqual([10, Number.NaN, 30, 30])
})

test('keeps its digits far from zero', () => {
  const far = 1e9
  const values = valuesOf([1, 2, 3, 4].map((step) => ({ bar: flat(far + step, 1), anchor: 'a' })))
  expect(values.at(-1)).toEqual({ vwap: far + 2.5, deviation: Math.sqrt(1.25) })
})

const anchored = 'ta.vwap(close, timeframe.change(&quot;360&quot;), 2.0)'

/** TradingView was asked for the average of closes, so the whole bar is its close. */
const closes = () =>
  oracleRows(
    'oracles/tradingview-pynecore/t20_ta/vwap.csv.gz',
    'time',
    'close',
    'Volume',
    'ta.vwap(close)',
    `${anchored}.vwap`,
    `${anchored}.upper_band`,
  ).map((row) => ({
    row,
    bar: flat(Number(row.close), Number(row.Volume), Number(row.time) * 1000),
  }))

test.skipIf(!hasOracles)('equals TradingView’s ta.vwap(close) anchored at the session, 17:00 New York', () => {
  const rows = closes()
  const ours = valuesOf(rows.map(({ bar }) => ({ bar, anchor: easternAt(bar.time + 7 * 3_600_000).date })))
  const { compared, farthest, onlyOne } = distance(
    ours.map((value) => value.vwap),
    rows.map(({ row }) => Number(row['ta.vwap(close)'])),
  )
  expect([compared, onlyOne]).toEqual([300, 0])
  expect(farthest).toBeLessThan(1e-9)
})

test.skipIf(!hasOracles)(
  'equals TradingView’s bands of two deviations, anchored every six hours of the session',
  () => {
    const all = closes()
    const rows = all.slice(all.findIndex(({ row }) => row[`${anchored}.vwap`] !== 'NaN'))
    const ours = valuesOf(
      rows.map(({ bar }) => {
        const { date, minute } = easternAt(bar.time + 7 * 3_600_000)
        return { bar, anchor: `${date} ${Math.floor(minute / 360)}` }
      }),
    )
    const center = distance(
      ours.map((value) => value.vwap),
      rows.map(({ row }) => Number(row[`${anchored}.vwap`])),
    )
    const upper = distance(
      ours.map((value) => value.vwap + 2 * value.deviation),
      rows.map(({ row }) => Number(row[`${anchored}.upper_band`])),
    )
    expect([center.compared, center.onlyOne, upper.compared, upper.onlyOne]).toEqual([276, 0, 276, 0])
    expect(center.farthest).toBeLessThan(1e-9)
    expect(upper.farthest).toBeLessThan(1e-8)
  },
)
