import type { Money } from '../money.ts'
import type { FirmRules } from './firm-rules.ts'
import type { Standing } from './standing.ts'

/** The profit of the account before today, its best day before today, and what today has made so far. Money. */
export type Made = { readonly before: Money; readonly bestBefore: Money; readonly today: Money }

const whole = 10_000

/** A share of an amount as an integer ratio, so that halves and thirds of a percent stay exact. */
const basisPoints = (share: number): number => Math.round(share * whole)

/** The heaviest day, today included, and its share of all profit; 0 while there is none. */
export const heaviestDay = ({ before, bestBefore, today }: Made): { bestDay: Money; share: number } => {
  const bestDay = Math.max(bestBefore, today, 0)
  const total = before + today
  return { bestDay, share: total > 0 ? bestDay / total : 0 }
}

/** Whether the heaviest day weighs more than the rule allows, exactly. */
export const isTooHeavy = (bestDayMaxShare: number, made: Made): boolean => {
  const { bestDay } = heaviestDay(made)
  return bestDay > 0 && bestDay * whole > basisPoints(bestDayMaxShare) * (made.before + made.today)
}

/**
 * What today may still make before the best-day rule asks for more than it does now. With share s, profit P and best day B
 * before today, a day D needs a total of D / s; that is nothing new while D ≤ s · target, D ≤ s · (P + D) or D ≤ B.
 * Undefined where no rule says so, or nothing was made that a day could be measured against.
 */
export const consistencyOf = ({ consistency, profitTarget }: FirmRules, made: Made): Standing['consistency'] => {
  const heaviest = heaviestDay(made)
  if (consistency === undefined || heaviest.bestDay === 0) return undefined
  const points = basisPoints(consistency.bestDayMaxShare)
  const ofTarget = consistency.scope === 'evaluation' ? Math.floor((points * (profitTarget ?? 0)) / whole) : 0
  const ofProfit = Math.floor((points * Math.max(0, made.before)) / (whole - points))
  const most = Math.max(ofTarget, ofProfit, made.bestBefore)
  return most === 0 ? undefined : { left: most - made.today, ...heaviest, maxShare: consistency.bestDayMaxShare }
}
