import { expect, test } from 'vitest'
import { benjaminiHochberg } from './false-discovery.ts'

const p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34]

test('the q-values agree with scipy, in whatever order the tests come', () => {
  const q = [0.015, 0.06, 0.126, 0.126, 0.126, 0.15, 0.15857142857142856, ...Array(7).fill(0.29464285714285715), 0.34]
  expect(benjaminiHochberg(p, 0.05)).toEqual({ q: q.map((one) => expect.closeTo(one, 14)), accepted: [0] })
  expect(benjaminiHochberg(p.toReversed(), 0.05)).toEqual({
    q: q.toReversed().map((one) => expect.closeTo(one, 14)),
    accepted: [14],
  })
})

test('what a smaller p does not reach alone it reaches in company', () => {
  expect(benjaminiHochberg([0.03, 0.9, 0.04, 0.05], 0.07).accepted).toEqual([0, 2, 3])
})

test('a test that could not be made counts as one that failed', () => {
  expect(benjaminiHochberg([0.04, Number.NaN], 0.05)).toEqual({ q: [0.08, 1], accepted: [] })
  expect(benjaminiHochberg([], 0.05)).toEqual({ q: [], accepted: [] })
})
