import { describe, expect, test } from 'vitest'
import { tradeDateAt } from '../instruments/calendar.ts'
import type { Bar } from '../market/bar.ts'
import type { BlockSetup } from './block-setup.ts'
import { edgeMarkers, fixedMarkers, type MarkerSource } from './markers.ts'
import { type BlockKind, type TimeBlock, timeBlocks } from './time-block.ts'

const minute = 60_000
const at = (text: string): number => Date.parse(text)

/** Bars a minute apart from an instant, written as [high, low, close]. */
const barsFrom = (from: string, rows: readonly (readonly [number, number, number])[]): readonly Bar[] =>
  rows.map(([high, low, close], i) => ({ time: at(from) + i * minute, open: close, high, low, close, volume: 1 }))

const read = (kind: BlockKind, markers: MarkerSource, bars: readonly Bar[]): TimeBlock | undefined => {
  const fold = timeBlocks(kind, markers)
  let state = fold.initial
  for (const bar of bars) state = fold.step(state, { bar, tradeDate: tradeDateAt('equity', bar.time) })
  return fold.value(state)
}

/** The block from 09:00 to 09:05 New York spans 90 to 110 and closes at 100; what follows is the block traded from 09:05. */
const before = barsFrom('2024-03-05T14:00Z', [
  [110, 100, 100],
  [100, 90, 100],
  [100, 100, 100],
  [100, 100, 100],
  [100, 100, 100],
])
const after = (rows: readonly (readonly [number, number, number])[]) => barsFrom('2024-03-05T14:05Z', rows)
const marker = fixedMarkers([9 * 60 + 5])

const road = (
  way: BlockSetup['way'],
  line: BlockSetup['line'],
  rows: readonly (readonly [number, number, number])[],
): readonly string[] => {
  const block = read('5m', marker, [...before, ...after(rows)])
  const setup = block?.setups.find((each) => each.way === way && each.line === line)
  return setup?.steps.map(({ state, at: since }) => `${state} ${new Date(since).toISOString().slice(14, 16)}`) ?? []
}

/** The same road on prices mirrored about 100, where highs are lows. */
const mirrored = (rows: readonly (readonly [number, number, number])[]) =>
  rows.map(([high, low, close]) => [200 - low, 200 - high, 200 - close] as const)

