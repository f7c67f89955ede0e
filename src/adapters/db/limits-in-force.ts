import { isDeepStrictEqual } from 'node:util'
import type { TraderLimits } from '#src/domain/risk/limits.ts'

/** Limits as kept: those in force, and looser ones that wait for their trade date, yyyy-mm-dd. */
export type StoredLimits = {
  readonly inForce: TraderLimits
  readonly next?: { readonly limits: TraderLimits; readonly from: string }
}

/** The limits in force on a trade date. */
export const effectiveLimits = ({ inForce, next }: StoredLimits, tradeDate: string): TraderLimits =>
  next !== undefined && tradeDate >= next.from ? next.limits : inForce

/** The tighter of both in everything that bounds risk; goal and fees bound nothing and are the new ones. */
const tighter = (held: TraderLimits, wanted: TraderLimits): TraderLimits => {
  const [a, b] = [held.limits, wanted.limits]
  return {
    accountSize: Math.min(held.accountSize, wanted.accountSize),
    limits: {
      riskShare: Math.min(a.riskShare, b.riskShare),
      maxOpenTrades: Math.min(a.maxOpenTrades, b.maxOpenTrades),
      maxLossesInRow: Math.min(a.maxLossesInRow, b.maxLossesInRow),
      maxTradesPerDay: Math.min(a.maxTradesPerDay, b.maxTradesPerDay),
      cooldownMinutes: Math.max(a.cooldownMinutes, b.cooldownMinutes),
      reentryMinutes: Math.max(a.reentryMinutes, b.reentryMinutes),
      dailyLoss: Math.min(a.dailyLoss, b.dailyLoss),
      dailyGoal: b.dailyGoal,
      flatBufferMinutes: Math.max(a.flatBufferMinutes, b.flatBufferMinutes),
      news: {
        minutesBefore: Math.max(a.news.minutesBefore, b.news.minutesBefore),
        minutesAfter: Math.max(a.news.minutesAfter, b.news.minutesAfter),
      },
      fees: b.fees,
    },
  }
}

/**
 * Limits after a change: what is tighter than what is in force holds at once, what is looser from the following trade date on.
 * A change replaces one that still waits.
 */
export const changeLimits = (
  stored: StoredLimits,
  wanted: TraderLimits,
  { tradeDate, following }: { readonly tradeDate: string; readonly following: string },
): StoredLimits => {
  const inForce = tighter(effectiveLimits(stored, tradeDate), wanted)
  return isDeepStrictEqual(inForce, wanted) ? { inForce } : { inForce, next: { limits: wanted, from: following } }
}
