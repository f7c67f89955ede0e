import { expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { asmbtr, type MoveChance } from './asmbtr.ts'

const read = (closes: readonly number[], length = 8): MoveChance => {
  const fold = asmbtr(length)
  return fold.value(closes.reduce((state, close) => fold.step(state, close), fold.initial))
}
/** Closes of moves written as + and −, from 100, a point each; 0 stands still. */
const closesOf = (moves: string): readonly number[] => {
  const closes = [100]
  for (const move of moves) closes.push((closes.at(-1) ?? 0) + (move === '+' ? 1 : move === '-' ? -1 : 0))
  return closes
}

test('nothing is said before a whole pattern of eight moves', () => {
  expect(read(closesOf('+++++++'))).toEqual({ up: Number.NaN, side: undefined })
  expect(read(closesOf('++++++++'))).toEqual({ up: 0.5, side: undefined })
})

test('a close that stands still is no move', () => {
  expect(read(closesOf('++++000+++'))).toEqual({ up: Number.NaN, side: undefined })
  expect(read(closesOf('+0-+'), 2)).toEqual(read(closesOf('+-+'), 2))
})

test('what followed a pattern before is its chance, the older the fainter', () => {
  // After two ups came: up (then up again), up, down; each meeting fades what was before by 0.98.
  const closes = closesOf('++++-++')
  expect(read(closes, 2).up).toBeCloseTo((0.98 ** 2 + 0.98) / (0.98 ** 2 + 0.98 + 1), 15)
})

test('each pattern of moves has its own counts', () => {
  expect(read(closesOf('+-+-+-+-'), 2)).toEqual({ up: 1, side: 'long' })
  expect(read(closesOf('+-+-+-+'), 2)).toEqual({ up: 0, side: 'short' })
  expect(read(closesOf('+-+-+--'), 2)).toEqual({ up: 0.5, side: undefined })
})

test('it acts above 0.60 only, either way', () => {
  // Three of five times an up followed an up: the younger they are, the more they weigh.
  expect(read(closesOf('++-+-+++'), 1)).toEqual({ up: expect.closeTo(0.6042, 4), side: 'long' })
  expect(read(closesOf('+++-+-++'), 1)).toEqual({ up: expect.closeTo(0.5961, 4), side: undefined })
  expect(read(closesOf('--+-+---'), 1)).toEqual({ up: expect.closeTo(0.3958, 4), side: 'short' })
})

test('mirrored closes mirror the chance', () => {
  const chance = createChance(4)
  const closes = Array.from({ length: 2000 }, () => Math.round(chance() * 20))
  for (const n of [500, 1000, 2000]) {
    const up = read(closes.slice(0, n)).up
    expect(read(closes.slice(0, n).map((close) => -close)).up).toBeCloseTo(1 - up, 12)
  }
})

test('a market of fair coins is not beaten: what it acts on comes true about half the time', () => {
  const chance = createChance(11)
  const fold = asmbtr()
  let state = fold.initial
  let close = 0
  let [right, acted] = [0, 0]
  for (let i = 0; i < 20_000; i++) {
    const { side } = fold.value(state)
    const move = chance() < 0.5 ? 1 : -1
    close += move
    if (side !== undefined) acted++
    if ((side === 'long' && move === 1) || (side === 'short' && move === -1)) right++
    state = fold.step(state, close)
  }
  expect([right, acted]).toEqual([3229, 6355])
})
