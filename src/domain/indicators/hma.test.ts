import { expect, test } from 'vitest'
import { hma } from './hma.ts'
import { series } from './indicator.ts'

test('leads a straight line without lag', () => {
  const line = Array.from({ length: 12 }, (_, i) => 100 + 2 * i)
  const values = series(hma(4), line)
  // WMA(2) lags 1/3 of a step and WMA(4) one step: twice the one less the other leads by 1/3, which WMA(2) takes back.
  expect(values.slice(4).map((value) => Number(value.toFixed(9)))).toEqual(line.slice(4))
  expect(values.slice(0, 4).every(Number.isNaN)).toBe(true)
})

test('is the average of twice the short less the long', () => {
  // Length 4: halves of 2, square root 2. Inputs 3, 0, 0, 6, 3.
  // WMA(2): 4 at 6, 4 at 3; WMA(4): (3 + 0 + 0 + 24)/10 = 2.7, (0 + 0 + 18 + 12)/10 = 3. Leads 5.3 and 5.
  expect(series(hma(4), [3, 0, 0, 6, 3]).at(-1)).toBeCloseTo((5.3 + 2 * 5) / 3, 12)
})
