import { isOpen, nextChangeAt } from '../instruments/calendar.ts'
import type { Money } from '../money.ts'
import type { FirmRules, ZonedTime } from './firm-rules.ts'
import type { Stage } from './standing.ts'
import { exchangeDateAt, instantOn } from './zoned.ts'

/** Where a trailing floor stops for good, in Money; nowhere is Infinity. */
const lockLevel = ({ startBalance, drawdown }: FirmRules): Money =>
  drawdown.lockAt === 'never'
    ? Number.POSITIVE_INFINITY
    : startBalance + (drawdown.lockAt === 'start-plus' ? (drawdown.lockOffset ?? 0) : 0)

/**
 * The equity at which an account is broken, by the highest its rule counts: a static floor stands below the start, a
 * trailing one the same distance below the peak until it reaches its lock. Source: the firms' own drawdown rules.
 */
export const floorOf = (rules: FirmRules, peak: Money): Money => {
  const { kind, amount } = rules.drawdown
  return kind === 'static' ? rules.startBalance - amount : Math.min(peak - amount, lockLevel(rules))
}

/** Whether the floor has stopped for good; a static one never moved. */
export const isFloorLocked = (rules: FirmRules, peak: Money): boolean =>
  rules.drawdown.kind === 'static' || peak - rules.drawdown.amount >= lockLevel(rules)

/** How much of a limit is used, in tenths of it compared as integers: warning from 50 %, danger from 70 %, locked from 90 %. */
export const stageOf = (used: Money, limit: Money): Stage => {
  const tenths = used * 10
  if (tenths >= limit * 9) return 'locked'
  if (tenths >= limit * 7) return 'danger'
  return tenths >= limit * 5 ? 'warning' : 'safe'
}

/** What the firm allows at a profit, in micros: the highest step of the scaling plan that is reached, never above the cap. */
export const maxMicrosAt = ({ maxContracts }: FirmRules, profit: Money): number => {
  const { mini, microsPerMini, scaling = [] } = maxContracts
  const step = scaling.findLast(({ minProfit }) => profit >= minProfit) ?? scaling[0]
  return Math.min(mini, step?.mini ?? mini) * microsPerMini
}

const groups = ['equity', 'metals', 'energy'] as const

/**
 * When a firm wants everything flat on the exchange day (18:00 to 18:00 New York) of an instant, epoch ms: at its time, or
 * at the first close of a market that closes earlier that day.
 */
export const flatByOn = (flatBy: ZonedTime, ms: number): number => {
  const closes = groups.filter((group) => isOpen(group, ms)).map((group) => nextChangeAt(group, ms))
  return Math.min(instantOn(exchangeDateAt(ms), flatBy), ...closes)
}
