import { expect, test } from 'vitest'
import { isNaked, watchCover } from './naked.ts'

const cover = (held: number, covered: number, wall: number, filledAt = 0) => ({ held, covered, filledAt, wall })

test('without a stop for more than two seconds a position is naked, and a filled second before that does not count', () => {
  const since = watchCover(undefined, cover(2, 0, 10_100, 10_000))
  expect(since).toBe(11_000)
  expect([isNaked(since, 13_000), isNaked(since, 13_001)]).toEqual([false, true])
  expect(watchCover(undefined, cover(2, 1, 50_000, 10_000))).toBe(50_000)
})

test('a further fill does not set the count back', () => {
  expect(watchCover(11_000, cover(3, 0, 12_900, 12_900))).toBe(11_000)
})

test('covered or flat it is not naked', () => {
  expect([watchCover(11_000, cover(2, 2, 12_000)), watchCover(11_000, cover(0, 0, 12_000))]).toEqual([
    undefined,
    undefined,
  ])
  expect(isNaked(undefined, 99_000)).toBe(false)
})
