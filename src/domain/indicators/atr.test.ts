import { expect, test } from 'vitest'
import { atr } from './atr.ts'
import { series } from './indicator.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

test('averages true ranges, the first bar’s included', () => {
  const bars = [bar(12, 10, 11), bar(13, 11, 12), bar(18, 16, 17), bar(17, 15, 16)]
  // True ranges 2, 2, 6, 2: mean of two 2, then 2 + (6 − 2)/2 = 4, then 4 + (2 − 4)/2 = 3.
  expect(series(atr(2), bars)).toEqual([Number.NaN, 2, 4, 3])
})
