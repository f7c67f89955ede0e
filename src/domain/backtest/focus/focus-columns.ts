import type { MinuteFlow } from '../../flow/minute-flow.ts'
import type { ContractSpec } from '../../instruments/instrument.ts'
import { roundToGrid } from '../../instruments/ticks.ts'
import { barAt } from '../../market/series.ts'
import { analysisOf, type Reading } from '../../signals/analysis.ts'
import type { LevelKind, Side } from '../../signals/focus-card.ts'
import { parameters as p } from '../../signals/parameters.ts'
import type { VolatilityCluster } from '../../signals/volatility.ts'
import type { Column, History } from '../history.ts'
import type { Prepared } from '../strategy.ts'
import { createKnownLevels, entryAmong, type KnownLevels, targetTicks } from './known-levels.ts'
import { createCounting, createScores, type SideScores } from './known-scores.ts'
import { morningsOf } from './mornings.ts'

const kinds: readonly LevelKind[] = [
  ...(['gap', 'block', 'opening-range', 'vwap', 'ema21', 'trend', 'prior-high', 'prior-low', 'pivot'] as const),
]
const clusters: readonly VolatilityCluster[] = ['LOW', 'MEDIUM', 'HIGH']

/** One side of the market at each close: qualities in tenths; prices and distances in points. */
export type SideColumns = {
  /** Quality where the zone rests on a level that counts, and where it does not. */
  readonly rests: Int16Array
  readonly bare: Int16Array
  /** Kind of the level an entry would rest on (bits 0–3), whether it counts (4), whether the entry is held back (5), grade (6–8). */
  readonly flags: Int16Array
  /** The level an entry would rest on. */
  readonly level: Float64Array
  /** From the worst edge of its zone to the last swing beyond the zone; 0 where there is none. */
  readonly swing: Float64Array
  /** Levels a trade of this side runs into, ticks on the grid, nearest first: of list `k` those from `from[k]` to `from[k + 1]`. */
  readonly targets: Int32Array
  readonly from: Int32Array
}

/** Everything the cards need, by bar, as known at its close. Rows are filled from the last bar before each morning to flat-by. */
export type FocusColumns = {
  readonly long: SideColumns
  readonly short: SideColumns
  /** Warm (bit 0), excluded (1), stop widened (2), cluster (3–4), regime (5–6). */
  readonly flags: Int16Array
  /** The wave ratio as it stands, long over short. */
  readonly ratio: Float64Array
  readonly atr: Float64Array
  readonly vwap: Float64Array
  /** Which list of targets stands. */
  readonly list: Int32Array
  /** Midnight, first bar and end of each morning. */
  readonly midnight: Float64Array
  readonly first: Int32Array
  readonly end: Int32Array
}

export const isWarm = (flags: number): boolean => (flags & 1) !== 0
export const isExcluded = (flags: number): boolean => (flags & 2) !== 0
export const isWidened = (flags: number): boolean => (flags & 4) !== 0
export const clusterOf = (flags: number): VolatilityCluster => clusters[(flags >> 3) & 3] as VolatilityCluster
export const regimeIndexOf = (flags: number): number => (flags >> 5) & 3

export const kindOf = (side: number): LevelKind => kinds[side & 15] as LevelKind
export const levelRests = (side: number): boolean => (side & 16) !== 0
export const isHeldBack = (side: number): boolean => (side & 32) !== 0
export const gradeIndexOf = (side: number): number => (side >> 6) & 7

const bit = (is: boolean, value: number): number => (is ? value : 0)

const sideRows = (column: Column, length: number) => ({
  rests: column(Int16Array, length),
  bare: column(Int16Array, length),
  flags: column(Int16Array, length),
  level: column(Float64Array, length),
  swing: column(Float64Array, length),
})

const swingBeyond = ({ frame }: Reading, side: Side, low: number, high: number): number => {
  const swing =
    side === 'long'
      ? frame.swingLows.findLast(({ price }) => price < low)
      : frame.swingHighs.findLast(({ price }) => price > high)
  if (swing === undefined) return 0
  return side === 'long' ? high - swing.price : swing.price - low
}

/** Lists of target prices that grow, one behind the other; the same list is kept once. */
const createLists = (spec: ContractSpec, side: Side) => {
  const targets: number[] = []
  const from: number[] = [0]
  return {
    add: (levels: KnownLevels): void => {
      let before = Number.NaN
      for (const { price } of levels[side === 'long' ? 'above' : 'below']) {
        const ticks = targetTicks(spec, price, side)
        if (ticks !== before) targets.push(ticks)
        before = ticks
      }
      from.push(targets.length)
    },
    lay: (column: Column) => {
      const laid = { targets: column(Int32Array, targets.length), from: column(Int32Array, from.length) }
      laid.targets.set(targets)
      laid.from.set(from)
      return laid
    },
  }
}

