import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomBars } from '#src/testing/bars.ts'
import { toColumns } from '../market/series.ts'
import { atr } from './atr.ts'
import { atrOf, emaOf, rsiOf, smaOf } from './columns.ts'
import { series } from './indicator.ts'
import { rsi } from './rsi.ts'
import { sma } from './sma.ts'
import { ema } from './smoothed.ts'

const prices = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 120 })
const lengths = fc.integer({ min: 1, max: 40 })

/** Whether both say the same, unknown where the other is; `off` is what rounding may leave. */
const expectAlike = (column: Float64Array, fold: readonly number[], off = 0): void => {
  expect(column).toHaveLength(fold.length)
  fold.forEach((value, i) => {
    const other = column[i] as number
    if (Number.isNaN(value) || Number.isNaN(other)) expect(other).toBe(value)
    else expect(Math.abs(other - value)).toBeLessThanOrEqual(off)
  })
}

test('the simple average of a column is the fold’s but for the order of adding', () => {
  fc.assert(
    fc.property(prices, lengths, (values, length) => {
      const most = Math.max(0, ...values.map(Math.abs))
      expectAlike(smaOf(Float64Array.from(values), length), series(sma(length), values), 1e-12 * most)
    }),
  )
})

test('the exponential average of a column is the fold’s to the last digit', () => {
  fc.assert(
    fc.property(prices, lengths, (values, length) => {
      expectAlike(emaOf(Float64Array.from(values), length), series(ema(length), values))
    }),
  )
})

test('the relative strength of a column is the fold’s to the last digit', () => {
  fc.assert(
    fc.property(prices, lengths, (values, length) => {
      expectAlike(rsiOf(Float64Array.from(values), length), series(rsi(length), values))
    }),
  )
})

test('the average range of columns is the fold’s to the last digit', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 120 }), lengths, (seed, count, length) => {
      const bars = randomBars(seed, count)
      expectAlike(atrOf(toColumns(bars), length), series(atr(length), bars))
    }),
  )
})

test('a long column drifts no further from the fold than a short one', () => {
  // A burst far above the rest, which a running sum would never quite forget.
  const values = Array.from({ length: 50_000 }, (_, i) => (i === 1000 ? 1e12 : 1 + (i % 7) / 10))
  const column = smaOf(Float64Array.from(values), 20).subarray(2000)
  expectAlike(column, series(sma(20), values).slice(2000), 1e-12)
})

test('without a loss the relative strength is 100, also of prices that stand still', () => {
  expect([...rsiOf(Float64Array.of(1, 2, 3, 4), 2)]).toEqual([Number.NaN, Number.NaN, 100, 100])
  expect([...rsiOf(Float64Array.of(5, 5, 5), 1)]).toEqual([Number.NaN, 100, 100])
})

test('answers into the column it is given, and overwrites what stood there', () => {
  const out = new Float64Array(4).fill(7)
  expect(smaOf(Float64Array.of(1, 2, 4, 8), 2, out)).toBe(out)
  expect([...out]).toEqual([Number.NaN, 1.5, 3, 6])
  expect([...emaOf(Float64Array.of(1, 2), 3, out.subarray(0, 2))]).toEqual([Number.NaN, Number.NaN])
})
