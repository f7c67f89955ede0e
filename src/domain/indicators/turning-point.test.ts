import { expect, test } from 'vitest'
import { series } from './indicator.ts'
import { fractal, pivotHigh, pivotLow } from './turning-point.ts'

const nan = Number.NaN

test('a high is told on the bar that confirmed it, not on its own', () => {
  expect(series(pivotHigh(2, 1), [1, 2, 5, 4, 3, 9, 8])).toEqual([nan, nan, nan, 5, nan, nan, 9])
  expect(series(pivotLow(1, 2), [4, 1, 2, 3, 0, 5, 6])).toEqual([nan, nan, nan, 1, nan, nan, 0])
})

test('an equal high on either side is no turning point', () => {
  expect(series(pivotHigh(1, 1), [1, 5, 5, 1])).toEqual([nan, nan, nan, nan])
  expect(series(pivotLow(1, 1), [5, 1, 1, 5])).toEqual([nan, nan, nan, nan])
})

test('a fractal stands out from two bars on either side', () => {
  const fold = fractal()
  let state = fold.initial
  const told = [1, 2, 6, 3, 4, 0, 5, 6].map((middle) => {
    state = fold.step(state, { high: middle + 1, low: middle - 1 })
    return fold.value(state)
  })
  expect(told.map(({ high }) => high)).toEqual([nan, nan, nan, nan, 7, nan, nan, nan])
  expect(told.map(({ low }) => low)).toEqual([nan, nan, nan, nan, nan, nan, nan, -1])
})
