import { expect, test } from 'vitest'
import { driftOf } from './drift.ts'

const space = {
  stop: { words: '', kind: 'range', from: 1, to: 3, step: 0.5, default: 1 },
  window: { words: '', kind: 'choice', of: [5, 15, 30, 60], default: 15 },
  fixed: { words: '', kind: 'choice', of: [1], default: 1 },
} as const

test('a parameter moves by a share of its range, a choice by a share of its places', () => {
  const { shares } = driftOf(space, { stop: 1, window: 5, fixed: 1 }, { stop: 2.5, window: 15, fixed: 1 })
  expect(shares['stop']).toBe(0.75)
  expect(shares['window']).toBeCloseTo(0.333333, 6)
  expect(shares['fixed']).toBe(0)
})

test('more than 30 % is an alert, 30 % is not', () => {
  const wide = { length: { words: '', kind: 'range', from: 0, to: 10, step: 1, default: 0 } } as const
  expect(driftOf(wide, { length: 2 }, { length: 5 }).alerts).toEqual([])
  expect(driftOf(wide, { length: 2 }, { length: 6 }).alerts).toEqual(['length'])
  expect(driftOf(wide, { length: 6 }, { length: 2 }).alerts).toEqual(['length'])
})
