import { expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { type BlockState, orderBlocks } from './order-block.ts'
import { structureShifts } from './structure-shift.ts'
import { swings } from './swing.ts'

const minute = 60_000
type Row = readonly [open: number, high: number, low: number, close: number]

/** The blocks after each bar, with swings of one bar on each side. */
const after = (rows: readonly Row[]): readonly BlockState[] => {
  const turns = swings(1)
  let turned = turns.initial
  let shifts = structureShifts.initial
  let state = orderBlocks.initial
  return barsOf(rows).map((bar) => {
    turned = turns.step(turned, bar)
    const next = structureShifts.step(shifts, bar, turned.confirmed)
    state = orderBlocks.step(state, bar, turned, next.last === shifts.last ? undefined : next.last)
    shifts = next
    return state
  })
}
const mirror = (rows: readonly Row[]): readonly Row[] =>
  rows.map(([open, high, low, close]) => [24 - open, 24 - low, 24 - high, 24 - close])

/** A high at 13, two bars down, the low at 9.8 in a bar that closed up, and a close above the high. */
const shift: readonly Row[] = [
  [10, 11, 9, 10.5],
  [10.5, 13, 10, 12],
  [12, 12.5, 11, 11.25],
  [11.25, 11.5, 10, 10.5],
  [10.5, 10.75, 9.75, 10.625],
  [10.625, 12, 10.5, 12],
  [12, 13.5, 11.75, 13.25],
]
const away: Row = [13.25, 14, 12, 12.25]
const back: Row = [12.25, 12.5, 11.5, 12]
const through: Row = [12, 12.25, 9.875, 10]
const block = {
  side: 'long',
  breaker: false,
  low: 10,
  high: 11.5,
  at: 3 * minute,
  originAt: 4 * minute,
  knownAt: 6 * minute,
} as const

test('a shift makes the last bar against it before the move began a block, known with the shift', () => {
  const states = after(shift)
  expect(states.slice(0, -1).flatMap(({ open }) => open)).toEqual([])
  expect(states.at(-1)?.open).toEqual([{ ...block, life: 'formed', lifeAt: 6 * minute }])
})

test('the bar where the move began is the block when it closed against it', () => {
  const rows = shift.map((row, i): Row => (i === 4 ? [10.5, 10.75, 9.75, 10.25] : row))
  expect(after(rows).at(-1)?.open).toMatchObject([{ at: 4 * minute, originAt: 4 * minute, low: 9.75, high: 10.75 }])
})

test('the last of equal lows is where the move began', () => {
  const rows = shift.map((row, i): Row => (i === 5 ? [10.5, 12, 9.75, 12] : row))
  expect(after(rows).at(-1)?.open).toMatchObject([{ at: 3 * minute, originAt: 5 * minute }])
})

test('a move without a bar against it makes no block', () => {
  const rising = shift.map(([open, high, low]): Row => [open, high, low, high])
  expect(after([...rising.slice(0, -1), [12, 14, 11.75, 14]]).at(-1)?.open).toEqual([])
})

test('two shifts made by one bar make one block', () => {
  // The bar at minute 3 is the last against both: it is itself the second swing, a high at 13.5.
  const rows: readonly Row[] = [
    ...shift.slice(0, 3),
    [12.75, 13.5, 10.5, 11],
    [11, 13.375, 10.75, 13.25],
    [13.25, 14, 13, 13.75],
  ]
  expect(after(rows).map(({ open }) => open.map(({ at, knownAt }) => [at, knownAt]))).toEqual([
    [],
    [],
    [],
    [],
    [[3 * minute, 4 * minute]],
    [[3 * minute, 4 * minute]],
  ])
})

test('the first return mitigates it, at its edge already', () => {
  const mitigated = { ...block, life: 'mitigated', lifeAt: 8 * minute, touchedAt: 8 * minute }
  expect(after([...shift, away]).at(-1)?.open).toMatchObject([{ life: 'formed' }])
  expect(after([...shift, away, back]).at(-1)?.open).toEqual([mitigated])
  expect(after([...shift, away, back, back]).at(-1)?.open).toEqual([mitigated])
})

test('traded to its far edge it stands; traded beyond, it ends and stands as a breaker of the other side', () => {
  expect(after([...shift, away, back, [12, 12.25, 10, 10.5]]).at(-1)?.finished).toEqual([])
  const { open, finished } = after([...shift, away, back, through]).at(-1) as BlockState
  const ended = { life: 'broken', lifeAt: 9 * minute, touchedAt: 8 * minute, until: 9 * minute }
  expect(finished).toEqual([{ ...block, ...ended }])
  const breaker = { ...block, side: 'short', breaker: true, knownAt: 9 * minute }
  expect(open).toEqual([{ ...breaker, life: 'formed', lifeAt: 9 * minute }])
})

test('a breaker is mitigated by the return from its side, and gone when traded through', () => {
  const broken = [...shift, away, back, through]
  expect(after([...broken, [10, 10, 9.9375, 10]]).at(-1)?.open).toMatchObject([
    { breaker: true, life: 'mitigated', lifeAt: 10 * minute },
  ])
  const { open, finished } = after([...broken, [10, 11.75, 9.9375, 11]]).at(-1) as BlockState
  expect(open).toEqual([])
  expect(finished.at(-1)).toMatchObject({ breaker: true, side: 'short', life: 'broken', until: 10 * minute })
})

test('mirrored prices mirror the sides', () => {
  const rows = [...shift, away, back, through]
  const sideways = { long: 'short', short: 'long' } as const
  const turned = ({ open, finished }: BlockState) =>
    [...open, ...finished].map((each) => ({
      ...each,
      side: sideways[each.side],
      low: 24 - each.high,
      high: 24 - each.low,
    }))
  expect(after(mirror(rows)).map(({ open, finished }) => [...open, ...finished])).toEqual(after(rows).map(turned))
})
