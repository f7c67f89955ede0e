import { expect, test } from 'vitest'
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
