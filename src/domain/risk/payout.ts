import type { Money } from '../money.ts'
import { heaviestDay, isTooHeavy, type Made } from './best-day.ts'
import type { FirmRules } from './firm-rules.ts'
import { inDollars } from './in-dollars.ts'

const percent = (share: number): string => `${Math.round(share * 100)} %`

/**
 * What keeps an evaluation from being passed, or money from being taken out, in words; nothing is missing when it is empty.
 * Days are closed trade dates with a result.
 */
export const stillMissing = (
  rules: FirmRules,
  scope: 'evaluation' | 'payout',
  made: Made & { readonly days: number; readonly balance: Money },
): readonly string[] => {
  const { startBalance, profitTarget = 0, payoutBuffer = 0, minDays = 0, consistency } = rules
  const asked = scope === 'payout' ? payoutBuffer : profitTarget
  const short = startBalance + asked - made.balance
  const daysShort = minDays - made.days
  const rule = consistency?.scope === scope ? consistency : undefined
  return [
    ...(short > 0 ? [`${inDollars(short)} more profit`] : []),
    ...(daysShort > 0 ? [`${daysShort} more trading ${daysShort === 1 ? 'day' : 'days'}`] : []),
    ...(rule !== undefined && isTooHeavy(rule.bestDayMaxShare, made)
      ? [
          `the best day is ${percent(heaviestDay(made).share)} of the profit, at most ${percent(rule.bestDayMaxShare)} counts`,
        ]
      : []),
  ]
}
