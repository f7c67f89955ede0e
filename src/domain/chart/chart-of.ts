import type { FlowBar, MinuteFlow } from '../flow/minute-flow.ts'
import { type ProfileState, volumeProfile } from '../flow/volume-profile.ts'
import { type AtrState, atr } from '../indicators/atr.ts'
import { bollinger } from '../indicators/bollinger.ts'
import { ema, type Smoothed } from '../indicators/smoothed.ts'
import { type VwapState, vwap } from '../indicators/vwap.ts'
import { dateOfBar, sessionOf } from '../instruments/calendar.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { dailyBars, intradayBars, type Rolling, type RollUp } from '../market/aggregate.ts'
import { type Bar, minuteMs, type Timeframe } from '../market/bar.ts'
import { edgeMarkers } from '../session/markers.ts'
import { type OpeningRangesState, openingRanges } from '../session/opening-range.ts'
import { type TimeBlockState, timeBlocks } from '../session/time-block.ts'
import { parameters } from '../signals/parameters.ts'
import { type PriorLevelsState, priorLevels } from '../structure/prior-levels.ts'
import { type StructureState, structure } from '../structure/structure.ts'
import {
  type Chart,
  type ChartBar,
  type ChartBox,
  type ChartLine,
  type Drawings,
  joinDrawings,
  mostBars,
} from './chart.ts'
import { priorDrawings, profileDrawings, sessionDrawings, structureDrawings } from './structure-drawings.ts'
import { type ToneState, volumeTone } from './volume-tone.ts'

const average = ema(parameters.emaFast)
const bands = bollinger()
const range = atr(parameters.atrLength)
/** Finer charts show the structure the cards are judged by. */
const cardBars = intradayBars('5m')

type Delta = { readonly value: number; readonly basis: MinuteFlow['basis'] }

/** What is known of a bar beside its prices. */
type Known = { readonly time: number; readonly tradeDate: string; readonly vwap: VwapState; readonly delta?: Delta }

/** A chart while it is made. Its bars are grown in place: a state is stepped once, and read as often as one likes. */
export type ChartState = {
  readonly spec: ContractSpec
  readonly timeframe: Timeframe
  readonly roll: RollUp
  readonly bars: ChartBar[]
  minute: Bar | undefined
  rolled: Rolling
  known: Known | undefined
  vwap: VwapState
  ema: Smoothed
  bands: readonly number[]
  tone: ToneState
  cardBars: Rolling
  atr: AtrState
  structure: StructureState
  prior: PriorLevelsState
  readonly opening: ReturnType<typeof openingRanges>
  readonly fourHours: ReturnType<typeof timeBlocks>
  readonly profile: ReturnType<typeof volumeProfile>
  ranges: OpeningRangesState
  block: TimeBlockState
  traded: ProfileState
}

const rollUpOf = ({ group }: ContractSpec, timeframe: Timeframe): RollUp =>
  timeframe === '1d'
    ? dailyBars((time) => sessionOf(group, dateOfBar(group, time))?.open ?? time)
    : intradayBars(timeframe)

