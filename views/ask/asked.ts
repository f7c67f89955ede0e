import type { AccountReading } from '#src/domain/picture.ts'
import { busyAccounts, differingAccounts, flattenWords, heldWords } from '../terminal/acts.tsx'
import { isHeard } from '../words.ts'
import type { Asked } from './page.tsx'

const steps = 'Working orders are cancelled first, then what is held is closed at market, until NinjaTrader says flat.'
const silent = 'NinjaTrader is not heard now: look there as well.'

const aside = (account: AccountReading | undefined): readonly string[] =>
  account && isHeard(account) ? [steps] : [steps, silent]

/** Asks before everything is flattened. */
export const askKill = (account: AccountReading | undefined): Asked => {
  const held = (name: string) => account?.positions.filter((position) => position.account === name) ?? []
  const parts = account ? busyAccounts(account).map(({ name, alias }) => `${heldWords(held(name))} on ${alias}`) : []
  const what = parts.length > 0 ? `: ${parts.join('; ')}` : ''
  return {
    question: `Flatten everything${what}?`,
    means: ['Entries are blocked from now on, in every account.', ...aside(account)],
    action: '/kill',
    yes: `Flatten everything${what}`,
    no: 'No, leave everything as it is',
  }
}

/** Asks before one account is flattened; undefined when nothing is known to be open or working there. */
export const askFlatten = (account: AccountReading | undefined, name: string): Asked | undefined => {
  const busy = account && busyAccounts(account).find((each) => each.name === name)
  if (!account || !busy) return undefined
  const words = flattenWords(account, name, busy.alias)
  return {
    question: `${words}?`,
    means: aside(account),
    action: `/accounts/${encodeURIComponent(name)}/flatten`,
    yes: words,
    no: 'No, leave it as it is',
  }
}

/** Asks before the ledger takes over what the platform holds; undefined where the two do not differ. */
export const askAdoption = (account: AccountReading | undefined, name: string): Asked | undefined => {
  const differing = account && differingAccounts(account).find((each) => each.name === name)
  if (!account || !differing) return undefined
  return {
    question: `Take NinjaTrader’s positions on ${differing.alias}?`,
    means: [
      ...account.bridge.differences.filter((words) => words.startsWith(`${name} `)),
      'The ledger is set to what NinjaTrader holds, by a line that stays in it. No order is sent. Its profit is an estimate from then on.',
    ],
    action: `/accounts/${encodeURIComponent(name)}/adoption`,
    yes: `Take NinjaTrader’s positions on ${differing.alias}`,
    no: 'No, compare first',
  }
}

/** Asks before the trader locks himself out. */
export const askLockout: Asked = {
  question: 'Lock me out until 17:00?',
  means: [
    'The answer to “May I trade?” is NO until the session ends. Nothing takes the lock off: no restart, no clock, no other browser.',
    'Getting out stays possible. What is held stays held.',
  ],
  action: '/lockout',
  fields: { until: 'session-end' },
  yes: 'Lock me out until 17:00',
  no: 'No, not now',
}
