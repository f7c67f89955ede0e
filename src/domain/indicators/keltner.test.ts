import { expect, test } from 'vitest'
import { atr } from './atr.ts'
import { series } from './indicator.ts'
import { keltner, smoothedRange } from './keltner.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })
const bars = [bar(12, 10, 11), bar(13, 11, 12), bar(18, 16, 17), bar(17, 15, 16)]

test('its span counts from the first bar that has a close before it', () => {
  // True ranges 2, 6, 2 from the second bar on: mean 4, then 2/3 of the way to 2.
  const [first, second, third, fourth] = series(smoothedRange(2), bars)
  expect([first, second, third]).toEqual([Number.NaN, Number.NaN, 4])
  expect(fourth).toBeCloseTo(8 / 3, 12)
})

test('stands so many spans around the average close', () => {
  const fold = keltner(2, 1.5, smoothedRange(2))
  // EMA(2) of closes: 11.5, then 11.5 + 2/3 · 5.5 = 15.1666…; 1.5 · 4 on either side.
  const { middle, upper, lower } = fold.value(bars.slice(0, 3).reduce(fold.step, fold.initial))
  expect(middle).toBeCloseTo(91 / 6, 12)
  expect([upper - middle, middle - lower].map((reach) => Number(reach.toFixed(12)))).toEqual([6, 6])
})

test('takes another span, such as ATR', () => {
  const fold = keltner(2, 2, atr(2))
  const { middle, upper } = fold.value(bars.slice(0, 3).reduce(fold.step, fold.initial))
  expect(upper - middle).toBeCloseTo(2 * 4, 12)
})
