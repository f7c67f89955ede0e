import { expect, test } from 'vitest'
import { distance } from '#src/testing/distance.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { series } from './indicator.ts'
import { sma } from './sma.ts'

test('is the mean of the last inputs', () => {
  expect(series(sma(3), [3, 6, 9, 0, 30])).toEqual([Number.NaN, Number.NaN, 6, 5, 13])
})

test.skipIf(!hasOracles)('equals TradingView’s ta.sma(close, 10)', () => {
  const rows = oracleRows('oracles/tradingview-pynecore/t20_ta/ma.csv.gz', 'close', 'ta.sma(close, 10)')
  const closes = rows.map(({ close }) => Number(close))
  const theirs = rows.map((row) => Number(row['ta.sma(close, 10)']))
  const { compared, farthest, onlyOne } = distance(series(sma(10), closes), theirs)
  expect([compared, onlyOne]).toEqual([141, 0])
  expect(farthest).toBeLessThan(1e-9)
})
