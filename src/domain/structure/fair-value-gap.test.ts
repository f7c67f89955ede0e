import { expect, test } from 'vitest'
import { barsOf } from '#src/testing/bars.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { type FairValueGap, fairValueGaps, type GapState } from './fair-value-gap.ts'

const minute = 60_000

/** What is open after each bar, for bars given as [high, low]. */
const openAfter = (ranges: readonly (readonly [number, number])[], kept?: number): readonly GapState['open'][] => {
  const fold = fairValueGaps(kept)
  let state = fold.initial
  return barsOf(ranges.map(([high, low]) => [low, high, low, high])).map((bar) => {
    state = fold.step(state, bar)
    return state.open
  })
}
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

test.skipIf(!hasOracles)('finds every gap smart-money-concepts finds in 24,424 bars, one bar later', () => {
  const bars = oracleRows('oracles/smc/EURUSD_15M.csv.gz', 'Open', 'High', 'Low', 'Close').map((row, time) => ({
    time,
    open: Number(row.Open),
    high: Number(row.High),
    low: Number(row.Low),
    close: Number(row.Close),
    volume: 0,
  }))
  const fold = fairValueGaps(1)
  let state = fold.initial
  const known = bars.map((bar) => {
    state = fold.step(state, bar)
    const newest = state.open.at(-1)
    return newest?.at === bar.time ? newest : undefined
  })
  // They look ahead, stamping the middle bar, and also ask its body to point the gap's way.
  const ours = bars.map(({ open, close }, middle) => {
    const found = known[middle + 1]
    const pointed = found?.side === 'long' ? close > open : close < open
    return found === undefined || !pointed ? ',,' : `${found.side === 'long' ? 1 : -1},${found.high},${found.low}`
  })
  const theirs = oracleRows('oracles/smc/fvg_result_data.csv.gz', 'FVG', 'Top', 'Bottom').map(({ FVG, Top, Bottom }) =>
    FVG === '' ? ',,' : [FVG, Top, Bottom].map(Number).join(),
  )
  expect(theirs).toHaveLength(24_424)
  expect(theirs.filter((row) => row !== ',,')).toHaveLength(5020)
  expect(theirs.filter((row, i) => row !== ours[i])).toEqual([])
})
