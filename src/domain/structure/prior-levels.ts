import type { Indicator } from '../indicators/indicator.ts'
import { dayOf, easternOffset } from '../instruments/zone.ts'
import { type Bar, minuteMs } from '../market/bar.ts'

type Range = { readonly high: number; readonly low: number; readonly at: number }

/** High and low (points) of the period before the running one. Instants are open times of bars, epoch ms. */
export type PriorRange = Range & {
  /** The first bar of the running period: with it the one before was over. */
  readonly knownAt: number
  /** The bars of the running period that first traded beyond. */
  readonly highBrokenAt?: number
  readonly lowBrokenAt?: number
}

export type PriorState = {
  readonly period: number
  readonly running: Range | undefined
  readonly prior: PriorRange | undefined
}

const grow = (range: Range, { high, low }: Bar): Range =>
  high > range.high || low < range.low
    ? { at: range.at, high: Math.max(range.high, high), low: Math.min(range.low, low) }
    : range

const breakBy = (prior: PriorRange, { time, high, low }: Bar): PriorRange => {
  const breaksHigh = prior.highBrokenAt === undefined && high > prior.high
  const breaksLow = prior.lowBrokenAt === undefined && low < prior.low
  if (!breaksHigh && !breaksLow) return prior
  return { ...prior, ...(breaksHigh && { highBrokenAt: time }), ...(breaksLow && { lowBrokenAt: time }) }
}

/** High and low of the last period that traded before the bar's own; `period` is a number that changes when one begins. */
export const priorRange = {
  initial: { period: Number.NaN, running: undefined, prior: undefined } as PriorState,
  step: (state: PriorState, bar: Bar, own: number): PriorState => {
    const { period, running, prior } = state
    if (running !== undefined && own === period) {
      const grown = grow(running, bar)
      // What lies within the running period was beyond the one before already when the period grew there.
      return grown === running ? state : { period, running: grown, prior: prior && breakBy(prior, bar) }
    }
    const before = running && breakBy({ ...running, knownAt: bar.time }, bar)
    return { period: own, running: { at: bar.time, high: bar.high, low: bar.low }, prior: before }
  },
}

/** The trade date before, the week before (weeks of trade dates, Monday to Friday) and the four hours before. */
export type PriorLevels = {
  readonly day: PriorRange | undefined
  readonly week: PriorRange | undefined
  readonly fourHours: PriorRange | undefined
}

export type PriorLevelsState = {
  readonly tradeDate: string
  /** The trade date in days since 1970-01-01. */
  readonly date: number
  readonly day: PriorState
  readonly week: PriorState
  readonly fourHours: PriorState
}

/** Four-hour blocks on New York's clock, the first of a day from 18:00, counted from 1969-12-31 18:00. */
const fourHoursOf = (time: number): number => Math.floor((time / minuteMs + easternOffset(time) + 360) / 240)
/** Number of the week, Monday to Sunday, of a day counted since 1970-01-01, which was a Thursday. */
export const weekOf = (date: number): number => Math.floor((date + 3) / 7)

/** The fold from closed 1m bars with their trade dates to the highs and lows of the periods before. */
export const priorLevels: Indicator<PriorLevelsState, { readonly bar: Bar; readonly tradeDate: string }, PriorLevels> =
  {
    warmup: 1,
    initial: {
      tradeDate: '',
      date: Number.NaN,
      day: priorRange.initial,
      week: priorRange.initial,
      fourHours: priorRange.initial,
    },
    step: (state, { bar, tradeDate }) => {
      const date = tradeDate === state.tradeDate ? state.date : dayOf(tradeDate)
      const day = priorRange.step(state.day, bar, date)
      const week = priorRange.step(state.week, bar, weekOf(date))
      const fourHours = priorRange.step(state.fourHours, bar, fourHoursOf(bar.time))
      const isSame = day === state.day && week === state.week && fourHours === state.fourHours
      // Most minutes change nothing, and then nothing is made anew.
      return isSame && date === state.date ? state : { tradeDate, date, day, week, fourHours }
    },
    value: ({ day, week, fourHours }) => ({ day: day.prior, week: week.prior, fourHours: fourHours.prior }),
  }
