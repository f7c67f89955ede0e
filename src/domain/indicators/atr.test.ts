import { expect, test } from 'vitest'
import { distance } from '#src/testing/distance.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { atr, trueRange } from './atr.ts'
import { series } from './indicator.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

test('the true range reaches from the close before when the bar gapped away from it', () => {
  expect(trueRange(bar(12, 10, 11), 11)).toBe(2)
  expect(trueRange(bar(12, 10, 11), 7)).toBe(5)
  expect(trueRange(bar(12, 10, 11), 15)).toBe(5)
})

test('the first bar’s true range is its own height', () => {
  expect(trueRange(bar(12, 10, 11), Number.NaN)).toBe(2)
})

test('averages true ranges, the first bar’s included', () => {
  const bars = [bar(12, 10, 11), bar(13, 11, 12), bar(18, 16, 17), bar(17, 15, 16)]
  // True ranges 2, 2, 6, 2: mean of two 2, then 2 + (6 − 2)/2 = 4, then 4 + (2 − 4)/2 = 3.
  expect(series(atr(2), bars)).toEqual([Number.NaN, 2, 4, 3])
})

test.skipIf(!hasOracles)('equals TradingView’s ta.atr(14)', () => {
  const rows = oracleRows('oracles/tradingview-pynecore/t20_ta/tr.csv.gz', 'high', 'low', 'close', 'ta.atr(14)')
  const ours = series(
    atr(14),
    rows.map(({ high, low, close }) => bar(Number(high), Number(low), Number(close))),
  )
  const { compared, farthest, onlyOne } = distance(
    ours,
    rows.map((row) => Number(row['ta.atr(14)'])),
  )
  expect([compared, onlyOne]).toEqual([87, 0])
  expect(farthest).toBeLessThan(1e-9)
})
