import { expect, test } from 'vitest'
import { distance } from '#src/testing/distance.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { series } from './indicator.ts'
import { ema, rma } from './smoothed.ts'

test('an exponential average starts from the plain mean and then closes 2/(n+1) of the way', () => {
  expect(series(ema(3), [2, 4, 6, 8, 0])).toEqual([Number.NaN, Number.NaN, 4, 6, 3])
})

test('a running average closes 1/n of the way', () => {
  expect(series(rma(4), [2, 4, 6, 8, 13, 6])).toEqual([Number.NaN, Number.NaN, Number.NaN, 5, 7, 6.75])
})

test('an average of one is its input', () => {
  expect(series(ema(1), [3, 5])).toEqual([3, 5])
  expect(series(rma(1), [3, 5])).toEqual([3, 5])
})

const expressions = ['ta.ema(close, 20)', 'ta.ema(ohlc4, 10)', 'ta.rma(hlcc4, 5)', 'ta.rma(high, 15)'] as const

test.skipIf(!hasOracles).each([
  [ema(20), 'ta.ema(close, 20)', 131],
  [ema(10), 'ta.ema(ohlc4, 10)', 141],
  [rma(5), 'ta.rma(hlcc4, 5)', 146],
  [rma(15), 'ta.rma(high, 15)', 136],
] as const)('equals TradingView’s %2$s', (average, expression, known) => {
  const path = 'oracles/tradingview-pynecore/t20_ta/ma.csv.gz'
  const rows = oracleRows(path, 'open', 'high', 'low', 'close', ...expressions)
  const inputs = rows.map((row) => {
    const [open, high, low, close] = [row.open, row.high, row.low, row.close].map(Number) as [
      number,
      number,
      number,
      number,
    ]
    const of = { close, high, ohlc4: (open + high + low + close) / 4, hlcc4: (high + low + close + close) / 4 }
    return of[/\((\w+),/.exec(expression)?.[1] as keyof typeof of]
  })
  const { compared, farthest, onlyOne } = distance(
    series(average, inputs),
    rows.map((row) => Number(row[expression])),
  )
  expect([compared, onlyOne]).toEqual([known, 0])
  expect(farthest).toBeLessThan(1e-9)
})
