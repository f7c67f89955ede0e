export const phases = ['PRE-MARKET', 'ACTIVE', 'WIND DOWN', 'OFF-HOURS'] as const

/** The part of the trader's day. */
export type Phase = (typeof phases)[number]

/** The day's boundaries in minutes after midnight, New York. */
export type PhaseBoundaries = {
  /** Pre-market opens; the plan is drawn. */
  readonly preMarket: number
  /** The plan freezes and entries are allowed. */
  readonly active: number
  /** No new entries. */
  readonly windDown: number
  /** Everything must be flat. */
  readonly flatBy: number
}
