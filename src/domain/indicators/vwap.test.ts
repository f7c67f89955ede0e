import { expect, test } from 'vitest'
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
