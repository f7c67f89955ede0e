import type { Money } from '../money.ts'
import type { TraderLimits } from './limits.ts'
import { riskCap } from './sizing.ts'
import type { Standing } from './standing.ts'

/** What bounds the loss of one trade: the share of the account, of what the day leaves, of what lies above the floor. */
export type Bound = 'trade' | 'daily' | 'drawdown'

/** What one trade may lose now, Money, and by which rule. */
export type Allowance = { readonly money: Money; readonly by: Bound }

/** What a firm's daily limit leaves, Money; nothing of one that was touched, before its reset. Undefined without such a rule. */
export const leftToday = (daily: Standing['daily']): Money | undefined =>
  daily?.lockedUntil === undefined ? daily?.left : Math.min(0, daily.left)

/** What one trade may lose by each rule, Money: the trader's share of the account, 40 % of what the day leaves, 25 % of the headroom. */
export const riskCaps = (
  { accountSize, limits }: TraderLimits,
  { daily, headroom }: Pick<Standing, 'daily' | 'headroom'>,
  ownDailyLeft: Money,
): Readonly<Record<Bound, Money>> => {
  const left = Math.min(ownDailyLeft, leftToday(daily) ?? ownDailyLeft)
  return {
    trade: riskCap(accountSize, limits.riskShare),
    daily: Math.floor((left * 40) / 100),
    drawdown: Math.floor((headroom * 25) / 100),
  }
}

const bounds = ['trade', 'daily', 'drawdown'] as const

/** The least that one trade may lose in any of the accounts; by the share of the account alone while no account is known. */
export const allowanceOf = (
  trader: TraderLimits,
  standings: readonly Pick<Standing, 'daily' | 'headroom'>[],
  ownDailyLeft: Money,
): Allowance => {
  const unheld: Allowance = { money: riskCap(trader.accountSize, trader.limits.riskShare), by: 'trade' }
  return standings
    .map((standing) => riskCaps(trader, standing, ownDailyLeft))
    .flatMap((caps) => bounds.map((by): Allowance => ({ money: Math.max(0, caps[by]), by })))
    .reduce((least, one) => (one.money < least.money ? one : least), unheld)
}
