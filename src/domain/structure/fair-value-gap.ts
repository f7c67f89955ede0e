import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import { append, type Finished, keptFinished, type Living } from './life.ts'

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

/** A gap with its life; `edge` is the price at which it was born to be met, its high for a bull gap. */
export type LivingGap = FairValueGap & Living & { readonly edge: number }

export type GapState = {
  readonly last: Bar | undefined
  readonly beforeLast: Bar | undefined
  /** Oldest first. */
  readonly open: readonly LivingGap[]
  /** What was filled, whole again as it was born; newest last. */
  readonly finished: readonly Finished<LivingGap>[]
}

/** Gaps are written out by name, all in one order: to spread one costs more than all else that is done with it. */
const gapOf = (side: Side, low: number, high: number, at: number): LivingGap => ({
  side,
  low,
  high,
  edge: side === 'long' ? high : low,
  width: high - low,
  at,
  knownAt: at,
  life: 'formed',
  lifeAt: at,
  touchedAt: undefined,
})

const born = (first: Bar, third: Bar): LivingGap | undefined => {
  if (first.high < third.low) return gapOf('long', first.high, third.low, third.time)
  if (first.low > third.high) return gapOf('short', third.high, first.low, third.time)
  return undefined
}

const isMet = ({ side, low, high }: LivingGap, bar: Bar): boolean =>
  side === 'long' ? bar.low <= high : bar.high >= low

/** What a bar that reached the gap leaves of it; nothing where low meets high. */
const narrow = (gap: LivingGap, bar: Bar): LivingGap => {
  const { side, edge, width, at, knownAt, touchedAt = bar.time } = gap
  const low = side === 'long' ? gap.low : Math.max(gap.low, bar.high)
  const high = side === 'long' ? Math.min(gap.high, bar.low) : gap.high
  return { side, low, high, edge, width, at, knownAt, life: 'touched', lifeAt: touchedAt, touchedAt }
}

const fill = (gap: LivingGap, until: number): Finished<LivingGap> => {
  const { side, edge, width, at, knownAt, touchedAt } = gap
  const low = side === 'long' ? gap.low : edge
  const high = side === 'long' ? edge : gap.high
  return { side, low, high, edge, width, at, knownAt, life: 'filled', lifeAt: until, touchedAt, until }
}

/**
 * Index of the oldest gap a bar reaches, the list's length where none. The open gaps of a side lie one behind the other,
 * the newest nearest to price, so the first one not reached hides all before it.
 */
const oldestMet = (open: readonly LivingGap[], bar: Bar): number => {
  let oldest = open.length
  let unhidden = 2
  let hidden: Side | undefined
  for (let i = open.length - 1; i >= 0 && unhidden > 0; i--) {
    const gap = open[i] as LivingGap
    if (isMet(gap, bar)) oldest = i
    else if (gap.side !== hidden) {
      hidden = gap.side
      unhidden--
    }
  }
  return oldest
}

const meet = (state: GapState, bar: Bar): Pick<GapState, 'open' | 'finished'> => {
  const from = oldestMet(state.open, bar)
  if (from === state.open.length) return state
  const open = state.open.slice()
  const filled: Finished<LivingGap>[] = []
  let end = from
  for (const gap of state.open.slice(from)) {
    const left = isMet(gap, bar) ? narrow(gap, bar) : gap
    if (left.high > left.low) open[end++] = left
    else filled.push(fill(left, bar.time))
  }
  open.length = end
  return { open, finished: append(state.finished, filled, keptFinished) }
}

/**
 * Fair value gaps: bull where high[i−2] < low[i], bear where low[i−2] > high[i]. A gap is touched when price comes back
 * to its edge, narrows as price trades into it and is filled once traded through, be it just to the far edge. At most
 * `kept` are followed, the oldest are let go.
 */
export const fairValueGaps = (kept = 200) => ({
  initial: { last: undefined, beforeLast: undefined, open: [], finished: [] } as GapState,
  step: (state: GapState, bar: Bar): GapState => {
    const { open, finished } = meet(state, bar)
    const gap = state.beforeLast === undefined ? undefined : born(state.beforeLast, bar)
    return {
      last: bar,
      beforeLast: state.last,
      open: gap === undefined ? open : append(open, [gap], kept),
      finished,
    }
  },
})