/** A chart of no bars yet. */
export const startChart = (spec: ContractSpec, timeframe: Timeframe): ChartState => {
  const opening = openingRanges(spec.group)
  const fourHours = timeBlocks('4h', edgeMarkers(spec.group, 240))
  const profile = volumeProfile(spec)
  return {
    spec,
    timeframe,
    roll: rollUpOf(spec, timeframe),
    bars: [],
    minute: undefined,
    rolled: { forming: undefined, closed: [] },
    known: undefined,
    vwap: vwap.initial,
    ema: average.initial,
    bands: bands.initial,
    tone: volumeTone.initial,
    cardBars: cardBars.initial,
    atr: range.initial,
    structure: structure.initial,
    prior: priorLevels.initial,
    opening,
    fourHours,
    profile,
    ranges: opening.initial,
    block: fourHours.initial,
    traded: profile.initial,
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

const bandsOf = (window: readonly number[]): ChartBar['bands'] => {
  const value = bands.value(window)
  return Number.isNaN(value.middle) ? null : value
}

/** A session's average is no line through days: each would stand for itself. */
const sessionLines = (state: ChartState, of: VwapState): Pick<ChartBar, 'vwap' | 'deviation'> => {
  if (state.timeframe === '1d') return { vwap: null, deviation: null }
  const value = vwap.value(of)
  return { vwap: orNull(value.vwap), deviation: orNull(value.deviation) }
}

const addFlow = (before: Delta | undefined, { buy, sell, basis }: MinuteFlow): Delta => ({
  value: (before?.value ?? 0) + buy - sell,
  basis: before?.basis === 'estimated' ? 'estimated' : basis,
})

/** A bar's delta is known as long as each of its minutes' is. */
const deltaOf = (before: Known | undefined, flow: MinuteFlow | undefined): Pick<Known, 'delta'> =>
  flow === undefined || (before !== undefined && before.delta === undefined)
    ? {}
    : { delta: addFlow(before?.delta, flow) }

const followStructure = (state: ChartState, bar: Bar): void => {
  state.atr = range.step(state.atr, bar)
  state.structure = structure.step(state.structure, bar, range.value(state.atr))
}

const close = (state: ChartState, bar: Bar, known: Known): void => {
  state.ema = average.step(state.ema, bar.close)
  state.bands = bands.step(state.bands, bar.close)
  state.tone = volumeTone.step(state.tone, bar)
  if (state.timeframe !== '1m') followStructure(state, bar)
  state.bars.push({
    ...bar,
    tradeDate: known.tradeDate,
    closed: true,
    tone: volumeTone.value(state.tone),
    ...sessionLines(state, known.vwap),
    ema: orNull(average.value(state.ema)),
    bands: bandsOf(state.bands),
    ...(known.delta && { delta: known.delta }),
  })
  if (state.bars.length === 2 * mostBars) state.bars.splice(0, mostBars)
}

/** Takes the next closed minute; throws RangeError when it is not later than all before. */
export const stepChart = (state: ChartState, { bar, tradeDate, flow }: FlowBar): void => {
  if (state.minute !== undefined && bar.time <= state.minute.time) throw new RangeError('minutes must ascend in time')
  state.minute = bar
  state.vwap = vwap.step(state.vwap, { bar, anchor: tradeDate })
  state.prior = priorLevels.step(state.prior, { bar, tradeDate })
  // Nothing is triggered here: the cards and their case tell of that.
  state.ranges = state.opening.step(state.ranges, { bar, tradeDate, closed: [] })
  state.block = state.fourHours.step(state.block, { bar, tradeDate })
  if (state.timeframe !== '1d') state.traded = state.profile.step(state.traded, { bar, tradeDate, flow })
  state.rolled = state.roll.step(state.rolled, bar)
  const { forming, closed } = state.rolled
  const time = (forming ?? closed.at(-1))?.time ?? bar.time
  const before = state.known?.time === time ? state.known : undefined
  const now: Known = { time, tradeDate, vwap: state.vwap, ...deltaOf(before, flow) }
  for (const each of closed) close(state, each, each.time === time ? now : (state.known ?? now))
  state.known = now
  if (state.timeframe !== '1m') return
  state.cardBars = cardBars.step(state.cardBars, bar)
  for (const each of state.cardBars.closed) followStructure(state, each)
}

/** The bar that still grows, as its closed minutes have it. */
const unfinished = (state: ChartState): readonly ChartBar[] => {
  const { known, rolled } = state
  if (rolled.forming === undefined || known === undefined) return []
  return [
    {
      ...rolled.forming,
      tradeDate: known.tradeDate,
      closed: false,
      tone: volumeTone.value(volumeTone.step(state.tone, rolled.forming)),
      ...sessionLines(state, known.vwap),
      ema: null,
      bands: null,
      ...(known.delta && { delta: known.delta }),
    },
  ]
}

const endOf = ({ spec: { group }, timeframe }: ChartState, { time, tradeDate }: ChartBar): number =>
  timeframe === '1d' ? (sessionOf(group, tradeDate)?.close ?? time) : time + Number.parseInt(timeframe, 10) * minuteMs

/** What is drawn of the running session: through days it would be a point. */
const sessionOnly = (state: ChartState): readonly Drawings[] => {
  if (state.timeframe === '1d') return []
  const opened = sessionOf(state.spec.group, state.traded.tradeDate)?.open ?? 0
  return [
    sessionDrawings(state.opening.value(state.ranges), state.fourHours.value(state.block)),
    profileDrawings(state.profile.value(state.traded), opened),
  ]
}

/** The chart as it stands: its newest 2,000 bars with everything drawn over them. */
export const readChart = (state: ChartState): Chart => {
  const bars = [...state.bars.slice(-mostBars), ...unfinished(state)].slice(-mostBars)
  const newest = bars.at(-1)
  const from = bars[0]?.time ?? 0
  const { boxes, lines, marks } = joinDrawings(
    structureDrawings(structure.value(state.structure)),
    priorDrawings(priorLevels.value(state.prior)),
    ...sessionOnly(state),
  )
  const isSeen = ({ to = from }: ChartBox | ChartLine): boolean => to >= from
  return {
    bars,
    from,
    boxes: boxes.filter(isSeen).map((box) => (box.from < from ? { ...box, from } : box)),
    lines: lines.filter(isSeen).map((line) => (line.from < from ? { ...line, from } : line)),
    marks: marks.filter(({ at }) => at >= from),
    through: state.minute === undefined ? 0 : state.minute.time + minuteMs,
    until: newest === undefined ? 0 : endOf(state, newest),
  }
}

/** The chart of closed minutes, oldest first. */
export const chartOf = (spec: ContractSpec, timeframe: Timeframe, minutes: Iterable<FlowBar>): Chart => {
  const state = startChart(spec, timeframe)
  for (const minute of minutes) stepChart(state, minute)
  return readChart(state)
}
