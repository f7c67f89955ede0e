import type { Indicator } from '../indicators/indicator.ts'
import { easternOffset } from '../instruments/zone.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { kolmogorovP, nothingRanked, type Ranked, rankMore, smirnovDistance } from './kolmogorov-smirnov.ts'

/** Today's sample against the reference: largest distance (0–1), the chance of one as large, and how many values today has. */
type Distance = { readonly d: number; readonly p: number; readonly n: number }

/** As of `at`, the close (epoch ms) of the 5m bar that completed two hours; `drifted` when either chance is below 0.01. */
export type Drift = {
  readonly at: number
  readonly returns: Distance
  readonly volume: Distance
  readonly drifted: boolean
}

/** What the 5m bars of two hours gave, ascending, and a day of such parts from 18:00 New York. */
type Part = Float64Array
type Day = readonly Part[]

/** One quantity: its trade dates before, and today. */
type Quantity = {
  readonly past: readonly Day[]
  /** The values of all trade dates before, part by part. */
  readonly usual: Day
  readonly done: Day
  /** The completed parts in the same ones of the trade dates before; nothing while those are too few. */
  readonly ranked: Ranked
}

/** The values of the running part, the newest first: one link a bar, where a list would be copied for each. */
type Run = { readonly value: number; readonly before: Run } | undefined

export type DriftState = {
  readonly tradeDate: string
  readonly last: Pick<Bar, 'time' | 'close'> | undefined
  /** Minutes of the newest bar since 18:00 New York. */
  readonly minute: number
  /** How many parts of the day are complete, 0–12. */
  readonly parts: number
  readonly returns: Quantity
  readonly volume: Quantity
  readonly runningReturns: Run
  readonly runningVolume: Run
  readonly reading: Drift
}

const slotMs = 5 * minuteMs
const dayMinutes = 1440
const partMinutes = 120
const dayParts = dayMinutes / partMinutes
const referenceDates = 20
const driftedBelow = 0.01

const empty: Part = new Float64Array(0)
const unknown: Distance = { d: Number.NaN, p: Number.NaN, n: 0 }
const nothing: Drift = { at: Number.NaN, returns: unknown, volume: unknown, drifted: false }
const untouched: Quantity = { past: [], usual: [], done: [], ranked: nothingRanked }

/** Minutes since 18:00 New York. */
const minuteOf = (time: number): number => (time / minuteMs + easternOffset(time) + 360) % dayMinutes

/** The values of a run, ascending. */
const partOf = (run: Run): Part => {
  let length = 0
  for (let link = run; link !== undefined; link = link.before) length++
  const part = new Float64Array(length)
  // By insertion: for the two dozen values of two hours the mere call of a sort costs more.
  let held = 0
  for (let link = run; link !== undefined; link = link.before) {
    let i = held++
    for (; i > 0 && (part[i - 1] as number) > link.value; i--) part[i] = part[i - 1] as number
    part[i] = link.value
  }
  return part
}

const valueAt = (part: Part, i: number): number => (i < part.length ? (part[i] as number) : Number.POSITIVE_INFINITY)

/** Ascending values without some of them and with others; all ascending. One pass: this runs for every part of every day. */
const exchange = (values: Part, leaving: Part, coming: Part): Part => {
  const next = new Float64Array(values.length - leaving.length + coming.length)
  let at = 0
  let gone = 0
  let come = 0
  // The next value that leaves or comes: those below it, nearly all, are only copied.
  let edge = Math.min(valueAt(leaving, 0), valueAt(coming, 0))
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value >= edge) {
      while (valueAt(coming, come) < value) next[at++] = coming[come++] as number
      const leaves = value === valueAt(leaving, gone)
      if (leaves) gone++
      edge = Math.min(valueAt(leaving, gone), valueAt(coming, come))
      if (leaves) continue
    }
    next[at++] = value
  }
  next.set(coming.subarray(come), at)
  return next
}

/** Completes the parts up to (excluding) `parts`, the first of them with what ran. */
const complete = ({ past, usual, done, ranked }: Quantity, running: Run, parts: number): Quantity => {
  const newest = partOf(running)
  const all = [...done, newest]
  while (all.length < parts) all.push(empty)
  return {
    past,
    usual,
    done: all,
    ranked: past.length < referenceDates ? ranked : rankMore(ranked, newest, usual.slice(0, parts), done.length),
  }
}

