import { expect, test } from 'vitest'
import { specOf } from '../../instruments/contract-spec.ts'
import { easternMs } from '../../instruments/zone.ts'
import { toColumns } from '../../market/series.ts'
import { historyOf } from '../history.ts'
import { morningsOf } from './mornings.ts'

/** Bars at these New York times, in order. */
const historyAt = (...times: readonly (readonly [date: string, hour: number])[]) =>
  historyOf(
    specOf('MES'),
    toColumns(
      times.map(([date, hour]) => ({
        ...{ time: easternMs(date, hour * 60), open: 5, high: 5, low: 5, close: 5, volume: 1 },
      })),
    ),
  )

test('a morning runs from midnight to flat-by', () => {
  const history = historyAt(['2025-10-06', 19], ['2025-10-07', 0], ['2025-10-07', 11.5], ['2025-10-07', 12])
  expect(morningsOf(history)).toEqual([{ midnight: easternMs('2025-10-07', 0), first: 1, end: 3 }])
})

test('mornings follow each other without an afternoon between them', () => {
  const history = historyAt(['2025-10-07', 6], ['2025-10-08', 6], ['2025-10-08', 7])
  expect(morningsOf(history).map(({ first, end }) => [first, end])).toEqual([
    [0, 1],
    [1, 3],
  ])
})

test('Thanksgiving has none, though its bars count to the Friday’s date', () => {
  const history = historyAt(['2025-11-26', 8], ['2025-11-27', 8], ['2025-11-28', 8])
  expect(history.dates).toEqual(['2025-11-26', '2025-11-28'])
  expect(morningsOf(history).map(({ first }) => first)).toEqual([0, 2])
})
