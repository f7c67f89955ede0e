import type { MinuteFlow } from '../../flow/minute-flow.ts'
import type { ContractSpec } from '../../instruments/instrument.ts'
import { roundToGrid } from '../../instruments/ticks.ts'
import { barAt } from '../../market/series.ts'
import { analysisOf, type Reading } from '../../signals/analysis.ts'
import type { Side } from '../../signals/focus-card.ts'
import { parameters as p } from '../../signals/parameters.ts'
import type { Column, History } from '../history.ts'
import type { Prepared } from '../strategy.ts'
import { packMarket, packSide } from './focus-columns.ts'
import { createKnownLevels, entryAmong, type KnownLevels, targetTicks } from './known-levels.ts'
import { createCounting, createScores, type SideScores } from './known-scores.ts'
import { morningsOf } from './mornings.ts'

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
 * leave order flow out, as they do live. `flatBy` is the minute of New York's day at which a morning ends.
 */
export const prepareFocus = (
  spec: ContractSpec,
  history: History,
  column: Column,
  flows?: ReadonlyMap<number, MinuteFlow>,
  flatBy?: number,
): Prepared => {
  const { columns, dates, date } = history
  const count = columns.time.length
  const mornings = morningsOf(history, flatBy)
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
    row.flags[i] = packSide(kind, rests, scores.held, grade)
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
    flags[i] = packMarket({
      ...{ warm, cluster, regime: scores.regime },
      excluded: percentile > p.excludeAbove,
      widened: percentile > p.widenAbove,
    })
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
