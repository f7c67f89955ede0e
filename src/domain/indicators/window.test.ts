import { expect, test } from 'vitest'
import { mean, slide } from './window.ts'

test('a window fills, then lets the oldest go', () => {
  expect(slide([], 2, 1)).toEqual([1])
  expect(slide([1], 2, 2)).toEqual([1, 2])
  expect(slide([1, 2], 2, 3)).toEqual([2, 3])
})

test('the mean of nothing is no number', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(mean([])).toBeNaN()
})
