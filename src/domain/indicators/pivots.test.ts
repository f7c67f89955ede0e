import { expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { floorPivots, pivotNames } from './pivots.ts'

test('stands around the mean of the day’s high, low and close', () => {
  expect(floorPivots({ high: 120, low: 90, close: 105 })).toEqual({
    P: 105,
    R1: 120,
    S1: 90,
    R2: 135,
    S2: 75,
    R3: 150,
    S3: 60,
  })
})

test('a strong close lifts every level', () => {
  expect(floorPivots({ high: 120, low: 90, close: 120 })).toEqual({
    P: 110,
    R1: 130,
    S1: 100,
    R2: 140,
    S2: 80,
    R3: 160,
    S3: 70,
  })
})

test.skipIf(!hasOracles)('equals TradingView’s traditional pivots of every anchor in 13,000 bars', () => {
  const columns = ['P_trad', 'R1_trad', 'S1_trad', 'R2_trad', 'S2_trad', 'R3_trad', 'S3_trad'] as const
  const path = 'oracles/tradingview-pynecore/t20_ta/pivot_point_levels.csv.gz'
  const rows = oracleRows(path, 'high', 'low', 'close', ...columns)
  /** The levels change with each new anchor; those of one are made from the bars of the one before. */
  const starts = rows.flatMap(({ P_trad }, i) => (i === 0 || P_trad !== rows[i - 1]?.P_trad ? [i] : []))
  const errors = starts.slice(1).flatMap((start, k) => {
    const before = rows.slice(starts[k], start)
    const pivots = floorPivots({
      high: Math.max(...before.map(({ high }) => Number(high))),
      low: Math.min(...before.map(({ low }) => Number(low))),
      close: Number(before.at(-1)?.close),
    })
    return pivotNames.map((name) => Math.abs(pivots[name] - Number(rows[start]?.[`${name}_trad`])))
  })
  expect([rows.length, starts.length - 1, errors.length]).toEqual([13_000, 272, 1904])
  expect(Math.max(...errors)).toBeLessThan(1e-9)
})
