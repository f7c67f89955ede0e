import { expect, test } from 'vitest'
import { tapeOf } from '#src/testing/tape.ts'
import { rOf, roundTripsOf } from './round-trip.ts'

test('two halves of one setup left apart are one trade with average prices and the sum of the money', () => {
  const [trip, ...more] = roundTripsOf(
    tapeOf([
      {
        setup: 3,
        quantity: 1,
        bars: [2, 4],
        entry: 100,
        exit: 110,
        gross: 1000,
        fees: 10,
        risked: 500,
        best: 12,
        worst: -1,
        reason: 'target',
      },
      {
        setup: 3,
        quantity: 3,
        bars: [2, 9],
        entry: 100,
        exit: 98,
        gross: -600,
        fees: 30,
        slipped: 5,
        risked: 1500,
        best: 14,
        worst: -2,
        reason: 'stop',
      },
    ]),
  )
  expect(more).toEqual([])
  expect(trip).toEqual({
    side: 1,
    quantity: 4,
    enteredAt: 2,
    leftAt: 9,
    entry: 100,
    exit: 101,
    gross: 400,
    fees: 40,
    net: 360,
    slipped: 5,
    risked: 2000,
    best: 14,
    worst: -2,
    reason: 'stop',
    grade: -1,
    regime: -1,
    setup: 3,
  })
  expect(trip && rOf(trip)).toBe(0.18)
})

test('parts join across trades of other setups that closed between them', () => {
  const trips = roundTripsOf(
    tapeOf([
      { setup: 1, bars: [0, 2], gross: 1 },
      { setup: 2, bars: [1, 3], gross: 10 },
      { setup: 1, bars: [1, 5], gross: 100 },
    ]),
  )
  expect(trips.map(({ net }) => net)).toEqual([101, 10])
})

test.each([
  [
    'the strategy named no setup',
    [
      { bars: [0, 2] as const, gross: 1 },
      { bars: [0, 3] as const, gross: 1 },
    ],
  ],
  [
    'they lie on two sides',
    [
      { setup: 1, bars: [0, 2] as const, gross: 1 },
      { setup: 1, side: -1 as const, bars: [0, 3] as const, gross: 1 },
    ],
  ],
  [
    'the setup was entered again later',
    [
      { setup: 1, bars: [0, 2] as const, gross: 1 },
      { setup: 1, bars: [3, 4] as const, gross: 1 },
    ],
  ],
])('rows are trades of their own where %s', (_, rows) => {
  expect(roundTripsOf(tapeOf(rows))).toHaveLength(2)
})

test('a part without a stop leaves its trade without an R', () => {
  const [trip] = roundTripsOf(
    tapeOf([
      { setup: 1, bars: [0, 2], gross: 1, risked: 5 },
      { setup: 1, bars: [0, 2], gross: 1 },
    ]),
  )
  expect(trip && rOf(trip)).toBeNaN()
})
