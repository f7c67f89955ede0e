import type { FlowReading } from '../flow/flow-reading.ts'
import type { FlowBar } from '../flow/minute-flow.ts'
import { type FlowState, keepFlow, orderFlow } from '../flow/order-flow.ts'
import { atr } from '../indicators/atr.ts'
import { floorPivots, type Pivots } from '../indicators/pivots.ts'
import { type VwapState, vwap } from '../indicators/vwap.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { bucketOf, intradayBars, type Rolling } from '../market/aggregate.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { type Alignment, type AlignmentState, alignment, type FrameReading, type FrameState, frame } from './frame.ts'
import { createKnownRanges, type KnownRanges } from './known-ranges.ts'
import { addVolume, averageVolume, keepNewest, type NewestVolumes, noVolumes } from './newest-volumes.ts'
import { once } from './once.ts'
import { parameters } from './parameters.ts'
import { type ReadFive, type SessionReading, type SessionState, sessionSignals } from './session-signals.ts'
import type { VolatilityCluster } from './volatility.ts'

/** High and low of the running trade date. */
type Today = { readonly tradeDate: string; readonly high: number; readonly low: number }
/** High, low and close of the trade date before. */
type DayRange = Today & { readonly close: number }

export type AnalysisState = {
  readonly bar: Bar | undefined
  readonly dates: readonly string[]
  readonly today: Today | undefined
  readonly prior: DayRange | undefined
  readonly vwap: VwapState
  readonly volumes: NewestVolumes
  readonly fiveMinutes: Rolling
  readonly frame: FrameState
  /** 5m ATRs of the last trade dates. Grown in place: a state is never read again once it has been stepped. */
  readonly ranges: KnownRanges
  readonly quarter: AlignmentState
  readonly hour: AlignmentState
  readonly flow: FlowState
  readonly session: SessionState
}

type Confluence = Readonly<Record<'5m' | '15m' | '60m', Alignment>>

/** Everything the cards are judged by, as known when the newest 1m bar closed. NaN where not warm. */
export type Reading = {
  /** Close time of the newest 1m bar, epoch ms. */
  readonly at: number
  readonly tradeDate: string
  readonly close: number
  readonly frame: FrameReading
  readonly confluence: Confluence
  readonly percentile: number
  readonly cluster: VolatilityCluster
  readonly vwap: number
  readonly deviation: number
  readonly prior: DayRange | undefined
  readonly pivots: Pivots | undefined
  /** Volume of the newest bar over its 20-bar average. */
  readonly volumeRatio: number
  readonly flow: FlowReading
  readonly session: SessionReading
  readonly warm: boolean
}

const fiveMinutes = intradayBars('5m')
const quarterMs = 15 * minuteMs
const hourMs = 60 * minuteMs
const averageRange = atr(parameters.atrLength)

const growDay = (today: Today | undefined, tradeDate: string, { high, low }: Bar): Today => {
  if (today?.tradeDate !== tradeDate) return { tradeDate, high, low }
  if (high <= today.high && low >= today.low) return today
  return { tradeDate, high: Math.max(today.high, high), low: Math.min(today.low, low) }
}

/**
 * The alignment of a longer timeframe, which reads nothing but closes: of the bar before where the newest one begins a new
 * bucket, unless that bar ended its own, and of the newest where it ends its bucket. No bars need rolling up for that.
 */
const align = (
  state: AlignmentState,
  spanMs: number,
  before: Bar | undefined,
  { time, close }: Bar,
): AlignmentState => {
  const bucket = bucketOf(time, spanMs)
  if (before !== undefined && before.time >= bucket + spanMs) throw new RangeError('bars must ascend in time')
  const isLeft =
    before !== undefined && before.time < bucket && bucketOf(before.time + minuteMs, spanMs) !== before.time + minuteMs
  const next = isLeft ? alignment.step(state, before.close) : state
  return time + minuteMs === bucket + spanMs ? alignment.step(next, close) : next
}

/** The trade date that ended with the newest bar of a state. */
const endOf = ({ today, bar }: AnalysisState): DayRange | undefined =>
  today && { tradeDate: today.tradeDate, high: today.high, low: today.low, close: bar?.close ?? Number.NaN }

const noFives: readonly ReadFive[] = []

