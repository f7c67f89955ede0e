import { expect, test } from 'vitest'
import type { Bar } from '../market/bar.ts'
import { liquidityPools, type PoolState } from './liquidity-pool.ts'
import type { Swing } from './swing.ts'

const bar = (time: number, high: number, low: number, close: number): Bar => ({
  time,
  open: close,
  high,
  low,
  close,
  volume: 1,
})
const high = (price: number, at: number): Swing => ({ kind: 'high', price, at, knownAt: at + 3 })
const low = (price: number, at: number): Swing => ({ kind: 'low', price, at, knownAt: at + 3 })
const quiet = (time: number): Bar => bar(time, 91, 89, 90)

/** An ATR of ten points: swings within a point are equal. */
const after = (steps: readonly (readonly [Bar, ...Swing[]])[], atr = 10): PoolState =>
  steps.reduce(
    (state, [each, ...confirmed]) => liquidityPools.step(state, each, confirmed, atr),
    liquidityPools.initial,
  )

const equalHighs = [
  [quiet(4), high(100, 1)],
  [quiet(14), high(99.5, 11)],
] as const

test('two swing highs within a tenth of the ATR make a pool at the higher, known with the second', () => {
  expect(after(equalHighs).open).toEqual([
    {
      kind: 'high',
      price: 100,
      at: 1,
      lastAt: 11,
      count: 2,
      beyond: 0,
      reach: 100,
      knownAt: 14,
      life: 'formed',
      lifeAt: 14,
    },
  ])
  expect(after(equalHighs).lone).toEqual([])
})

test('equal lows mirror it: stops rest below the lower', () => {
  const { open } = after([
    [quiet(4), low(80, 1)],
    [quiet(14), low(81, 11)],
  ])
  expect(open).toMatchObject([{ kind: 'low', price: 80, count: 2 }])
})

test('a swing farther than that, or of the other kind, is no equal', () => {
  expect(
    after([
      [quiet(4), high(100, 1)],
      [quiet(14), high(98.75, 11)],
    ]).open,
  ).toEqual([])
  expect(
    after([
      [quiet(4), high(90.5, 1)],
      [quiet(14), low(90, 11)],
    ]).open,
  ).toEqual([])
})

test('before the ATR is known nothing is equal', () => {
  expect(after(equalHighs, Number.NaN).open).toEqual([])
})

test('a third swing joins the pool', () => {
  const { open } = after([...equalHighs, [quiet(24), high(99.25, 21)]])
  expect(open).toMatchObject([{ count: 3, at: 1, lastAt: 21, price: 100, knownAt: 14 }])
})

test('one swing between two lone ones takes the farther, and the other too where it is as near to that', () => {
  const between = (nearer: number) =>
    after([
      [quiet(4), high(100.5, 1)],
      [quiet(14), high(nearer, 11)],
      [quiet(24), high(99.75, 21)],
    ])
  expect(between(99).open).toMatchObject([{ count: 2, at: 1, lastAt: 21, price: 100.5 }])
  expect(between(99).lone).toMatchObject([{ price: 99 }])
  expect(
    after([
      [quiet(4), high(98.75, 1)],
      [quiet(14), high(100, 11)],
      [quiet(24), high(99.5, 21)],
    ]).open,
  ).toMatchObject([{ count: 2, at: 11, price: 100 }])
  expect(
    after(
      [
        [quiet(4), high(99, 1)],
        [quiet(14), high(100.25, 11)],
        [quiet(24), high(99.25, 21)],
      ],
      12.5,
    ).open,
  ).toMatchObject([{ count: 3, at: 1, price: 100.25 }])
})

test('a swing price has traded beyond by more than the tolerance has nothing behind it', () => {
  const beyond = (top: number) => after([[quiet(4), high(100, 1)], [bar(8, top, 90, 95)], [quiet(14), high(100, 11)]])
  expect(beyond(101).open).toHaveLength(1)
  expect(beyond(101.25).open).toEqual([])
})

test('a bar that trades beyond and closes back inside sweeps it and speaks for the other side', () => {
  const { open, finished, sweeps } = after([...equalHighs, [bar(15, 100.25, 98, 100)]])
  expect(open).toEqual([])
  expect(sweeps).toEqual([
    { kind: 'high', side: 'short', price: 100, reach: 100.25, count: 2, poolAt: 1, at: 15, knownAt: 15 },
  ])
  expect(finished).toMatchObject([{ life: 'swept', touchedAt: 15, lifeAt: 15, until: 15 }])
})

test('trading to it is not beyond it', () => {
  expect(after([...equalHighs, [bar(15, 100, 98, 99)]]).open).toMatchObject([{ life: 'formed', beyond: 0 }])
})

test('the close back inside may come with the third bar, known only then', () => {
  const twoBeyond = [...equalHighs, [bar(15, 101, 99, 100.5)], [bar(16, 103, 100.5, 102)]] as const
  expect(after(twoBeyond)).toMatchObject({
    open: [{ life: 'touched', lifeAt: 15, touchedAt: 15, beyond: 2, reach: 103 }],
    sweeps: [],
  })
  expect(after([...twoBeyond, [bar(17, 102, 99, 99.5)]]).sweeps).toMatchObject([{ at: 15, knownAt: 17, reach: 103 }])
})

test('three closes beyond break it', () => {
  const three = [15, 16, 17].map((time) => [bar(time, 103, 100.5, 102)] as const)
  const { open, finished, sweeps } = after([...equalHighs, ...three])
  expect([open, sweeps]).toEqual([[], []])
  expect(finished).toMatchObject([{ life: 'broken', touchedAt: 15, until: 17, reach: 103 }])
})

test('a pool price is trading beyond takes no new swing', () => {
  const { open, lone } = after([...equalHighs, [bar(15, 101, 99, 100.5), high(99.5, 12)]])
  expect(open).toMatchObject([{ count: 2, life: 'touched' }])
  expect(lone).toHaveLength(1)
})

test('a sweep of lows speaks for the long side', () => {
  const { sweeps } = after([[quiet(4), low(80, 1)], [quiet(14), low(80, 11)], [bar(15, 85, 79, 81)]])
  expect(sweeps).toMatchObject([{ kind: 'low', side: 'long', price: 80, reach: 79 }])
})
