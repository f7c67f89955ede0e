import { expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { freeze } from '#src/testing/freeze.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { atr } from '../indicators/atr.ts'
import { dateOfBar } from '../instruments/calendar.ts'
import { intradayBars, rollAll } from '../market/aggregate.ts'
import type { Bar } from '../market/bar.ts'
import { priorLevels } from './prior-levels.ts'
import { structure } from './structure.ts'
import { swings } from './swing.ts'

/** What a signal says after each bar, as one text each; asked for the last `wanted` bars only. */
type Signal = (bars: readonly Bar[], wanted: number) => readonly string[]

const range = atr(14)

const structureOf: Signal = (bars, wanted) => {
  let ranged = range.initial
  let state = structure.initial
  const said: string[] = []
  bars.forEach((bar, i) => {
    ranged = range.step(ranged, bar)
    state = structure.step(state, bar, range.value(ranged))
    if (i >= bars.length - wanted) said.push(JSON.stringify(structure.value(state)))
  })
  return said
}

const priorOf: Signal = (bars, wanted) => {
  let state = priorLevels.initial
  const said: string[] = []
  bars.forEach((bar, i) => {
    state = priorLevels.step(state, { bar, tradeDate: dateOfBar('equity', bar.time) })
    if (i >= bars.length - wanted) said.push(JSON.stringify(priorLevels.value(state)))
  })
  return said
}

/** Stamps each swing on its own bar, three bars before it can be known: what the contract is there to catch. */
const swingsTooEarly: Signal = (bars, wanted) => {
  const turns = swings()
  let state = turns.initial
  const known = new Set<number>()
  for (const bar of bars) {
    state = turns.step(state, bar)
    for (const { at } of state.confirmed) known.add(at)
  }
  return bars.slice(-wanted).map(({ time }) => String(known.has(time)))
}

/**
 * In how many of a thousand random cuts the signal's last output differs from the one within the whole. A look ahead of
 * any length shows at the cut itself, and the outputs before it are the last ones of other cuts.
 */
const differences = (signal: Signal, bars: readonly Bar[], seed: number): number => {
  const chance = createChance(seed)
  const whole = signal(bars, bars.length)
  let differing = 0
  for (let i = 0; i < 1000; i++) {
    const cut = 1 + Math.floor(chance() * bars.length)
    if (signal(bars.slice(0, cut), 1)[0] !== whole[cut - 1]) differing++
  }
  return differing
}

const market = randomBars(23, 250, Date.UTC(2024, 2, 7, 20))

test.each([
  ['structure', structureOf],
  ['prior levels', priorOf],
] as const)('%s cut at a thousand places of a random market says what it says within the whole', (_, signal) => {
  expect(differences(signal, market, 1)).toBe(0)
})

test('a look ahead is caught', () => {
  expect(differences(swingsTooEarly, market, 1)).toBe(166)
})

const minutes = hasOracles ? recordedBars('ES', '2013-10-12') : []
const week = rollAll(intradayBars('5m'), minutes)

test.skipIf(!hasOracles)(
  'a recorded week cut at a thousand places says what it says within the whole',
  () => {
    expect([minutes.length, week.length]).toEqual([6826, 1380])
    expect(differences(structureOf, week, 2)).toBe(0)
  },
  60_000,
)

test.skipIf(!hasOracles)('so do its prior levels', () => {
  expect(differences(priorOf, week, 3)).toBe(0)
})

test('no step changes the state it was given, and a forming bar leaves no trace', () => {
  const wild: Bar = { time: 9e12, open: 1, high: 9000, low: 0, close: 5000, volume: 1 }
  let frozen = freeze(structure.initial)
  let plain = structure.initial
  for (const bar of market) {
    structure.value(structure.step(frozen, freeze(wild), 10))
    frozen = freeze(structure.step(frozen, freeze(bar), 10))
    plain = structure.step(plain, bar, 10)
  }
  expect(structure.value(frozen)).toEqual(structure.value(plain))
})

const line = 4000
const mirrored = (bars: readonly Bar[]): readonly Bar[] =>
  bars.map((bar) => ({
    ...bar,
    open: line - bar.open,
    high: line - bar.low,
    low: line - bar.high,
    close: line - bar.close,
  }))

const otherWords: Readonly<Record<string, string>> = {
  long: 'short',
  short: 'long',
  high: 'low',
  low: 'high',
  premium: 'discount',
  discount: 'premium',
}
const prices = ['price', 'low', 'high', 'edge', 'reach', 'equilibrium']
const otherNames: Readonly<Record<string, string>> = {
  low: 'high',
  high: 'low',
  lowAt: 'highAt',
  highAt: 'lowAt',
  swingHighs: 'swingLows',
  swingLows: 'swingHighs',
}

/** A reading as it would be of mirrored prices. */
const reflect = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((each) => reflect(each))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [otherNames[key] ?? key, reflect(each, key)]))
  if (typeof value === 'number') return name === 'share' ? 1 - value : prices.includes(name) ? line - value : value
  return typeof value === 'string' ? (otherWords[value] ?? value) : value
}

const readingOf = (bars: readonly Bar[]): unknown => JSON.parse(structureOf(bars, 1).at(-1) ?? '')

/** Lists hold a bar's highs before its lows, so items of one bar may change places in the mirror. */
const unordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(unordered(each))).sort()
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, key === 'share' ? Number(each).toFixed(9) : unordered(each)]),
    )
  return value
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('mirrored prices mirror the sides (market %d)', (seed) => {
  const bars = randomBars(seed, 300)
  expect(unordered(reflect(readingOf(bars)))).toEqual(unordered(readingOf(mirrored(bars))))
})

test.skipIf(!hasOracles)('a recorded week of the S&P 500 has so much structure', () => {
  const ever = { swings: 0, BOS: 0, CHoCH: 0, gaps: 0, blocks: 0, breakers: 0, pools: 0, sweeps: 0, dealt: 0 }
  let ranged = range.initial
  let state = structure.initial
  for (const bar of week) {
    ranged = range.step(ranged, bar)
    state = structure.step(state, bar, range.value(ranged))
    const now = structure.value(state)
    const born = <Item extends { readonly knownAt: number }>(items: readonly Item[]): readonly Item[] =>
      items.filter(({ knownAt }) => knownAt === bar.time)
    ever.swings += born([...now.swingHighs, ...now.swingLows]).length
    if (now.shift?.at === bar.time) ever[now.shift.kind]++
    ever.gaps += born(now.gaps).length
    ever.blocks += born(now.blocks).filter(({ breaker }) => !breaker).length
    ever.breakers += born(now.blocks).filter(({ breaker }) => breaker).length
    ever.pools += born(now.pools).length
    ever.sweeps += born(now.sweeps).length
    if (now.dealing !== undefined) ever.dealt++
  }
  expect(ever).toEqual({
    swings: 154,
    BOS: 33,
    CHoCH: 35,
    gaps: 222,
    blocks: 67,
    breakers: 57,
    pools: 16,
    sweeps: 9,
    dealt: 1243,
  })
})
