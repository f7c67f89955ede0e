import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equityOf, underwaterOf, worstDrawdown } from './equity.ts'

const worstOf = (nets: readonly number[]) => worstDrawdown(underwaterOf(equityOf(nets)))

test('the curve is what was made so far, and lies under water below its highest', () => {
  expect([...equityOf([3, -1, -1, 4])]).toEqual([3, 2, 1, 5])
  expect([...underwaterOf([3, 2, 1, 5])]).toEqual([0, -1, -2, 0])
})

test('a loss on the first date is a fall from nothing', () => {
  expect(worstOf([-2, 1, 1])).toEqual({ depth: -2, from: 0, bottom: 0, until: 2 })
})

test('the deepest fall counts, however long another took, and the first of two as deep', () => {
  expect(worstOf([5, -1, 0, 0, 1, -3, 3, -3])).toEqual({ depth: -3, from: 5, bottom: 5, until: 6 })
})

test('a fall in steps with a rise between is one fall until the high is back', () => {
  expect(worstOf([5, -2, 1, -3, 1, 4])).toEqual({ depth: -4, from: 1, bottom: 3, until: 5 })
})

test('a fall not made good lasts to the end', () => {
  expect(worstOf([5, -2, 1])).toEqual({ depth: -2, from: 1, bottom: 1, until: 3 })
})

test('what never fell has no drawdown', () => {
  expect([worstOf([]), worstOf([0, 1, 0, 2])]).toEqual([undefined, undefined])
})

test('no two dates of any curve lie further apart than its deepest fall', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 }), (nets) => {
      const curve = [0, ...equityOf(nets)]
      const falls = curve.flatMap((high, i) => curve.slice(i).map((low) => low - high))
      expect(worstOf(nets)?.depth ?? 0).toBe(Math.min(...falls))
    }),
  )
})
