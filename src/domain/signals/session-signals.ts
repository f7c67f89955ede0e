import { type FiveVolumes, fiveVolumes } from '../flow/five-volume.ts'
import type { MinuteVolumeState } from '../flow/relative-volume.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import type { Bar } from '../market/bar.ts'
import type { Evidence } from '../patterns/evidence.ts'
import type { PatternLevel } from '../patterns/pattern-input.ts'
import { type PatternsState, patterns } from '../patterns/patterns.ts'
import { type DailyRegime, type DailyRegimeState, dailyRegime } from '../regime/daily-regime.ts'
import { type Drift, type DriftState, drift } from '../regime/drift.ts'
import { edgeMarkers } from '../session/markers.ts'
import { type JudgedBar, type OpeningRange, type OpeningRangesState, openingRanges } from '../session/opening-range.ts'
import { type BlockTradesState, blockTrades, type TimeBlock } from '../session/time-block.ts'
import { type PriorLevels, type PriorLevelsState, type PriorRange, priorLevels } from '../structure/prior-levels.ts'
import type { StructureReading } from '../structure/structure-reading.ts'
import { once } from './once.ts'

/** A closed 5m bar with what was read of it. */
export type ReadFive = { readonly bar: Bar; readonly atr: number } & Pick<StructureReading, 'gaps' | 'pools'>

/** A closed 1m bar, the 5m bars it made known to be over, and the trade date it ended, if it ended one. */
type SessionInput = {
  readonly bar: Bar
  /** Of the bar before. */
  readonly closeBefore: number
  readonly tradeDate: string
  readonly volumes: MinuteVolumeState
  readonly fives: readonly ReadFive[]
  readonly ended: Pick<Bar, 'high' | 'low' | 'close'> | undefined
}

export type SessionState = {
  readonly volumes: FiveVolumes
  readonly levels: PriorLevelsState
  readonly ranges: OpeningRangesState
  readonly block: BlockTradesState
  readonly patterns: PatternsState
  readonly days: DailyRegimeState
  readonly drift: DriftState
}

/** What the day's clock, its levels and the days before make of the bars. */
export type SessionReading = {
  readonly levels: PriorLevels
  readonly openingRanges: readonly OpeningRange[]
  /** The running four-hour block's lines and what became of trading them. */
  readonly block: TimeBlock | undefined
  /** Patterns that count now, newest last. */
  readonly evidence: readonly Evidence[]
  readonly days: DailyRegime
  readonly drift: Drift
}

const noneClosed: readonly JudgedBar[] = []

/** Whether the range's edges are known: its window is over and something traded in it. */
export const hasEdges = ({ state, high }: OpeningRange): boolean =>
  state !== 'WAIT' && state !== 'BUILDING' && !Number.isNaN(high)

const edgesOf = (name: string, range: Pick<PriorRange, 'high' | 'low'> | undefined): readonly PatternLevel[] =>
  range === undefined
    ? []
    : [
        { name: `${name} high`, price: range.high, kind: 'high' },
        { name: `${name} low`, price: range.low, kind: 'low' },
      ]

const equalNames = { high: 'equal highs', low: 'equal lows' } as const

const poolLevels = (pools: StructureReading['pools']): readonly PatternLevel[] =>
  pools.map(({ kind, price }) => ({ name: equalNames[kind], price, kind }))

const rangeLevels = (ranges: readonly OpeningRange[]): readonly PatternLevel[] =>
  ranges
    .filter((range) => range.name === 'New York' && hasEdges(range))
    .flatMap((range) => edgesOf(`opening range ${range.minutes}`, range))

/**
 * The levels patterns are looked for at: prior day, week and four hours, equal highs and lows, the market's own opening
 * ranges. Each source is told anew only when it has changed.
 */
const createWatch = () => {
  const edges = (name: string) => once((range: PriorRange | undefined) => edgesOf(name, range))
  const day = edges('prior-day')
  const week = edges('prior-week')
  const fourHours = edges('prior 4h')
  const pools = once(poolLevels)
  const ranges = once(rangeLevels)
  let parts: readonly (readonly PatternLevel[])[] = []
  let all: readonly PatternLevel[] = []
  return (
    levels: PriorLevels,
    known: readonly OpeningRange[],
    equal: StructureReading['pools'],
  ): readonly PatternLevel[] => {
    const told = [day(levels.day), week(levels.week), fourHours(levels.fourHours), pools(equal), ranges(known)]
    if (told.some((part, i) => part !== parts[i])) {
      parts = told
      all = told.reduce((before, part) => before.concat(part))
    }
    return all
  }
}

/** What the closed 5m bars traded over what is usual of their minutes. */
const judge = (fives: readonly ReadFive[], volumes: FiveVolumes): readonly JudgedBar[] =>
  fives.map(({ bar, atr }) => ({ bar, atr, relativeVolume: fiveVolumes.ratioOf(volumes, bar) }))

/** Creates the fold of a market's sessions over its closed 1m bars. */
export const sessionSignals = (spec: ContractSpec) => {
  const opening = openingRanges(spec.group)
  const blocks = blockTrades('4h', edgeMarkers(spec.group, 240))
  const found = patterns(spec)
  const readLevels = once(priorLevels.value)
  const readRanges = once(opening.value)
  const readDays = once(dailyRegime.value)
  const watch = createWatch()

  const seek = (
    before: PatternsState,
    fives: readonly ReadFive[],
    levels: PriorLevelsState,
    ranges: OpeningRangesState,
  ) =>
    fives.reduce((each, { bar, gaps, pools }) => {
      const known = readRanges(ranges)
      const at = watch(readLevels(levels), known, pools)
      return found.step(each, { bar, levels: at, gaps, openingRanges: known })
    }, before)

  return {
    initial: {
      volumes: fiveVolumes.initial,
      levels: priorLevels.initial,
      ranges: opening.initial,
      block: blocks.initial,
      patterns: found.initial,
      days: dailyRegime.initial,
      drift: drift.initial,
    } as SessionState,
    step: (state: SessionState, input: SessionInput): SessionState => {
      const { tradeDate, fives, ended } = input
      const volumes = fiveVolumes.step(state.volumes, input.bar, input.volumes)
      const closed = fives.length === 0 ? noneClosed : judge(fives, volumes)
      const levels = priorLevels.step(state.levels, input)
      const ranges = opening.step(state.ranges, { bar: input.bar, tradeDate, closed })
      return {
        volumes,
        levels,
        ranges,
        // Its four hours are those of the levels.
        block: blocks.step(state.block, input, levels.fourHours.prior, input.closeBefore),
        patterns: fives.length === 0 ? state.patterns : seek(state.patterns, fives, levels, ranges),
        days: ended === undefined ? state.days : dailyRegime.step(state.days, ended),
        drift: fives.reduce((each, { bar }) => drift.step(each, { bar, tradeDate }), state.drift),
      }
    },
    value: (state: SessionState, at: number): SessionReading => ({
      levels: readLevels(state.levels),
      openingRanges: readRanges(state.ranges),
      block: state.block.block,
      evidence: found.value(state.patterns).filter(({ until }) => until > at),
      days: readDays(state.days),
      drift: drift.value(state.drift),
    }),
  }
}
