import { expect, test } from 'vitest'
import { dailyRegime } from './daily-regime.ts'

/** Days of a range of ten that close so far from the day before. */
const daysOf = (moves: readonly number[]) => {
  let close = 1000
  return moves.map((move) => {
    const before = close
    close += move
    const middle = (before + close) / 2
    return { high: middle + 5, low: middle - 5, close }
  })
}
const read = (moves: readonly number[]) => {
  const days = daysOf(moves)
  return dailyRegime.value(days.reduce((state, day) => dailyRegime.step(state, day), dailyRegime.initial))
}
/** Fourteen days after which the ATR is exactly ten; then a move of 3.5 is the edge. */
const warm = Array.from({ length: 14 }, () => 0)

test('no day has a state before the ATR of the day before is known', () => {
  expect(read(warm)).toMatchObject({ state: undefined, n: 0 })
  expect(read([...warm, 0])).toMatchObject({ state: 'sideways', n: 0 })
})

test.each([
  [3.6, 'bull'],
  [3.5, 'sideways'],
  [-3.5, 'sideways'],
  [-3.6, 'bear'],
])('a day of %d points with an ATR of ten is %s', (move, state) => {
  expect(read([...warm, move]).state).toBe(state)
})

test('transitions are counted from the day before to the day, a state never left says nothing', () => {
  const { matrix, steady, n, left, state } = read([...warm, 4, 4, 0, 4, 0, 0])
  expect([n, left]).toEqual([5, 2])
  expect(state).toBe('sideways')
  expect(matrix).toEqual([
    [1 / 3, 0, 2 / 3],
    [1 / 3, 1 / 3, 1 / 3],
    [1 / 2, 0, 1 / 2],
  ])
  expect(steady.map((share) => Number(share.toFixed(12)))).toEqual([0.428571428571, 0, 0.571428571429])
})

test('mirrored prices swap bull and bear', () => {
  const moves = [...warm, 4, -4, 0, 4, 5, -6, 0, 0, 4]
  const up = read(moves)
  const down = read(moves.map((move) => -move))
  const swap = ([bull, bear, sideways]: readonly [number, number, number]) => [bear, bull, sideways]
  expect(down.matrix).toEqual([up.matrix[1], up.matrix[0], up.matrix[2]].map(swap))
  expect(down.steady).toEqual(swap(up.steady))
  expect([up.state, down.state]).toEqual(['bull', 'bear'])
})
