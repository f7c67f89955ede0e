import { expect, test } from 'vitest'
import { type Dmi, dmi } from './dmi.ts'

type Range = { readonly high: number; readonly low: number; readonly close: number }
const bar = (high: number, low: number, close: number): Range => ({ high, low, close })

const valuesOf = (length: number, smoothing: number, bars: readonly Range[]): readonly Dmi[] => {
  const fold = dmi(length, smoothing)
  let state = fold.initial
  return bars.map((each) => {
    state = fold.step(state, each)
    return fold.value(state)
  })
}

test('weighs movement up against movement down by the true range', () => {
  const values = valuesOf(2, 2, [bar(10, 8, 9), bar(12, 9, 11), bar(13, 10, 12), bar(12, 8, 9), bar(15, 11, 14)])
  // From the second bar on: up 2, 1, 0, 3; down 0, 0, 2, 0; true range 3, 3, 4, 6.
  expect(values[1]?.plus).toBeNaN()
  expect(values[2]).toEqual({ plus: 50, minus: 0, adx: Number.NaN })
  // Averages of up, down and range 0.75, 1 and 3.5: DX = 100 · 0.25 / 1.75, and ADX the mean of 100 and that.
  expect(values[3]?.plus).toBeCloseTo(75 / 3.5, 12)
  expect(values[3]?.minus).toBeCloseTo(100 / 3.5, 12)
  expect(values[3]?.adx).toBeCloseTo((100 + 100 / 7) / 2, 12)
  // Then 1.875, 0.5 and 4.75: DX = 100 · 1.375 / 2.375, and ADX half way to it.
  expect(values[4]?.adx).toBeCloseTo(((100 + 100 / 7) / 2 + 100 * (1.375 / 2.375)) / 2, 12)
})

test('equal movement both ways counts for neither', () => {
  const [, , last] = valuesOf(2, 2, [bar(10, 8, 9), bar(12, 6, 9), bar(13, 5, 9)])
  expect(last).toEqual({ plus: 0, minus: 0, adx: Number.NaN })
})

test('a market that stands still has no trend', () => {
  const values = valuesOf(
    2,
    2,
    Array.from({ length: 6 }, () => bar(10, 9, 9.5)),
  )
  expect(values.at(-1)).toEqual({ plus: 0, minus: 0, adx: 0 })
})
