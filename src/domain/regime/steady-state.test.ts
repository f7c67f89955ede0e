import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Chain, steadyState } from './steady-state.ts'

test('a chain of bull, bear and sideways days settles at .521, .354 and .125', () => {
  const shares = steadyState([
    [0.7, 0.2, 0.1],
    [0.3, 0.6, 0.1],
    [0.4, 0.3, 0.3],
  ])
  expect(shares.map((share) => Number(share.toFixed(3)))).toEqual([0.521, 0.354, 0.125])
  expect(shares[0]).toBeCloseTo(25 / 48, 15)
})

test('a state nothing leaves takes all, two of them leave it open', () => {
  expect(
    steadyState([
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
    ]),
  ).toEqual([1, 0, 0])
  expect(
    steadyState([
      [1, 0, 0],
      [0, 1, 0],
      [0.5, 0.25, 0.25],
    ]),
  ).toEqual([Number.NaN, Number.NaN, Number.NaN])
})

const row = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))
  .map(([a, b, c]): [number, number, number] => [a / (a + b + c), b / (a + b + c), c / (a + b + c)])

test('one more day changes nothing once it has settled', () => {
  fc.assert(
    fc.property(row, row, row, (...matrix: Chain) => {
      const [a, b, c] = steadyState(matrix)
      for (const i of [0, 1, 2] as const)
        expect(a * matrix[0][i] + b * matrix[1][i] + c * matrix[2][i]).toBeCloseTo([a, b, c][i] ?? 0, 12)
      expect(a + b + c).toBeCloseTo(1, 12)
    }),
  )
})
