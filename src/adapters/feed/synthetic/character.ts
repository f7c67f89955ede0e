import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'

/** How strongly a market follows a driver; the squares of one market's weights sum to 1. */
type Pull = { readonly driver: number; readonly weight: number }

/** What makes a synthetic market look like its model. */
export type Character = {
  /** Points around which the price swings for years. */
  readonly base: number
  /** Standard deviation of a trade date's log return in an ordinary week; the range is about 1.6 times as wide. */
  readonly sigma: number
  /** Trades in the busiest minute of an ordinary day. */
  readonly trades: number
  /** Share of trades that meet a spread of two ticks instead of one. */
  readonly wide: number
  /** Typical contracts at the best price. */
  readonly depth: number
  readonly pulls: readonly Pull[]
}

const world = 0
const shared: Partial<Record<MarketGroup, number>> = { equity: 1, metals: 2 }

/** Splits a market's variance between the whole world, its group and itself. */
const pullsOf = (group: MarketGroup, own: number, fromWorld: number, fromGroup: number): readonly Pull[] =>
  [
    { driver: world, weight: Math.sqrt(fromWorld) },
    { driver: shared[group] ?? own, weight: Math.sqrt(fromGroup) },
    { driver: own, weight: Math.sqrt(1 - fromWorld - fromGroup) },
  ].filter(({ weight }) => weight > 0)

const equity = (own: number) => pullsOf('equity', own, 0.1, 0.72)
const metal = (own: number) => pullsOf('metals', own, 0.05, 0.58)

/** By full-size market: a micro is the same market and walks the same path. */
const characters: Partial<Record<InstrumentId, Character>> = {
  GC: { base: 4_100, sigma: 0.0085, trades: 150, wide: 0.1, depth: 8, pulls: metal(10) },
  SI: { base: 50, sigma: 0.0105, trades: 45, wide: 0.3, depth: 4, pulls: metal(11) },
  HG: { base: 5, sigma: 0.0085, trades: 50, wide: 0.2, depth: 6, pulls: metal(12) },
  CL: { base: 60, sigma: 0.0105, trades: 130, wide: 0.06, depth: 12, pulls: pullsOf('energy', 13, 0.1, 0) },
  ES: { base: 6_700, sigma: 0.0072, trades: 300, wide: 0.03, depth: 25, pulls: equity(14) },
  NQ: { base: 24_500, sigma: 0.0095, trades: 340, wide: 0.15, depth: 6, pulls: equity(15) },
  RTY: { base: 2_400, sigma: 0.0095, trades: 110, wide: 0.1, depth: 8, pulls: equity(16) },
  YM: { base: 47_000, sigma: 0.007, trades: 110, wide: 0.15, depth: 5, pulls: equity(17) },
}

/** The full-size market behind an instrument: the one whose path it walks. */
export const rootOf = (instrument: InstrumentId): InstrumentId => specOf(instrument).microOf?.id ?? instrument

/** The character of an instrument, full size or micro. */
export const characterOf = (instrument: InstrumentId): Character => {
  const character = characters[rootOf(instrument)]
  if (character === undefined) throw new RangeError(`${instrument} has no synthetic market`)
  return character
}

type Knot = readonly [minute: number, activity: number]

const quiet: readonly Knot[] = [
  [0, 0.05],
  [110, 0.06],
  [180, 0.16],
  [300, 0.14],
  [450, 0.17],
  [509, 0.2],
]
const evening: readonly Knot[] = [
  [1080, 0.12],
  [1100, 0.06],
  [1200, 0.075],
  [1320, 0.05],
  [1440, 0.05],
]

/** Activity by minute of New York's day, 1 in the busiest: a U for equities, a morning hump for metals and energy. */
const knots: Record<MarketGroup, readonly Knot[]> = {
  equity: [
    ...quiet,
    [510, 0.6],
    [525, 0.28],
    [569, 0.34],
    [570, 1],
    [600, 0.7],
    [660, 0.45],
    [750, 0.28],
    [840, 0.34],
    [930, 0.55],
    [959, 0.9],
    [960, 0.3],
    [975, 0.1],
    [1020, 0.06],
    ...evening,
  ],
  metals: [
    ...quiet,
    [510, 0.85],
    [530, 0.5],
    [569, 0.45],
    [570, 1],
    [600, 0.75],
    [690, 0.5],
    [780, 0.35],
    [810, 0.4],
    [815, 0.22],
    [960, 0.1],
    [1020, 0.05],
    ...evening,
  ],
  energy: [
    ...quiet,
    [510, 0.55],
    [525, 0.36],
    [569, 0.45],
    [570, 1],
    [600, 0.8],
    [690, 0.5],
    [800, 0.4],
    [868, 0.75],
    [871, 0.2],
    [960, 0.09],
    [1020, 0.05],
    ...evening,
  ],
}

const drawProfile = (points: readonly Knot[]): Float64Array => {
  const profile = new Float64Array(1440)
  for (const [i, [from, left]] of points.entries()) {
    const [to, right] = points[i + 1] ?? [from, left]
    for (let m = from; m < to; m++) profile[m] = left + ((right - left) * (m - from)) / (to - from)
  }
  return profile
}

const profiles = {
  equity: drawProfile(knots.equity),
  metals: drawProfile(knots.metals),
  energy: drawProfile(knots.energy),
}

/** Activity of a group at each minute after midnight in New York, 0–1; volume and variance both follow it. */
export const profileOf = (group: MarketGroup): Float64Array => profiles[group]
