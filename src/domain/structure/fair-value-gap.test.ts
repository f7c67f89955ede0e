import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barsOf, randomBars } from '#src/testing/bars.ts'
import type { Bar } from '../market/bar.ts'
import { type FairValueGap, fairValueGaps, type GapState } from './fair-value-gap.ts'

const minute = 60_000

const ranging = (ranges: readonly (readonly [number, number])[]): readonly Bar[] =>
  barsOf(ranges.map(([high, low]) => [low, high, low, high]))

const statesOf = (bars: readonly Bar[], kept?: number): readonly GapState[] => {
  const fold = fairValueGaps(kept)
  let state = fold.initial
  return bars.map((bar) => {
    state = fold.step(state, bar)
    return state
  })
}

/** What is open after each bar, for bars given as [high, low]. */
const openAfter = (
  ranges: readonly (readonly [number, number])[],
  kept?: number,
): readonly (readonly FairValueGap[])[] =>
  statesOf(ranging(ranges), kept).map(({ open }) =>
    open.map(({ side, low, high, width, at }) => ({ side, low, high, width, at })),
  )
const gap = (side: 'long' | 'short', low: number, high: number, width: number, at = 2 * minute): FairValueGap => ({
  side,
  low,
  high,
  width,
  at,
})
const up = [
  [10, 8],
  [14, 9],
  [16, 12],
] as const
const down = [
  [16, 12],
  [14, 9],
  [10, 8],
] as const

test('three rising bars whose first and third do not meet leave a gap, known with the third', () => {
  expect(openAfter(up)).toEqual([[], [], [gap('long', 10, 12, 2)]])
})

test('three falling bars mirror it', () => {
  expect(openAfter(down)).toEqual([[], [], [gap('short', 10, 12, 2)]])
})

test('bars that touch leave none', () => {
  expect(openAfter([...up.slice(0, 2), [16, 10]]).at(-1)).toEqual([])
})

test('price trading into a gap narrows it from the side it comes from', () => {
  expect(openAfter([...up, [16, 11]]).at(-1)).toEqual([gap('long', 10, 11, 2)])
  expect(openAfter([...up, [16, 11], [16, 10.5], [16, 13]]).at(-1)).toEqual([gap('long', 10, 10.5, 2)])
  expect(openAfter([...down, [11.5, 8]]).at(-1)).toEqual([gap('short', 11.5, 12, 2)])
})

test('a gap traded through, even just to its far edge, is gone', () => {
  expect(openAfter([...up, [16, 10]]).at(-1)).toEqual([])
  expect(openAfter([...up, [16, 4]]).at(-1)).toEqual([])
  expect(openAfter([...down, [12, 8]]).at(-1)).toEqual([])
})

test('only so many are followed; the oldest is let go', () => {
  const stairs = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => [10 * step + 4, 10 * step] as const)
  expect(openAfter(stairs).at(-1)).toHaveLength(6)
  expect(openAfter(stairs, 2).at(-1)).toEqual([
    gap('long', 44, 60, 16, 6 * minute),
    gap('long', 54, 70, 16, 7 * minute),
  ])
})

test('a gap is born formed, at the price where it will be met', () => {
  expect(statesOf(ranging(up)).at(-1)?.open).toEqual([
    { ...gap('long', 10, 12, 2), edge: 12, knownAt: 2 * minute, life: 'formed', lifeAt: 2 * minute },
  ])
})

test('the first bar back at its edge touches it, later ones change only what is left', () => {
  const [first, second] = statesOf(ranging([...up, [16, 12], [16, 11]])).slice(-2)
  const touched = { life: 'touched', lifeAt: 3 * minute, touchedAt: 3 * minute }
  expect(first?.open).toMatchObject([{ ...touched, low: 10, high: 12 }])
  expect(second?.open).toMatchObject([{ ...touched, low: 10, high: 11 }])
})

test('a filled gap is told whole, with when it was touched and when it ended', () => {
  const { open, finished } = statesOf(ranging([...down, [11, 8], [13, 8]])).at(-1) as GapState
  expect(open).toEqual([])
  expect(finished).toEqual([
    {
      ...gap('short', 10, 12, 2),
      edge: 10,
      knownAt: 2 * minute,
      life: 'filled',
      lifeAt: 4 * minute,
      touchedAt: 3 * minute,
      until: 4 * minute,
    },
  ])
})

test('so is a bull gap', () => {
  const { finished } = statesOf(ranging([...up, [16, 11], [16, 9]])).at(-1) as GapState
  expect(finished).toMatchObject([{ side: 'long', low: 10, high: 12, life: 'filled', until: 4 * minute }])
})

test('one bar may touch and fill', () => {
  const [filled] = statesOf(ranging([...up, [16, 9]])).at(-1)?.finished ?? []
  expect(filled).toMatchObject({ touchedAt: 3 * minute, until: 3 * minute })
})

test('fifty filled gaps stay readable', () => {
  const saw = Array.from({ length: 60 }, () => [...up, [16, 8]] as const).flat()
  const { finished } = statesOf(ranging(saw)).at(-1) as GapState
  expect(finished).toHaveLength(50)
  expect(finished.at(-1)).toMatchObject({ at: (59 * 4 + 2) * minute, until: (59 * 4 + 3) * minute })
})

/** The definition without a short cut: every gap met with every later bar. */
const plainly = (bars: readonly Bar[]): readonly (readonly [string, number, number])[] =>
  bars.flatMap((third, i): (readonly [string, number, number])[] => {
    const first = bars[i - 2]
    if (first === undefined) return []
    const after = bars.slice(i + 1)
    const lowest = Math.min(third.low, ...after.map(({ low }) => low))
    const highest = Math.max(third.high, ...after.map(({ high }) => high))
    if (first.high < third.low && lowest > first.high) return [['long', first.high, lowest]]
    if (first.low > third.high && highest < first.low) return [['short', highest, first.low]]
    return []
  })

test('on random markets the open gaps are those no later bar has traded through', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 3, max: 150 }), (seed, count) => {
      const bars = randomBars(seed, count)
      const open = statesOf(bars).at(-1)?.open ?? []
      expect(open.map(({ side, low, high }) => [side, low, high])).toEqual(plainly(bars))
    }),
  )
})