const follow = (state: AnalysisState, rolled: Rolling, newest: FlowBar, dates: readonly string[]) => {
  if (rolled.closed.length === 0) return { next: state.frame, fives: noFives }
  let next = state.frame
  const fives: ReadFive[] = []
  for (const bar of rolled.closed) {
    next = frame.step(next, bar)
    const value = averageRange.value(next.atr)
    fives.push({ bar, atr: value, gaps: next.structure.gaps.open, pools: next.structure.pools.open })
    // A bucket that only this bar made known to be over ended before it, maybe on the trade date before.
    const over = bar.time + 5 * minuteMs <= newest.bar.time
    const tradeDate = over ? (state.dates.at(-1) ?? newest.tradeDate) : newest.tradeDate
    if (!Number.isNaN(value)) state.ranges.add(tradeDate, value)
  }
  state.ranges.forget(dates[0] ?? newest.tradeDate)
  return { next, fives }
}

const confluenceOf = (state: AnalysisState): Confluence => ({
  '5m': alignment.value(state.frame.alignment),
  '15m': alignment.value(state.quarter),
  '60m': alignment.value(state.hour),
})

const coldState = (flow: FlowState, session: SessionState): AnalysisState => ({
  bar: undefined,
  dates: [],
  today: undefined,
  prior: undefined,
  vwap: vwap.initial,
  volumes: noVolumes(),
  fiveMinutes: fiveMinutes.initial,
  frame: frame.initial,
  ranges: createKnownRanges(),
  quarter: alignment.initial,
  hour: alignment.initial,
  flow,
  session,
})

/** The fold of one market, from closed 1m bars with what is known of their trades to what the cards read. */
export type Analysis = {
  /** A new, cold state. Each state may be stepped once: its largest columns are grown in place. */
  readonly start: () => AnalysisState
  readonly step: (state: AnalysisState, input: FlowBar) => AnalysisState
  readonly value: (state: AnalysisState) => Reading
  /** The state as it stands, apart from the one that goes on: the only way to step from an instant twice. */
  readonly keep: (state: AnalysisState) => AnalysisState
}

/** Creates the fold of a market. Everything derives from its closed 1m bars and their trades; nothing looks ahead. */
export const analysisOf = (spec: ContractSpec): Analysis => {
  const flows = orderFlow(spec)
  const sessions = sessionSignals(spec)
  const readFrame = once(frame.value)
  const pivotsOf = once((prior: DayRange | undefined) => prior && floorPivots(prior))
  const start = (): AnalysisState => coldState(flows.initial, sessions.initial)
  const keep = (state: AnalysisState): AnalysisState => ({
    ...state,
    ranges: state.ranges.keep(),
    volumes: keepNewest(state.volumes),
    flow: keepFlow(state.flow),
  })
  const step = (state: AnalysisState, input: FlowBar): AnalysisState => {
    const { bar, tradeDate } = input
    const turned = state.today?.tradeDate !== tradeDate
    const dates =
      state.dates.at(-1) === tradeDate
        ? state.dates
        : [...state.dates, tradeDate].slice(-parameters.volatilityTradeDates)
    const rolled = fiveMinutes.step(state.fiveMinutes, bar)
    const flow = flows.step(state.flow, input)
    const { next, fives } = follow(state, rolled, input, dates)
    const ended = turned ? endOf(state) : undefined
    return {
      bar,
      dates,
      today: growDay(state.today, tradeDate, bar),
      prior: ended ?? state.prior,
      vwap: vwap.step(state.vwap, { bar, anchor: tradeDate }),
      volumes: addVolume(state.volumes, bar.volume),
      fiveMinutes: rolled,
      frame: next,
      ranges: state.ranges,
      quarter: align(state.quarter, quarterMs, state.bar, bar),
      hour: align(state.hour, hourMs, state.bar, bar),
      flow,
      session: sessions.step(state.session, {
        bar,
        closeBefore: state.bar?.close ?? Number.NaN,
        tradeDate,
        volumes: flow.volumes,
        fives,
        ended,
      }),
    }
  }
  const value = (state: AnalysisState): Reading => {
    const read = readFrame(state.frame)
    const { percentile, cluster } = state.ranges.volatility
    const { bar, prior } = state
    const { vwap: average, deviation } = vwap.value(state.vwap)
    const confluence = confluenceOf(state)
    const at = (bar?.time ?? Number.NaN) + minuteMs
    return {
      at,
      tradeDate: state.today?.tradeDate ?? '',
      close: bar?.close ?? Number.NaN,
      frame: read,
      confluence,
      percentile,
      cluster,
      vwap: average,
      deviation,
      prior,
      pivots: pivotsOf(prior),
      volumeRatio: (bar?.volume ?? Number.NaN) / averageVolume(state.volumes),
      flow: flows.value(state.flow),
      session: sessions.value(state.session, at),
      warm: !Number.isNaN(percentile) && !Number.isNaN(read.waves.waveRatio) && !Number.isNaN(confluence['5m'].slow),
    }
  }
  return { start, step, value, keep }
}