describe.each([
  ['traded beyond and closed back inside in one bar', [[111, 99, 105]], ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 06']],
  [
    'closed beyond, then back on the line',
    [
      [112, 100, 111],
      [111, 110, 110],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 07'],
  ],
  ['never beyond, only on the line', [[110, 99, 110]], ['WATCHING 05']],
  [
    'reversed to the opposite line',
    [
      [111, 105, 105],
      [105, 90, 91],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 06', 'REACHED 07'],
  ],
  [
    'a point short of the opposite line',
    [
      [111, 105, 105],
      [105, 91, 91],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 06'],
  ],
  [
    'reversed and then traded beyond its extreme',
    [
      [111, 105, 105],
      [112, 105, 109],
      [109, 80, 80],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 06', 'FAILED 07'],
  ],
  [
    'extreme and target in one bar: the worse of the two',
    [
      [111, 105, 105],
      [112, 90, 109],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 06', 'FAILED 07'],
  ],
  [
    'beyond for a quarter of an hour',
    [...Array.from({ length: 16 }, (): [number, number, number] => [112, 111, 111]), [111, 105, 105]],
    ['WATCHING 05', 'BEYOND 06', 'FAILED 21'],
  ],
] as const)('a sweep that %s', (_, rows, steps) => {
  test('of the high', () => expect(road('sweep-and-reverse', 'high', rows)).toEqual(steps))
  test('of the low', () => expect(road('sweep-and-reverse', 'low', mirrored(rows))).toEqual(steps))
})

describe.each([
  [
    'closed beyond, came back and held',
    [
      [112, 100, 111],
      [113, 111, 112],
      [112, 110, 111],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 08'],
  ],
  [
    'never came back: no touch of the line, no trade',
    [
      [112, 100, 111],
      [120, 111, 119],
      [119, 111, 118],
    ],
    ['WATCHING 05', 'BEYOND 06'],
  ],
  ['only traded beyond', [[115, 100, 110]], ['WATCHING 05']],
  [
    'came back and closed on the line',
    [
      [112, 100, 111],
      [112, 109, 110],
      [115, 109, 115],
    ],
    ['WATCHING 05', 'BEYOND 06', 'FAILED 07'],
  ],
  [
    'held and was lost after all',
    [
      [112, 100, 111],
      [112, 110, 111],
      [111, 108, 109],
    ],
    ['WATCHING 05', 'BEYOND 06', 'TRIGGERED 07', 'FAILED 08'],
  ],
] as const)('a break that %s', (_, rows, steps) => {
  test('of the high', () => expect(road('break-and-retest', 'high', rows)).toEqual(steps))
  test('of the low', () => expect(road('break-and-retest', 'low', mirrored(rows))).toEqual(steps))
})

test('price that is outside when a marker comes has to close inside first', () => {
  const outside = [...before.slice(0, 4), ...barsFrom('2024-03-05T14:04Z', [[110, 90, 100]])]
  const block = read('5m', fixedMarkers([9 * 60 + 7]), [
    ...outside,
    ...after([
      [120, 115, 118],
      [119, 112, 115],
      [125, 112, 112],
      [112, 104, 104],
      [113, 104, 105],
    ]),
  ])
  const sweep = block?.setups[0]
  expect(sweep?.steps.map(({ state, at: since }) => [state, new Date(since).getUTCMinutes()])).toEqual([
    ['WAIT', 7],
    ['WATCHING', 9],
    ['BEYOND', 10],
    ['TRIGGERED', 10],
  ])
})

test('a block says its lines, both ways and both sides', () => {
  const block = read('5m', marker, [...before, ...after([[105, 95, 100]])])
  expect(block).toMatchObject({ kind: '5m', marker: at('2024-03-05T14:05Z'), high: 110, low: 90 })
  expect(block?.setups.map(({ way, line, side, price, target }) => [way, line, side, price, target])).toEqual([
    ['sweep-and-reverse', 'high', 'short', 110, 90],
    ['sweep-and-reverse', 'low', 'long', 90, 110],
    ['break-and-retest', 'high', 'long', 110, undefined],
    ['break-and-retest', 'low', 'short', 90, undefined],
  ])
})

const quiet = (from: string, count: number, price: number): readonly Bar[] =>
  barsFrom(
    from,
    Array.from({ length: count }, () => [price, price, price] as const),
  )

test('four hours begin at 18:00 New York, and with each the last block gives the lines', () => {
  const bars = [...quiet('2024-03-05T23:00Z', 240, 100), ...quiet('2024-03-06T03:00Z', 240, 103)]
  const edges = edgeMarkers('equity', 240)
  expect(read('4h', edges, bars.slice(0, 240))).toBeUndefined()
  expect(read('4h', edges, bars.slice(0, 241))).toMatchObject({ marker: at('2024-03-06T03:00Z'), high: 100, low: 100 })
  expect(read('4h', edges, [...bars, ...quiet('2024-03-06T07:00Z', 1, 101)])).toMatchObject({
    marker: at('2024-03-06T07:00Z'),
    high: 103,
    low: 103,
  })
})

test('the day before gives the lines of a marker within the day', () => {
  const bars = [
    ...quiet('2024-03-05T15:00Z', 2, 90),
    ...quiet('2024-03-05T15:02Z', 1, 95),
    ...quiet('2024-03-05T23:00Z', 9, 99),
  ]
  expect(read('day', fixedMarkers([18 * 60 + 5]), bars)).toMatchObject({
    marker: at('2024-03-05T23:05Z'),
    high: 95,
    low: 90,
  })
})

test('a new marker begins anew, and of several passed in a hole the last counts', () => {
  const bars = [...before, ...after([[112, 100, 111]])]
  const markers = fixedMarkers([9 * 60 + 5, 9 * 60 + 8, 9 * 60 + 9])
  const block = read('5m', markers, [...bars, ...barsFrom('2024-03-05T14:12Z', [[100, 100, 100]])])
  expect(block).toMatchObject({ marker: at('2024-03-05T14:09Z'), high: 112, low: 100 })
  expect(block?.setups.map(({ state }) => state)).toEqual(['WATCHING', 'WATCHING', 'WATCHING', 'WATCHING'])
})
