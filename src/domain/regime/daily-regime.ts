import { type AtrState, atr } from '../indicators/atr.ts'
import type { Indicator } from '../indicators/indicator.ts'
import type { Bar } from '../market/bar.ts'
import { type Chain, steadyState } from './steady-state.ts'

/** In the order of the matrix. */
export const dayStates = ['bull', 'bear', 'sideways'] as const
type DayState = (typeof dayStates)[number]

export type DailyRegimeState = {
  readonly range: AtrState
  readonly state: DayState | undefined
  /** Transitions seen, from the row's state to the column's, both in the order bull, bear, sideways. */
  readonly counts: Chain
}

/** The regime of the newest complete trade date; rows, columns and shares in the order bull, bear, sideways. */
export type DailyRegime = {
  /** Undefined while the daily ATR is not known. */
  readonly state: DayState | undefined
  /** From the row's state to the column's, each row summing to 1. */
  readonly matrix: Chain
  /** The share of days each state takes in the long run. */
  readonly steady: readonly [number, number, number]
  /** Transitions the matrix rests on. */
  readonly n: number
  /** Those of them that left the newest day's state; none, and its row says nothing. */
  readonly left: number
}

const range = atr(14)
/** A day counts as a move from this share of the daily ATR on. */
const moveShare = 0.35

const sumOf = ([a, b, c]: Chain[number]): number => a + b + c

/** A state never left says nothing of what follows it: all three are as likely. */
const sharesOf = (row: Chain[number]): Chain[number] => {
  const sum = sumOf(row)
  return sum === 0 ? [1 / 3, 1 / 3, 1 / 3] : [row[0] / sum, row[1] / sum, row[2] / sum]
}

/** Against the day before's ATR, so that no day makes the yardstick it is measured by; the shared divisor, its close, cancels. */
const stateOf = ({ range: before }: DailyRegimeState, close: number): DayState | undefined => {
  const least = moveShare * range.value(before)
  if (Number.isNaN(least)) return undefined
  const move = close - before.close
  return move > least ? 'bull' : move < -least ? 'bear' : 'sideways'
}

const count = (counts: Chain, from: DayState, to: DayState): Chain => {
  const grow = (row: Chain[number], i: number): Chain[number] =>
    dayStates[i] === from
      ? [row[0] + Number(to === 'bull'), row[1] + Number(to === 'bear'), row[2] + Number(to === 'sideways')]
      : row
  return [grow(counts[0], 0), grow(counts[1], 1), grow(counts[2], 2)]
}

/**
 * Markov chain of days, folded over the bars of complete trade dates: bull when the return is above 0.35 of the ATR(14)
 * fraction (ATR over close, both of the day before), bear below minus that, else sideways; how often each followed each,
 * and where that settles.
 */
export const dailyRegime: Indicator<DailyRegimeState, Pick<Bar, 'high' | 'low' | 'close'>, DailyRegime> = {
  warmup: range.warmup + 1,
  initial: {
    range: range.initial,
    state: undefined,
    counts: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  },
  step: (before, day) => {
    const state = stateOf(before, day.close)
    const counts =
      before.state === undefined || state === undefined ? before.counts : count(before.counts, before.state, state)
    return { range: range.step(before.range, day), state, counts }
  },
  value: ({ state, counts }) => {
    const matrix: Chain = [sharesOf(counts[0]), sharesOf(counts[1]), sharesOf(counts[2])]
    const leaving = counts.map(sumOf)
    return {
      state,
      matrix,
      steady: steadyState(matrix),
      n: leaving.reduce((sum, each) => sum + each, 0),
      left: state === undefined ? 0 : (leaving[dayStates.indexOf(state)] ?? 0),
    }
  },
}
