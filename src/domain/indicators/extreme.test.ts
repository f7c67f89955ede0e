import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highest, lowest } from './extreme.ts'
import { series } from './indicator.ts'

test('tells the furthest of the last inputs and forgets one that left', () => {
  expect(series(highest(3), [5, 1, 2, 3, 1, 0, 0])).toEqual([Number.NaN, Number.NaN, 5, 3, 3, 3, 1])
  expect(series(lowest(3), [0, 4, 2, 3, 5, 6, 6])).toEqual([Number.NaN, Number.NaN, 0, 2, 2, 3, 5])
})

test('equals a look at the whole window, whatever comes and however long it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (inputs, length) => {
        const windows = inputs.map((_, i) => (i + 1 < length ? [Number.NaN] : inputs.slice(i + 1 - length, i + 1)))
        expect(series(highest(length), inputs)).toEqual(windows.map((window) => Math.max(...window)))
        expect(series(lowest(length), inputs)).toEqual(windows.map((window) => Math.min(...window)))
      },
    ),
  )
})

test('holds no more than its window', () => {
  const fold = highest(4)
  const depth = (pile: { below: unknown } | undefined): number =>
    pile === undefined ? 0 : 1 + depth(pile.below as { below: unknown } | undefined)
  let state = fold.initial
  for (let i = 0; i < 100; i++) {
    state = fold.step(state, i % 7)
    expect(depth(state.coming) + depth(state.going)).toBe(Math.min(i + 1, 4))
  }
})