const add = (before: Run, value: number): Run => (Number.isNaN(value) ? before : { value, before })

const distanceOf = ({ ranked }: Quantity): Distance => {
  const d = smirnovDistance(ranked)
  const n = ranked.length
  return { d, p: kolmogorovP(d, n, ranked.of), n }
}

/** From the bar right before only: what a pause, a night or a change of contract did is no return of five minutes. */
const returnOf = (last: DriftState['last'], { time, close }: Bar): number =>
  last !== undefined && time - last.time === slotMs ? close / last.close - 1 : Number.NaN

const turnDay = ({ past, usual, done }: Quantity, running: Run, isKept: boolean): Quantity => {
  if (!isKept) return { ...untouched, past, usual }
  const today = [...done, partOf(running)]
  const oldest = past.length < referenceDates ? [] : (past[0] ?? [])
  return {
    ...untouched,
    past: [...past, today].slice(-referenceDates),
    usual: Array.from({ length: dayParts }, (_, i) =>
      exchange(usual[i] ?? empty, oldest[i] ?? empty, today[i] ?? empty),
    ),
  }
}

/** The state before a bar, of the day the bar is of; `minute` is the bar's. */
const dayOfBar = (state: DriftState, tradeDate: string, minute: number): DriftState => {
  const turns = tradeDate !== state.tradeDate
  const passes = minute <= state.minute
  if (!turns && !passes) return state
  const isKept = turns && state.tradeDate !== ''
  return {
    ...drift.initial,
    tradeDate,
    last: state.last,
    minute: state.minute,
    returns: turnDay(state.returns, state.runningReturns, isKept),
    volume: turnDay(state.volume, state.runningVolume, isKept),
  }
}

/** The state once the parts of the day are complete that are over `minutes` after it began. */
const completeTo = (state: DriftState, minutes: number, at: number): DriftState => {
  const parts = Math.floor(minutes / partMinutes)
  if (parts === state.parts) return state
  const returns = complete(state.returns, state.runningReturns, parts)
  const volume = complete(state.volume, state.runningVolume, parts)
  const reading = judge(returns, volume, at)
  return { ...state, parts, returns, volume, runningReturns: undefined, runningVolume: undefined, reading }
}

const judge = (returns: Quantity, volume: Quantity, at: number): Drift => {
  const readings = { returns: distanceOf(returns), volume: distanceOf(volume) }
  // Each for itself: one that is not known must not hide the other.
  return { at, ...readings, drifted: readings.returns.p < driftedBelow || readings.volume.p < driftedBelow }
}

/**
 * Whether today trades unlike the last 20 trade dates: the two-sample Kolmogorov–Smirnov test on its 5m returns and on
 * its 5m volumes, judged every two hours from 18:00 New York against the same part of those dates, because mornings
 * differ from nights on every day. Volumes of one day hang together, so their p is a yardstick more than a probability.
 * NaN before 20 trade dates and the day's first two hours are complete. Where a merged holiday session passes 18:00 the
 * day begins anew. Input: closed 5m bars.
 */
export const drift: Indicator<DriftState, { readonly bar: Bar; readonly tradeDate: string }, Drift> = {
  warmup: 1,
  initial: {
    tradeDate: '',
    last: undefined,
    minute: Number.NaN,
    parts: 0,
    returns: untouched,
    volume: untouched,
    runningReturns: undefined,
    runningVolume: undefined,
    reading: nothing,
  },
  step: (before, { bar, tradeDate }) => {
    const at = bar.time + slotMs
    const minute = minuteOf(bar.time)
    // Where the last bars of a part are missing, the next bar completes it before it is counted itself.
    const state = completeTo(dayOfBar(before, tradeDate, minute), minute, at)
    const grown: DriftState = {
      tradeDate,
      last: bar,
      minute,
      parts: state.parts,
      returns: state.returns,
      volume: state.volume,
      runningReturns: add(state.runningReturns, returnOf(state.last, bar)),
      runningVolume: add(state.runningVolume, bar.volume),
      reading: state.reading,
    }
    return completeTo(grown, minute + 5, at)
  },
  value: ({ reading }) => reading,
}
