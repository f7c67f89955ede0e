import { expect, test } from 'vitest'
import { barsOf, randomBars } from '#src/testing/bars.ts'
import { atr } from '../indicators/atr.ts'
import type { Bar } from '../market/bar.ts'
import { type StructureState, structure } from './structure.ts'
import type { StructureReading } from './structure-reading.ts'

const minute = 60_000

const read = (bars: readonly Bar[], range = 10): StructureReading =>
  structure.value(bars.reduce((state, bar) => structure.step(state, bar, range), structure.initial))
const closing = (closes: readonly number[]): readonly Bar[] =>
  barsOf(closes.map((close) => [close - 0.5, close + 1, close - 1, close]))

/** Three up, three down: a high every six bars, the k-th `growth` points above the one before. */
const zigzag = (peaks: number, growth: number): readonly number[] =>
  Array.from({ length: peaks }, (_, k) => [0, 1, 2, 3 + k * growth, 2, 1]).flat()

test('forty swings of a kind and fifty shifts are remembered, newest last', () => {
  const { swingHighs, shifts, shift } = read(closing(zigzag(70, 2)))
  expect(swingHighs).toHaveLength(40)
  expect(swingHighs.at(-1)).toMatchObject({ price: 140, at: (68 * 6 + 3) * minute, knownAt: (68 * 6 + 6) * minute })
  expect(shifts).toHaveLength(50)
  expect(shifts.at(-1)).toBe(shift)
  expect(shift).toMatchObject({ kind: 'BOS', side: 'long', at: (69 * 6 + 3) * minute, swingAt: (68 * 6 + 3) * minute })
})

test('equal highs are judged by the ATR of the bar that makes the second known', () => {
  const twoHighs = closing(zigzag(3, 0.25).slice(0, 13))
  expect(read(twoHighs, 2.5).pools).toMatchObject([{ kind: 'high', count: 2, price: 4.25, knownAt: 12 * minute }])
  expect(read(twoHighs, 2.25).pools).toEqual([])
})

test('the dealing range is that of the newest close', () => {
  expect(read(closing([5, 4, 3, 0, 3, 4, 5, 8, 5, 4, 3, 2])).dealing).toEqual({
    low: -1,
    high: 9,
    lowAt: 3 * minute,
    highAt: 7 * minute,
    equilibrium: 4,
    share: 0.3,
    word: 'discount',
  })
})

type Item = {
  readonly at: number
  readonly knownAt?: number
  readonly touchedAt?: number | undefined
  readonly takenAt?: number | undefined
  readonly until?: number
}

/** Every instant at which something became known, with whose it is. */
const instantsOf = (reading: StructureReading): ReadonlyMap<string, number> => {
  const { gaps, blocks, pools } = reading.finished
  const of = (name: string, items: readonly Item[]): readonly (readonly [string, number])[] =>
    items.flatMap(({ at, knownAt = at, touchedAt, takenAt, until }) =>
      [knownAt, touchedAt, takenAt, until].flatMap((instant, i) =>
        instant === undefined ? [] : [[`${name} ${at} ${i} ${instant}`, instant] as const],
      ),
    )
  return new Map([
    ...of('high', reading.swingHighs),
    ...of('low', reading.swingLows),
    ...of('shift', reading.shifts),
    ...of('sweep', reading.sweeps),
    ...of('gap', [...gaps, ...reading.gaps]),
    ...of('block', [...blocks, ...reading.blocks]),
    ...of('pool', [...pools, ...reading.pools]),
  ])
}

test('what a bar makes known is stamped with that bar', () => {
  const range = atr(14)
  let ranged = range.initial
  let state = structure.initial
  let before = instantsOf(structure.value(state))
  let stamped = 0
  for (const bar of randomBars(11, 1500)) {
    ranged = range.step(ranged, bar)
    state = structure.step(state, bar, range.value(ranged))
    const now = instantsOf(structure.value(state))
    const fresh = [...now].filter(([name]) => !before.has(name))
    expect(fresh.filter(([, instant]) => instant !== bar.time)).toEqual([])
    stamped += fresh.length
    before = now
  }
  expect(stamped).toBe(1302)
})

/** The state as it would be if no bar were ever taken for calm. */
const restless = (state: StructureState): StructureState => {
  const calm = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  return { ...state, blocks: { ...state.blocks, calm }, pools: { ...state.pools, calm } }
}

test.each([1, 2, 3])('what a calm bar passes over would not have changed: random market %d', (seed) => {
  let state = structure.initial
  for (const [i, quiet] of randomBars(seed, 1500).entries()) {
    // A bar that leaps over what is near, and the next one back: crossed by no trade.
    const leap = i % 11 === 0 ? 8 : 0
    const bar = { ...quiet, high: quiet.high + leap, low: quiet.low + leap, close: quiet.close + leap }
    const atr = i % 500 < 60 ? Number.NaN : 6
    const next = structure.step(state, bar, atr)
    expect(restless(structure.step(restless(state), bar, atr))).toEqual(restless(next))
    state = next
  }
})