type SideRows = ReturnType<typeof sideRows>

/**
 * Runs the live analysis once over a history and lays out what the cards are judged, drawn and sized by, so that a run
 * with other parameters only reads columns. `flows` are those minutes whose trades were seen; without them the qualities
 * leave order flow out, as they do live.
 */
export const prepareFocus = (
  spec: ContractSpec,
  history: History,
  column: Column,
  flows?: ReadonlyMap<number, MinuteFlow>,
): Prepared => {
  const { columns, dates, date } = history
  const count = columns.time.length
  const mornings = morningsOf(history)
  const rows = { long: sideRows(column, count), short: sideRows(column, count) }
  const lists = { long: createLists(spec, 'long'), short: createLists(spec, 'short') }
  const [flags, list] = [column(Int16Array, count), column(Int32Array, count)]
  const [ratio, atr, vwap] = [column(Float64Array, count), column(Float64Array, count), column(Float64Array, count)]
  const levelsAt = createKnownLevels()
  const scoresAt = createScores()
  const counts = createCounting()
  let known: KnownLevels | undefined
  let listed = -1

  const writeSide = (i: number, side: Side, reading: Reading, levels: KnownLevels, scores: SideScores): void => {
    const row: SideRows = rows[side]
    const range = reading.frame.atr
    const { kind, price } = entryAmong(levels, reading, side, p.zoneReach * range)
    const rests = counts(reading, kind)
    const grade = rests ? scores.gradeRests : scores.gradeBare
    const low = roundToGrid(spec, price - p.zoneHalf * range, 'down')
    const high = roundToGrid(spec, price + p.zoneHalf * range, 'up')
    row.rests[i] = scores.rests
    row.bare[i] = scores.bare
    row.flags[i] = kinds.indexOf(kind) | bit(rests, 16) | bit(scores.held, 32) | (grade << 6)
    row.level[i] = price
    row.swing[i] = swingBeyond(reading, side, low, high)
  }

  const write = (i: number, reading: Reading): void => {
    const levels = levelsAt(reading)
    if (levels !== known) {
      known = levels
      listed++
      lists.long.add(levels)
      lists.short.add(levels)
    }
    const scores = scoresAt(reading)
    const { warm, percentile, cluster } = reading
    list[i] = listed
    ratio[i] = reading.frame.waves.waveRatio
    atr[i] = reading.frame.atr
    vwap[i] = reading.vwap
    flags[i] =
      bit(warm, 1) |
      bit(percentile > p.excludeAbove, 2) |
      bit(percentile > p.widenAbove, 4) |
      (clusters.indexOf(cluster) << 3) |
      (scores.regime << 5)
    writeSide(i, 'long', reading, levels, scores.long)
    writeSide(i, 'short', reading, levels, scores.short)
  }

  const analysis = analysisOf(spec)
  let state = analysis.start()
  let next = 0
  for (let i = 0; i < count; i++) {
    const bar = barAt(columns, i)
    const tradeDate = dates[date[i] as number] as string
    state = analysis.step(state, { bar, tradeDate, flow: flows?.get(bar.time) })
    while (next < mornings.length && i >= (mornings[next]?.end ?? 0)) next++
    if (next < mornings.length && i >= (mornings[next]?.first ?? 0) - 1) write(i, analysis.value(state))
  }
  const fill = <T extends Float64Array | Int32Array>(into: T, values: readonly number[]): T => {
    into.set(values)
    return into
  }
  const prefixed = (side: Side) => {
    const all = { ...rows[side], ...lists[side].lay(column) }
    return Object.fromEntries(Object.entries(all).map(([name, values]) => [`${side}.${name}`, values]))
  }
  return {
    ...{ flags, ratio, atr, vwap, list },
    ...prefixed('long'),
    ...prefixed('short'),
    midnight: fill(
      column(Float64Array, mornings.length),
      mornings.map(({ midnight }) => midnight),
    ),
    first: fill(
      column(Int32Array, mornings.length),
      mornings.map(({ first }) => first),
    ),
    end: fill(
      column(Int32Array, mornings.length),
      mornings.map(({ end }) => end),
    ),
  }
}

const sideOf = (prepared: Prepared, side: Side): SideColumns =>
  Object.fromEntries(
    ['rests', 'bare', 'flags', 'level', 'swing', 'targets', 'from'].map((name) => [name, prepared[`${side}.${name}`]]),
  ) as SideColumns

/** The columns of `prepareFocus` by their names. */
export const focusColumns = (prepared: Prepared): FocusColumns =>
  ({ ...prepared, long: sideOf(prepared, 'long'), short: sideOf(prepared, 'short') }) as unknown as FocusColumns
