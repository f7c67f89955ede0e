import { atr } from '../indicators/atr.ts'
import type { Indicator } from '../indicators/indicator.ts'
import { floorPivots, type Pivots } from '../indicators/pivots.ts'
import { sma } from '../indicators/sma.ts'
import { type VwapState, vwap } from '../indicators/vwap.ts'
import { intradayBars, type Rolling } from '../market/aggregate.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { type Alignment, type AlignmentState, alignment, type FrameReading, type FrameState, frame } from './frame.ts'
import { parameters } from './parameters.ts'
import { percentileRank, type VolatilityCluster, volatilityCluster } from './volatility.ts'

/** A closed 1m bar and the trade date it belongs to. */
export type DatedBar = { readonly bar: Bar; readonly tradeDate: string }

/** High, low and close of one trade date; open while it runs. */
type DayRange = {
  readonly tradeDate: string
  readonly high: number
  readonly low: number
  readonly close: number
}

/** Values with the trade date of each, oldest first. */
type Dated = { readonly dates: string[]; readonly values: number[] }

export type AnalysisState = {
  readonly bar: Bar | undefined
  readonly dates: readonly string[]
  readonly today: DayRange | undefined
  readonly prior: DayRange | undefined
  readonly vwap: VwapState
  readonly volumes: readonly number[]
  readonly fiveMinutes: Rolling
  readonly quarters: Rolling
  readonly hours: Rolling
  readonly frame: FrameState
  /** 5m ATRs of the last trade dates. Grown in place: a state is never read again once it has been stepped. */
  readonly ranges: Dated
  readonly quarter: AlignmentState
  readonly hour: AlignmentState
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
  readonly warm: boolean
}

const fiveMinutes = intradayBars('5m')
const quarters = intradayBars('15m')
const hours = intradayBars('60m')
const volumeAverage = sma(parameters.spikeLength)
const averageRange = atr(parameters.atrLength)

const growDay = (today: DayRange | undefined, tradeDate: string, { high, low, close }: Bar): DayRange =>
  today?.tradeDate === tradeDate
    ? { tradeDate, high: Math.max(today.high, high), low: Math.min(today.low, low), close }
    : { tradeDate, high, low, close }

const alignAll = (state: AlignmentState, { closed }: Rolling): AlignmentState =>
  closed.reduce((each, bar) => alignment.step(each, bar.close), state)

const forget = ({ dates, values }: Dated, oldest: string | undefined): void => {
  const stale = dates.findIndex((date) => oldest === undefined || date >= oldest)
  if (stale <= 0) return
  dates.splice(0, stale)
  values.splice(0, stale)
}

const follow = (state: AnalysisState, rolled: Rolling, newest: DatedBar, dates: readonly string[]): FrameState => {
  let next = state.frame
  for (const bar of rolled.closed) {
    next = frame.step(next, bar)
    const value = averageRange.value(next.atr)
    // A bucket that only this bar made known to be over ended before it, maybe on the trade date before.
    const over = bar.time + 5 * minuteMs <= newest.bar.time
    const tradeDate = over ? (state.dates.at(-1) ?? newest.tradeDate) : newest.tradeDate
    if (Number.isNaN(value)) continue
    state.ranges.dates.push(tradeDate)
    state.ranges.values.push(value)
  }
  if (rolled.closed.length > 0) forget(state.ranges, dates[0])
  return next
}

const confluenceOf = (state: AnalysisState): Confluence => ({
  '5m': alignment.value(state.frame.alignment),
  '15m': alignment.value(state.quarter),
  '60m': alignment.value(state.hour),
})

type Volatility = Pick<Reading, 'percentile' | 'cluster'>

/** Ranking a thousand ranges costs more than all the rest, and only a closed 5m bar changes it. */
const ranked = new WeakMap<FrameState, Volatility>()

const rankOf = ({ frame: of, ranges }: AnalysisState): Volatility => {
  const held = ranked.get(of)
  if (held !== undefined) return held
  const values = new Float64Array(ranges.values)
  const warm = values.length >= parameters.volatilityMinimum
  const fresh: Volatility = warm
    ? { percentile: percentileRank(values), cluster: volatilityCluster(values) }
    : { percentile: Number.NaN, cluster: 'MEDIUM' }
  ranked.set(of, fresh)
  return fresh
}

/** A new, cold state. Each state may be stepped once: its largest column is grown in place. */
export const startAnalysis = (): AnalysisState => ({
  bar: undefined,
  dates: [],
  today: undefined,
  prior: undefined,
  vwap: vwap.initial,
  volumes: [],
  fiveMinutes: fiveMinutes.initial,
  quarters: quarters.initial,
  hours: hours.initial,
  frame: frame.initial,
  ranges: { dates: [], values: [] },
  quarter: alignment.initial,
  hour: alignment.initial,
})

/** The state as it stands, apart from the one that goes on: the only way to step from an instant twice. */
export const keepAnalysis = (state: AnalysisState): AnalysisState => ({
  ...state,
  ranges: { dates: state.ranges.dates.slice(), values: state.ranges.values.slice() },
})

/** The fold from closed 1m bars to what the cards read. Everything else derives from these bars; nothing looks ahead. */
export const analysis: Pick<Indicator<AnalysisState, DatedBar, Reading>, 'step' | 'value'> = {
  step: (state, { bar, tradeDate }) => {
    const turned = state.today !== undefined && state.today.tradeDate !== tradeDate
    const dates =
      state.dates.at(-1) === tradeDate
        ? state.dates
        : [...state.dates, tradeDate].slice(-parameters.volatilityTradeDates)
    const rolled = fiveMinutes.step(state.fiveMinutes, bar)
    const quarter = quarters.step(state.quarters, bar)
    const hour = hours.step(state.hours, bar)
    return {
      bar,
      dates,
      today: growDay(state.today, tradeDate, bar),
      prior: turned ? state.today : state.prior,
      vwap: vwap.step(state.vwap, { bar, anchor: tradeDate }),
      volumes: volumeAverage.step(state.volumes, bar.volume),
      fiveMinutes: rolled,
      quarters: quarter,
      hours: hour,
      frame: follow(state, rolled, { bar, tradeDate }, dates),
      ranges: state.ranges,
      quarter: alignAll(state.quarter, quarter),
      hour: alignAll(state.hour, hour),
    }
  },
  value: (state) => {
    const read = frame.value(state.frame)
    const volatility = rankOf(state)
    const { bar, prior } = state
    const { vwap: average, deviation } = vwap.value(state.vwap)
    const confluence = confluenceOf(state)
    return {
      at: (bar?.time ?? Number.NaN) + minuteMs,
      tradeDate: state.today?.tradeDate ?? '',
      close: bar?.close ?? Number.NaN,
      frame: read,
      confluence,
      ...volatility,
      vwap: average,
      deviation,
      prior,
      pivots: prior === undefined ? undefined : floorPivots(prior),
      volumeRatio: (bar?.volume ?? Number.NaN) / volumeAverage.value(state.volumes),
      warm:
        !Number.isNaN(volatility.percentile) &&
        !Number.isNaN(read.waves.waveRatio) &&
        !Number.isNaN(confluence['5m'].slow),
    }
  },
}
