import type { Indicator } from '../indicators/indicator.ts'
import { sessionOf } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import { defaultBoundaries } from '../instruments/phase.ts'
import { easternMs } from '../instruments/zone.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'

/** A 5m bar with the ATR (points) after it and its volume over the usual one; NaN where they are not known. */
export type JudgedBar = { readonly bar: Bar; readonly atr: number; readonly relativeVolume: number }

/** A closed 1m bar, its trade date, and the 5m bars it made known to be over, oldest first. */
export type SessionMinute = {
  readonly bar: Bar
  readonly tradeDate: string
  readonly closed: readonly JudgedBar[]
}

type RangeState = 'WAIT' | 'BUILDING' | 'OBSERVING' | 'ARMED' | 'TRIGGERED' | 'EXPIRED'

/** The close that broke a range, points; `at` is the close of the 1m bar that made it known, epoch ms. */
type RangeTrigger = {
  readonly side: Side
  readonly at: number
  readonly price: number
  readonly relativeVolume: number
}

/** One window of one open. High and low are in points, NaN before the first bar of the window. */
export type OpeningRange = {
  readonly name: 'London' | 'New York'
  readonly minutes: number
  /** When its window begins, epoch ms. */
  readonly opensAt: number
  readonly state: RangeState
  /** The close of the 1m bar that brought it there, epoch ms. */
  readonly since: number
  readonly high: number
  readonly low: number
  readonly trigger?: RangeTrigger
}

/** The instants (epoch ms) at which a range moves on by itself. */
type Times = { readonly opens: number; readonly ends: number; readonly arms: number; readonly expires: number }
type TimedRange = { readonly times: Times; readonly range: OpeningRange }

export type OpeningRangesState = {
  readonly tradeDate: string
  readonly ranges: readonly TimedRange[]
  /** No minute that ends up to this instant (epoch ms) changes a range by its prices or by the clock. */
  readonly restsUntil: number
  /** Whether a closed 5m bar may trigger one. */
  readonly armed: boolean
}

const windows = [5, 15, 30, 60]
const observingMs = 15 * minuteMs
/** A close this many ATRs beyond the range, on this many times the usual volume, triggers. */
const beyondAtr = 0.5
const usualVolumes = 1.2

const londonOpen = { name: 'London', minute: 180 } as const
/** When each market opens, minutes after midnight in New York: where its pit or its stock exchange opened. */
const opens: Readonly<Record<MarketGroup, number>> = { equity: 570, metals: 500, energy: 540 }

/** The ranges of a trade date before any of them opened. */
const waiting = (group: MarketGroup, tradeDate: string, flatBy: number, since: number): readonly TimedRange[] => {
  const close = sessionOf(group, tradeDate)?.close ?? Number.NEGATIVE_INFINITY
  const expires = Math.min(easternMs(tradeDate, flatBy), close)
  return [londonOpen, { name: 'New York', minute: opens[group] } as const].flatMap(({ name, minute }) =>
    windows.map((minutes): TimedRange => {
      const from = easternMs(tradeDate, minute)
      const ends = from + minutes * minuteMs
      const times = { opens: from, ends, arms: ends + observingMs, expires }
      return { times, range: { name, minutes, opensAt: from, state: 'WAIT', since, high: Number.NaN, low: Number.NaN } }
    }),
  )
}

const grow = (range: OpeningRange, { high, low }: Bar): OpeningRange =>
  high <= range.high && low >= range.low
    ? range
    : { ...range, high: Math.max(high, range.high), low: Math.min(low, range.low) }

const triggerOf = (
  { high, low }: OpeningRange,
  arms: number,
  at: number,
  five: JudgedBar,
): RangeTrigger | undefined => {
  const { bar, atr, relativeVolume } = five
  // NaN fails every comparison: what is not known triggers nothing.
  if (bar.time < arms || !(relativeVolume >= usualVolumes)) return undefined
  if (bar.close - high >= beyondAtr * atr) return { side: 'long', at, price: bar.close, relativeVolume }
  if (low - bar.close >= beyondAtr * atr) return { side: 'short', at, price: bar.close, relativeVolume }
  return undefined
}

