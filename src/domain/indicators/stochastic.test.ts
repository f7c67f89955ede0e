import { expect, test } from 'vitest'
import { stochastic } from './stochastic.ts'

const bar = (high: number, low: number, close: number) => ({ high, low, close })

const valuesOf = (fold: ReturnType<typeof stochastic>, bars: readonly ReturnType<typeof bar>[]) => {
  let state = fold.initial
  return bars.map((each) => {
    state = fold.step(state, each)
    return fold.value(state)
  })
}

test('tells where the close stands in the range, then smooths that twice', () => {
  const values = valuesOf(stochastic(2, 2, 2), [bar(10, 0, 5), bar(8, 2, 4), bar(12, 4, 12), bar(12, 4, 6)])
  // Raw: 4 in 0–10 is 40, 12 in 2–12 is 100, 6 in 4–12 is 25. %K: 70, 62.5. %D: 66.25.
  expect(values.map(({ raw }) => raw)).toEqual([Number.NaN, 40, 100, 25])
  expect(values.map(({ k }) => k)).toEqual([Number.NaN, Number.NaN, 70, 62.5])
  expect(values.map(({ d }) => d)).toEqual([Number.NaN, Number.NaN, Number.NaN, 66.25])
})

test('a range of no height reads the middle', () => {
  expect(valuesOf(stochastic(2, 1, 1), [bar(7, 7, 7), bar(7, 7, 7)]).at(-1)).toEqual({ raw: 50, k: 50, d: 50 })
})
