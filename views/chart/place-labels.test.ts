import { expect, test } from 'vitest'
import { placeLabels } from './place-labels.ts'

const label = (words: string, at: number) => ({ words, at, color: 'ink' })
const place = (...labels: readonly (readonly [words: string, at: number])[]): unknown =>
  placeLabels(
    labels.map(([words, at]) => label(words, at)),
    100,
    10,
    30,
  ).map(({ parts, ties, at }) => [parts.map(({ words }) => words).join(' + '), ties, at])

test('a label with room stands at its line', () => {
  expect(place(['stop', 80], ['TP1', 20])).toEqual([
    ['TP1', [20], 20],
    ['stop', [80], 80],
  ])
})

test('labels that would touch part to both sides, and remember where they belong', () => {
  expect(place(['TP1', 50], ['VWAP', 56])).toEqual([
    ['TP1', [50], 48],
    ['VWAP', [56], 58],
  ])
})

test('labels of one place are one row as long as it is not too wide, each word once', () => {
  expect(place(['prior-day low', 50], ['TP1', 52], ['TP1', 51])).toEqual([['prior-day low + TP1', [50, 51], 50.5]])
  expect(place(['prior-day low', 50], ['prior-week low, again', 50])).toEqual([
    ['prior-day low', [50], 45],
    ['prior-week low, again', [50], 55],
  ])
})

test('a label out of view is not written at another price', () => {
  expect(place(['above', -3], ['beneath', 101], ['seen', 1])).toEqual([['seen', [1], 5]])
})

test('a full pane keeps its labels inside, in their order, and the first of more than it holds', () => {
  expect(place(['low', 99], ['lower', 94])).toEqual([
    ['lower', [94], 85],
    ['low', [99], 95],
  ])
  const many = Array.from({ length: 12 }, (_, n) => [`level ${n}`, 5 * n + 20] as const)
  expect(place(...many)).toHaveLength(10)
  expect(place(...many)).toContainEqual(['level 0', [20], 5])
})
