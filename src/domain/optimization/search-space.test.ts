import { expect, test } from 'vitest'
import { defaultsOf, keyOf, type SearchSpace, sizeOf, valuesOf } from './search-space.ts'

const space: SearchSpace = {
  stop: { words: 'Stop in ATR', kind: 'range', from: 0.1, to: 0.4, step: 0.1, default: 0.2 },
  window: { words: 'Window', kind: 'choice', of: [5, 15, 30], default: 15 },
}

test('a range holds every step without the noise of sums, and its end', () => {
  expect(valuesOf({ words: '', kind: 'range', from: 0.1, to: 0.7, step: 0.1, default: 0.3 })).toEqual([
    0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
  ])
  expect(valuesOf({ words: '', kind: 'range', from: 1, to: 6, step: 2, default: 1 })).toEqual([1, 3, 5])
})

test('a default beside the steps is a value too', () => {
  expect(valuesOf({ words: '', kind: 'range', from: 1, to: 3, step: 1, default: 1.25 })).toEqual([1, 1.25, 2, 3])
  expect(valuesOf({ words: '', kind: 'choice', of: [5, 15], default: 10 })).toEqual([5, 15, 10])
})

test('a space counts its sets and knows its defaults', () => {
  expect(sizeOf(space)).toBe(12)
  expect(defaultsOf(space)).toEqual({ stop: 0.2, window: 15 })
})

test('a set is named the same in whatever order its parameters come', () => {
  expect(keyOf({ window: 15, stop: 0.2 })).toBe('stop=0.2 window=15')
  expect(keyOf({ stop: 0.2, window: 15 })).toBe('stop=0.2 window=15')
})
