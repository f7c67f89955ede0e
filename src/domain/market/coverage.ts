import { sessionOf } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { ContractSpec, InstrumentId } from '../instruments/instrument.ts'
import { isOnGrid, toTicks } from '../instruments/ticks.ts'
import { type Bar, minuteMs, type RecordedBar } from './bar.ts'

/** A stretch of minutes, epoch ms: `from` the first minute's start, `to` the last one's end. */
export type Stretch = { readonly from: number; readonly to: number }

/**
 * What is held of one trade date of a market. A minute nobody traded in is no fault: it counts as `silent` once the source
 * was asked for it and had nothing, and as a hole until then.
 */
export type DateCoverage = {
  readonly tradeDate: string
  /** Delivery month, yyyymm. */
  readonly contract: number
  /** Minutes the calendar says the market was open, up to now. */
  readonly expected: number
  readonly present: number
  /** Of those present: only a part of the minute was seen. */
  readonly partial: number
  readonly silent: number
  readonly holes: readonly Stretch[]
  /** Bars in minutes the calendar says the market was shut. */
  readonly offHours: number
  /** Bars with a price off the tick grid, or with high and low that do not enclose open and close. */
  readonly offGrid: number
  /** Bars whose range stands out from their neighbors' beyond reason. */
  readonly outliers: number
  /** Bars a source sent more than once. */
  readonly duplicates: number
  readonly sources: readonly string[]
}

/** A bar stands out beyond this many robust standard deviations of the date's closes, each of at least so many ticks. */
const sigmas = 8
const smallestSigma = 2
/** Median absolute deviation to standard deviation, of a normal distribution. */
const madToSigma = 1.4826

/** The starts of the minutes a market was open in on a trade date and that are over at `now`; epoch ms, ascending. */
const openMinutes = (segments: readonly { open: number; close: number }[], now: number): number[] => {
  const minutes: number[] = []
  for (const { open, close } of segments)
    for (let time = open; time < close && time + minuteMs <= now; time += minuteMs) minutes.push(time)
  return minutes
}

/** Joins minutes that follow each other. */
const stretchesOf = (minutes: readonly number[]): readonly Stretch[] => {
  const stretches: { from: number; to: number }[] = []
  for (const time of minutes) {
    const last = stretches.at(-1)
    if (last?.to === time) last.to += minuteMs
    else stretches.push({ from: time, to: time + minuteMs })
  }
  return stretches
}

const isOffGrid = (spec: ContractSpec, { open, high, low, close }: Bar): boolean =>
  high < Math.max(open, close) ||
  low > Math.min(open, close) ||
  [open, high, low, close].some((price) => !isOnGrid(spec, price))

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** Robust standard deviation of the moves from close to close, in ticks: 1.4826 times the median absolute one. */
const sigmaOf = (spec: ContractSpec, bars: readonly Bar[]): number => {
  const moves = bars.slice(1).map(({ close }, i) => Math.abs(toTicks(spec, close - (bars[i] as Bar).close)))
  return Math.max(smallestSigma, madToSigma * medianOf(moves))
}

/** How far a bar reaches beyond both its neighbors, in ticks: what one jumped and the next one undid. */
const loneReach = (spec: ContractSpec, before: Bar, bar: Bar, after: Bar): number =>
  toTicks(spec, Math.max(bar.high - Math.max(before.high, after.high), Math.min(before.low, after.low) - bar.low))

/** The first and last bar have a neighbor on one side only and are not judged. */
const countOutliers = (spec: ContractSpec, bars: readonly Bar[]): number => {
  const reach = sigmas * sigmaOf(spec, bars)
  return bars.slice(1, -1).filter((bar, i) => loneReach(spec, bars[i] as Bar, bar, bars[i + 2] as Bar) > reach).length
}

/** What is to be counted of one trade date. */
export type CoverageQuestion = {
  readonly id: InstrumentId
  readonly tradeDate: string
  /** Delivery month, yyyymm. */
  readonly contract: number
  /** The bars held of the trade date, ascending. */
  readonly bars: readonly RecordedBar[]
  /** The source has answered for every minute before this (epoch ms); 0 when it was never asked. */
  readonly askedTo: number
  /** Epoch ms. */
  readonly now: number
  readonly duplicates?: number
}

/**
 * Counts what is held of a trade date against the exchange's calendar, in minutes that are over at `now`; a date on which
 * the market does not settle expects nothing. An outlier reaches beyond both its neighbors by more than 8 robust
 * standard deviations (1.4826 · MAD of the date's moves from close to close, at least 2 ticks).
 */
export const coverDate = (question: CoverageQuestion): DateCoverage => {
  const { id, tradeDate, contract, bars, askedTo, now, duplicates = 0 } = question
  const spec = specOf(id)
  const segments = sessionOf(spec.group, tradeDate)?.segments ?? []
  const expected = openMinutes(segments, now)
  const byTime = new Map(bars.map((bar) => [bar.time, bar]))
  const absent = expected.filter((time) => !byTime.has(time))
  const missing = absent.filter((time) => time + minuteMs > askedTo)
  return {
    tradeDate,
    contract,
    expected: expected.length,
    present: expected.length - absent.length,
    partial: expected.filter((time) => byTime.get(time)?.finality === 'partial').length,
    silent: absent.length - missing.length,
    holes: stretchesOf(missing),
    offHours: bars.filter(({ time }) => !segments.some(({ open, close }) => time >= open && time < close)).length,
    offGrid: bars.filter((bar) => isOffGrid(spec, bar)).length,
    outliers: countOutliers(spec, bars),
    duplicates,
    sources: [...new Set(bars.map(({ source }) => source))],
  }
}
