import { sessionOf } from '#src/domain/instruments/calendar.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { addDays, easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { type NightStep, nightSteps } from '#src/domain/lab-reading.ts'
import { minuteMs } from '#src/domain/market/bar.ts'

/** light — minutes of little work, at any hour; heavy — every thread there is, off-hours only. */
export type Lane = 'light' | 'heavy'

/** When a step's turn comes: not before its time, and not before the steps it rests on are over. */
type StepPlan = {
  readonly lane: Lane
  readonly after: readonly NightStep[]
  /** Minutes after flat-by, or after the next pre-market has begun. */
  readonly due: { readonly after: 'flat-by' | 'next-morning'; readonly minutes: number }
  /** Minutes before the next pre-market at which it is done though heavy work is left: the trader reads it in the morning. */
  readonly latest?: number
}

const afternoon = (minutes: number): StepPlan['due'] => ({ after: 'flat-by', minutes })

const plan: Readonly<Record<NightStep, StepPlan>> = {
  backfill: { lane: 'light', after: [], due: afternoon(15) },
  quality: { lane: 'light', after: ['backfill'], due: afternoon(15) },
  shadow: { lane: 'light', after: ['quality'], due: afternoon(15) },
  calibration: { lane: 'light', after: ['shadow'], due: afternoon(15) },
  parity: { lane: 'light', after: ['shadow'], due: afternoon(15) },
  focus: { lane: 'light', after: ['quality'], due: afternoon(30) },
  backtests: { lane: 'heavy', after: ['calibration'], due: afternoon(30) },
  optimization: { lane: 'heavy', after: ['backtests'], due: afternoon(30) },
  refresh: { lane: 'light', after: ['focus'], due: { after: 'next-morning', minutes: 5 } },
  summary: { lane: 'light', after: ['optimization', 'parity', 'focus'], due: afternoon(30), latest: 15 },
}

/** In which lane a step runs: one step at a time in each. */
export const laneOf = (step: NightStep): Lane => plan[step].lane

/** A night: the trade date that ended with it, when it began and when the next pre-market begins; epoch ms. */
export type Night = { readonly tradeDate: string; readonly from: number; readonly morning: number }

const groups = ['equity', 'metals', 'energy'] as const
const isTradeDate = (date: string): boolean => groups.some((group) => sessionOf(group, date) !== undefined)

const nearest = (date: string, step: 1 | -1): string => {
  let found = addDays(date, step)
  while (!isTradeDate(found)) found = addDays(found, step)
  return found
}

/** The night an instant belongs to: that of the newest trade date whose flat-by has passed. */
export const nightAt = (now: number, { flatBy, preMarket }: PhaseBoundaries): Night => {
  const { date, minute } = easternAt(now)
  const tradeDate = isTradeDate(date) && minute >= flatBy ? date : nearest(date, -1)
  return {
    tradeDate,
    from: easternMs(tradeDate, flatBy),
    morning: easternMs(nearest(tradeDate, 1), preMarket),
  }
}

/** What is known of a night's steps: those that are over (done, or given up), and those under way. */
export type NightState = { readonly over: ReadonlySet<NightStep>; readonly running: ReadonlySet<NightStep> }

/** The hour: `offHours` where heavy work may be done, `hurried` where what is due later today is wanted now. */
type Hour = { readonly now: number; readonly offHours: boolean; readonly hurried: boolean }

/** Nobody waits for what cannot be done before the morning; once that has come, for what still can be. */
const isPressing = ({ latest }: StepPlan, night: Night, { now, offHours }: Hour): boolean =>
  latest !== undefined && now >= night.morning - latest * minuteMs && (now < night.morning || !offHours)

const isDue = (step: NightStep, night: Night, { over }: NightState, hour: Hour): boolean => {
  const own = plan[step]
  const { after, due } = own
  const from = (due.after === 'flat-by' ? night.from : night.morning) + due.minutes * minuteMs
  // What the next morning adds is not there yet, however great the hurry.
  const isTime = hour.now >= from || (hour.hurried && due.after === 'flat-by')
  const waitsFor = after.filter((each) => !over.has(each))
  const rested = isPressing(own, night, hour)
    ? waitsFor.every((each) => laneOf(each) === 'heavy')
    : waitsFor.length === 0
  return isTime && rested
}

/** The steps to begin now: the first due one of each lane that is free; heavy ones only off-hours. */
export const stepsToBegin = (night: Night, state: NightState, hour: Hour): readonly NightStep[] => {
  const first = (lane: Lane): readonly NightStep[] => {
    const own = nightSteps.filter((step) => laneOf(step) === lane)
    if (own.some((step) => state.running.has(step))) return []
    return own.filter((step) => !state.over.has(step) && isDue(step, night, state, hour)).slice(0, 1)
  }
  return [...first('light'), ...(hour.offHours ? first('heavy') : [])]
}
