import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'

/** Three bars that left a price range untraded. `low`–`high` is what of it is still open; known at the third bar. */
export type FairValueGap = {
  readonly side: Side
  readonly low: number
  readonly high: number
  /** The width it was born with, in points. */
  readonly width: number
  /** Open time of the third bar, with which it became known. */
  readonly at: number
}

export type GapState = {
  readonly last: Bar | undefined
  readonly beforeLast: Bar | undefined
  readonly open: readonly FairValueGap[]
}

const fill = (gap: FairValueGap, { high, low }: Bar): FairValueGap =>
  gap.side === 'long' ? (low < gap.high ? { ...gap, high: low } : gap) : high > gap.low ? { ...gap, low: high } : gap

const born = (first: Bar, third: Bar): FairValueGap | undefined =>
  first.high < third.low
    ? { side: 'long', low: first.high, high: third.low, width: third.low - first.high, at: third.time }
    : first.low > third.high
      ? { side: 'short', low: third.high, high: first.low, width: first.low - third.high, at: third.time }
      : undefined

/**
 * Fair value gaps: bull where high[i−2] < low[i], bear where low[i−2] > high[i]. Price trading into a gap narrows it;
 * once traded through it is gone. At most `kept` are followed, the oldest are let go.
 */
export const fairValueGaps = (kept = 200) => ({
  initial: { last: undefined, beforeLast: undefined, open: [] } as GapState,
  step: ({ last, beforeLast, open }: GapState, bar: Bar): GapState => {
    const left = open.map((gap) => fill(gap, bar)).filter((gap) => gap.high > gap.low)
    const gap = beforeLast === undefined ? undefined : born(beforeLast, bar)
    return { last: bar, beforeLast: last, open: (gap === undefined ? left : [...left, gap]).slice(-kept) }
  },
})