const tryTrigger = (timed: TimedRange, at: number, closed: readonly JudgedBar[]): TimedRange => {
  for (const five of closed) {
    const trigger = triggerOf(timed.range, timed.times.arms, at, five)
    if (trigger !== undefined)
      return { times: timed.times, range: { ...timed.range, state: 'TRIGGERED', since: at, trigger } }
  }
  return timed
}

const clockState = ({ opens: from, ends, arms, expires }: Times, { high }: OpeningRange, at: number): RangeState => {
  if (at >= expires) return 'EXPIRED'
  if (at <= from) return 'WAIT'
  if (at < ends) return 'BUILDING'
  // Nothing traded in the window, or what did was not seen: there is no range to break.
  if (Number.isNaN(high)) return 'EXPIRED'
  return at < arms ? 'OBSERVING' : 'ARMED'
}

const advance = (timed: TimedRange, { bar, closed }: SessionMinute): TimedRange => {
  const { times } = timed
  let { range } = timed
  if (range.state === 'TRIGGERED' || range.state === 'EXPIRED') return timed
  const at = bar.time + minuteMs
  if (bar.time >= times.opens && bar.time < times.ends)
    range = Number.isNaN(range.high) ? { ...range, high: bar.high, low: bar.low } : grow(range, bar)
  const state = clockState(times, range, at)
  if (state !== range.state) range = { ...range, state, since: at }
  const moved = range === timed.range ? timed : { times, range }
  return state === 'ARMED' && closed.length > 0 ? tryTrigger(moved, at, closed) : moved
}

const expire = ({ times, range }: TimedRange, at: number): TimedRange => ({
  times,
  range: { ...range, state: 'EXPIRED', since: at },
})

const restsUntil = ({ times, range }: TimedRange): number => {
  if (range.state === 'WAIT') return Math.min(times.opens, times.expires - 1)
  if (range.state === 'BUILDING') return Number.NEGATIVE_INFINITY
  if (range.state === 'OBSERVING') return times.arms - 1
  return range.state === 'ARMED' ? times.expires - 1 : Number.POSITIVE_INFINITY
}

const stateOf = (tradeDate: string, ranges: readonly TimedRange[]): OpeningRangesState => ({
  tradeDate,
  ranges,
  restsUntil: ranges.reduce((least, each) => Math.min(least, restsUntil(each)), Number.POSITIVE_INFINITY),
  armed: ranges.some(({ range }) => range.state === 'ARMED'),
})

/**
 * Opening ranges of 5, 15, 30 and 60 minutes from London's open (03:00 New York) and the market's own (equities 09:30,
 * metals 08:20, energy 09:00). Built, then observed for 15 minutes, then armed: the first 5m bar opened since that closes
 * 0.5 ATR beyond on 1.2 times the usual volume triggers. Expired without one at `flatBy` (minutes after midnight, New
 * York) or the session's end. A trade date first heard of inside a window has none for that open.
 */
export const openingRanges = (
  group: MarketGroup,
  flatBy: number = defaultBoundaries.flatBy,
): Indicator<OpeningRangesState, SessionMinute, readonly OpeningRange[]> => {
  const begin = (state: OpeningRangesState, { bar, tradeDate }: SessionMinute): readonly TimedRange[] => {
    const at = bar.time + minuteMs
    const fresh = waiting(group, tradeDate, flatBy, at)
    const heardBefore = state.tradeDate !== ''
    return heardBefore ? fresh : fresh.map((each) => (bar.time > each.times.opens ? expire(each, at) : each))
  }
  return {
    warmup: 1,
    initial: stateOf('', []),
    step: (state, input) => {
      const isSameDate = state.tradeDate === input.tradeDate
      const isQuiet = isSameDate && input.bar.time + minuteMs <= state.restsUntil
      if (isQuiet && !(state.armed && input.closed.length > 0)) return state
      const known = isSameDate ? state.ranges : begin(state, input)
      let ranges = known
      for (let i = 0; i < known.length; i++) {
        const moved = advance(known[i] as TimedRange, input)
        if (moved !== known[i]) ranges = ranges.with(i, moved)
      }
      return ranges === state.ranges ? state : stateOf(input.tradeDate, ranges)
    },
    value: ({ ranges }) => ranges.map(({ range }) => range),
  }
}
