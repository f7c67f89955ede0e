import { describe, expect, test } from 'vitest'
import { recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { dateOfBar, sessionOf } from '../instruments/calendar.ts'
import { easternMs } from '../instruments/zone.ts'
import { minuteMs, type RecordedBar } from './bar.ts'
import { type CoverageQuestion, coverDate } from './coverage.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const later = at('2027-06-01', 0)

const barAt = (time: number, price = 4120, rest: Partial<RecordedBar> = {}): RecordedBar => ({
  ...{ time, open: price, high: price + 0.1, low: price - 0.1, close: price, volume: 1 },
  ...{ finality: 'live', asOf: time + minuteMs, source: 'feed' },
  ...rest,
})

/** A bar in every open minute of a gold trade date, a tick up and down in turn. */
const fullDate = (tradeDate: string): readonly RecordedBar[] =>
  (sessionOf('metals', tradeDate)?.segments ?? []).flatMap(({ open, close }) =>
    Array.from({ length: (close - open) / minuteMs }, (_, i) => barAt(open + i * minuteMs, 4120 + (i % 2) / 10)),
  )

const cover = (tradeDate: string, bars: readonly RecordedBar[], question: Partial<CoverageQuestion> = {}) =>
  coverDate({ id: 'MGC', tradeDate, contract: 202612, bars, askedTo: 0, now: later, ...question })

test('a whole ordinary trade date has 1,380 minutes and nothing wrong', () => {
  expect(cover('2026-11-18', fullDate('2026-11-18'))).toEqual({
    tradeDate: '2026-11-18',
    contract: 202612,
    expected: 1380,
    present: 1380,
    partial: 0,
    silent: 0,
    holes: [],
    offHours: 0,
    offGrid: 0,
    outliers: 0,
    duplicates: 0,
    sources: ['feed'],
  })
})

test.each([
  ['the Monday after clocks went back', 'MES', '2026-11-02', 1380],
  ['the Monday after clocks went forward', 'MES', '2026-03-09', 1380],
  ['an early close of equities', 'MES', '2026-12-24', 1155],
  ['an early close of metals', 'MGC', '2026-12-24', 1185],
  ['Thanksgiving and the short Friday of equities', 'MES', '2026-11-27', 1140 + 1155],
  ['Thanksgiving and the short Friday of metals', 'MGC', '2026-11-27', 1230 + 1245],
  ['equities while they still paused at 16:15', 'ES', '2020-11-18', 1365],
  ['Thanksgiving itself, which settles nothing', 'MES', '2026-11-26', 0],
  ['a Saturday', 'MES', '2026-11-21', 0],
] as const)('%s: %s on %s expects %i minutes', (_, id, tradeDate, expected) => {
  expect(cover(tradeDate, [], { id }).expected).toBe(expected)
})

test('only minutes that are over are expected', () => {
  const now = at('2026-11-17', 18, 10) + 59_999
  expect(cover('2026-11-18', fullDate('2026-11-18').slice(0, 11), { now })).toMatchObject({ expected: 10, present: 10 })
  expect(cover('2026-11-18', [], { now: at('2026-11-17', 17) }).expected).toBe(0)
})

test('minutes without a bar are holes until the source was asked for them, and silent then', () => {
  const missing = [at('2026-11-17', 23, 5), at('2026-11-17', 23, 6), at('2026-11-18', 9, 30)]
  const bars = fullDate('2026-11-18').filter(({ time }) => !missing.includes(time))
  expect(cover('2026-11-18', bars)).toMatchObject({
    present: 1377,
    silent: 0,
    holes: [
      { from: at('2026-11-17', 23, 5), to: at('2026-11-17', 23, 7) },
      { from: at('2026-11-18', 9, 30), to: at('2026-11-18', 9, 31) },
    ],
  })
  const half = cover('2026-11-18', bars, { askedTo: at('2026-11-17', 23, 6) })
  const midway = cover('2026-11-18', bars, { askedTo: at('2026-11-17', 23, 5) + 30_000 })
  expect(midway.silent).toBe(0)
  expect([half.silent, half.holes[0]]).toEqual([1, { from: at('2026-11-17', 23, 6), to: at('2026-11-17', 23, 7) }])
  expect(cover('2026-11-18', bars, { askedTo: later })).toMatchObject({ present: 1377, silent: 3, holes: [] })
})

test('a merged session without any bar has a hole for each day it holds', () => {
  expect(cover('2026-11-27', []).holes).toEqual([
    { from: at('2026-11-25', 18), to: at('2026-11-26', 14, 30) },
    { from: at('2026-11-26', 18), to: at('2026-11-27', 14, 45) },
  ])
})

test('partial bars are present and counted, sources are named once', () => {
  const bars = fullDate('2026-11-18').map((bar, i) =>
    i < 3 ? { ...bar, finality: 'partial' as const } : i < 700 ? { ...bar, source: 'massive' } : bar,
  )
  expect(cover('2026-11-18', bars, { duplicates: 4 })).toMatchObject({
    present: 1380,
    partial: 3,
    duplicates: 4,
    sources: ['feed', 'massive'],
  })
})

test('bars while the market was shut are counted apart', () => {
  const shut = barAt(at('2026-11-18', 17, 5))
  expect(cover('2026-11-18', [...fullDate('2026-11-18'), shut])).toMatchObject({ present: 1380, offHours: 1 })
})

test('a price between the ticks and a high below the close are off the grid', () => {
  const bars = [...fullDate('2026-11-18')]
  bars[10] = barAt(bars[10]?.time ?? 0, 4120, { low: 4119.95 })
  bars[20] = barAt(bars[20]?.time ?? 0, 4120, { high: 4119.9 })
  bars[30] = barAt(bars[30]?.time ?? 0, 4120, { low: 4120.1, high: 4120.2 })
  expect(cover('2026-11-18', bars).offGrid).toBe(3)
})

describe('an outlier', () => {
  const with20 = (rest: Partial<RecordedBar>, next?: Partial<RecordedBar>) => {
    const bars = [...fullDate('2026-11-18')]
    const time = bars[20]?.time ?? 0
    bars[20] = barAt(time, 4120, rest)
    if (next !== undefined) bars[21] = barAt(time + minuteMs, 4120, next)
    return cover('2026-11-18', bars).outliers
  }

  test('reaches more than sixteen ticks beyond both its neighbors in a calm market', () => {
    expect(with20({ high: 4121.8 })).toBe(0)
    expect(with20({ high: 4121.9 })).toBe(1)
    expect(with20({ low: 4118.4 })).toBe(0)
    expect(with20({ low: 4118.3 })).toBe(1)
    expect(with20({ high: 4220, close: 4219.9 })).toBe(1)
  })

  test('is none when the next bar trades there too', () => {
    expect(with20({ high: 4125, close: 4124.9 }, { open: 4124.9, high: 4125, low: 4124, close: 4124.5 })).toBe(0)
  })

  test('reaches further where the market is wild', () => {
    const wild = fullDate('2026-11-18').map((bar, i) => {
      const price = 4120 + (i % 2)
      return { ...bar, open: price, high: price + 0.1, low: price - 0.1, close: price }
    })
    const spiked = (high: number) => cover('2026-11-18', wild.with(21, { ...(wild[21] as RecordedBar), high })).outliers
    // A point from close to close: 8 · 1.4826 · 10 ticks.
    expect([spiked(4120.1 + 11.8), spiked(4120.1 + 11.9)]).toEqual([0, 1])
  })
})

/** On the 8th and 9th the S&P's first bar after its pause at 16:15 is torn; gold fell and came back at 08:42 on the 11th. */
test.skipIf(!hasOracles).each([
  ['ES', 'equity', [0, 1, 1, 0, 0]],
  ['GC', 'metals', [0, 0, 0, 0, 2]],
] as const)('a week of real %s bars has no fault but the outliers known', (id, group, outliers) => {
  const bars = recordedBars(id, '2013-10-12').map((bar) => barAt(bar.time, bar.close, bar))
  const seen = ['2013-10-07', '2013-10-08', '2013-10-09', '2013-10-10', '2013-10-11'].map((date) => {
    const own = bars.filter(({ time }) => dateOfBar(group, time) === date)
    return cover(date, own, { id, contract: 201312, askedTo: later })
  })
  expect(seen.map((date) => date.outliers)).toEqual(outliers)
  expect(seen.map(({ offGrid, offHours, holes }) => [offGrid, offHours, holes.length])).toEqual(
    seen.map(() => [0, 0, 0]),
  )
  for (const { present, silent, expected } of seen) expect(present + silent).toBe(expected)
})
