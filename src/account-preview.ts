import { nextPlan, planName } from '#src/domain/risk/firms/presets.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import { type Rehearsal, rehearseSwitch } from '#src/domain/risk/rehearsal.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { daysOf } from '#src/domain/trading/days.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { foldFills } from '#src/domain/trading/fold-fills.ts'

const shownDays = 60

const courseOf = ({ words }: Rehearsal): string => (words.startsWith('would') ? words : `would have ${words}`)

/** What an account's plan, and the one it becomes once passed, would have made of the trader's last 60 days in it, in words. */
export const previewOf = (account: Account, fills: readonly Fill[], { fees }: Limits): string => {
  const own = fills.filter((each) => each.account === account.name)
  const lines = foldFills(own, () => ({ commission: account.commission, fees })).flat()
  const days = daysOf(lines).slice(-shownDays)
  if (days.length === 0) return 'No day was traded in this account yet: nothing to try its rules on.'
  const next = nextPlan(account.firm)
  const { before, after } = rehearseSwitch(account.rules, next?.rules ?? account.rules, days)
  const course = `With your last ${days.length} traded ${days.length === 1 ? 'day' : 'days'} this plan ${courseOf(before)}.`
  return next === undefined ? course : `${course} Under ${planName(next.id)} the same days ${courseOf(after)}.`
}
