import type { Side } from '../signals/focus-card.ts'

/** The patterns the trader named. */
const patternNames = ['opening-range-breakout', 'swept-gap-reversal', 'break-and-retest', 'failed-breakout'] as const
type PatternName = (typeof patternNames)[number]

/** Something seen that speaks for a side, with its reasons in the trader's words; it counts until `until`. Times epoch ms. */
export type Evidence = {
  readonly pattern: PatternName
  readonly side: Side
  /** When it became known: the close of the bar that made it so. */
  readonly at: number
  readonly until: number
  /** The price the pattern is about, points. */
  readonly level: number
  readonly reasons: readonly string[]
}
