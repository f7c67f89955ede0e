import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import { replayPlan } from '#src/domain/risk/rehearsal.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { daysOf } from '#src/domain/trading/days.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { record } from '#src/domain/trading/ledger.ts'

const shownDays = 60

/** What an account's plan would have made of the trader's last 60 days in that account, in words. */
export const previewOf = (account: Account, fills: readonly Fill[], { fees }: Limits): string => {
  const holdings = new Map<string, Fill[]>()
  for (const fill of fills.filter((each) => each.account === account.name)) {
    const key = `${fill.instrument} ${fill.contract}`
    holdings.set(key, [...(holdings.get(key) ?? []), fill])
  }
  const terms = { commission: account.commission, fees }
  const lines = [...holdings.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : record(specOf(first.instrument), [], [first, ...rest], terms),
  )
  const days = daysOf(lines).slice(-shownDays)
  if (days.length === 0) return 'No day was traded in this account yet: nothing to try its rules on.'
  const { words } = replayPlan(account.rules, days)
  const course = words.startsWith('would') ? words : `would have ${words}`
  return `With your last ${days.length} traded ${days.length === 1 ? 'day' : 'days'} this plan ${course}.`
}
