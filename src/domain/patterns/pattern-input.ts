import { type Bar, minuteMs } from '../market/bar.ts'
import type { OpeningRange } from '../session/opening-range.ts'
import type { FairValueGap } from '../structure/fair-value-gap.ts'

/** A price others watch, points, named as the trader says it: 'prior-day high'. */
export type PatternLevel = {
  readonly name: string
  readonly price: number
  /** The only way it can be broken: a high from below. Without it, from wherever price comes. */
  readonly kind?: 'high' | 'low'
}

/** A fair value gap; `at` is the open time of the bar that made it known. */
export type PatternGap = Pick<FairValueGap, 'side' | 'low' | 'high' | 'at'>

/** A closed 5m bar and what is known with it. Each bar is judged against the levels of the bar before. */
export type PatternInput = {
  readonly bar: Bar
  readonly levels: readonly PatternLevel[]
  /** Open gaps; of them those this bar made known count. */
  readonly gaps: readonly PatternGap[]
  readonly openingRanges: readonly OpeningRange[]
}

/** Patterns are of 5m bars: the instant (epoch ms) a bar closes. */
export const closeOf = ({ time }: Bar): number => time + 5 * minuteMs
