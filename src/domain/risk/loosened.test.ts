import { expect, test } from 'vitest'
import { account } from '#src/testing/fills.ts'
import { dollars } from '../money.ts'
import type { Account } from '../trading/account.ts'
import type { FirmRules } from './firm-rules.ts'
import { loosened } from './loosened.ts'

const rules: FirmRules = {
  startBalance: dollars(50_000),
  profitTarget: dollars(3_000),
  drawdown: {
    kind: 'trailing-eod',
    amount: dollars(2_000),
    lockAt: 'start-plus',
    lockOffset: dollars(100),
    includesOpen: true,
    checkedIntraday: true,
  },
  dailyLoss: {
    amount: dollars(1_000),
    basis: 'equity',
    mode: 'breach',
    resetAt: { zone: 'America/New_York', time: '18:00' },
  },
  maxContracts: { mini: 5, microsPerMini: 10, scaling: [{ minProfit: dollars(0), mini: 2 }] },
  flatBy: { zone: 'America/Chicago', time: '15:10' },
  minDays: 5,
  consistency: { bestDayMaxShare: 0.5, scope: 'evaluation' },
  news: { events: ['CPI', 'FOMC'], minutesBefore: 2, minutesAfter: 2 },
  maxExecutionsPerDay: 50,
  automationAllowed: false,
  overnightAllowed: false,
}
const { dailyLoss, drawdown, maxContracts, flatBy, consistency, news, maxExecutionsPerDay, ...rest } = rules
const before = account({ rules, peak: dollars(51_000) })
const ruled = (over: Partial<FirmRules>): Account => ({ ...before, rules: { ...rules, ...over } })
const falls = (over: Partial<FirmRules['drawdown']>): Account => ruled({ drawdown: { ...drawdown, ...over } })
const daily = (over: object): Account =>
  ruled({ dailyLoss: { ...dailyLoss, ...over } as NonNullable<FirmRules['dailyLoss']> })
const size = (over: Partial<FirmRules['maxContracts']>): Account =>
  ruled({ maxContracts: { ...maxContracts, ...over } })
const told = (over: object): Account => ruled({ news: { ...news, ...over } as NonNullable<FirmRules['news']> })
const without = (...names: readonly (keyof FirmRules)[]): Account => ({
  ...before,
  rules: Object.fromEntries(
    Object.entries(rules).filter(([name]) => !names.some((each) => each === name)),
  ) as FirmRules,
})

test.each<[string, Account]>([
  ['watched', { ...before, watched: false }],
  ['anchor.balance', { ...before, anchor: { ...before.anchor, balance: dollars(50_000.01) } }],
  ['anchor.at', { ...before, anchor: { ...before.anchor, at: before.anchor.at + 1 } }],
  ['peak', { ...before, peak: dollars(50_999) }],
  ['peak', account({ rules })],
  ['startBalance', ruled({ startBalance: dollars(49_999) })],
  ['drawdown.kind', falls({ kind: 'static' })],
  ['drawdown.amount', falls({ amount: dollars(2_001) })],
  ['drawdown.lockAt', falls({ lockAt: 'start' })],
  ['drawdown.lockOffset', falls({ lockOffset: dollars(99) })],
  ['drawdown.includesOpen', falls({ includesOpen: false })],
  ['drawdown.checkedIntraday', falls({ checkedIntraday: false })],
  ['dailyLoss.amount', daily({ amount: dollars(1_001) })],
  ['dailyLoss.amount', without('dailyLoss')],
  ['dailyLoss.basis', daily({ basis: 'balance' })],
  ['dailyLoss.mode', daily({ mode: 'soft-lock' })],
  ['dailyLoss.time', daily({ resetAt: { zone: 'America/New_York', time: '12:00' } })],
  ['maxContracts.mini', size({ mini: 6 })],
  ['maxContracts.microsPerMini', size({ microsPerMini: 11 })],
  ['maxContracts.scaling', size({ scaling: [{ minProfit: dollars(0), mini: 3 }] })],
  ['flatBy.time', ruled({ flatBy: { zone: 'America/Chicago', time: '15:55' } })],
  ['flatBy.time', without('flatBy')],
  ['consistency.percent', ruled({ consistency: { bestDayMaxShare: 0.6, scope: 'evaluation' } })],
  ['consistency.percent', without('consistency')],
  ['consistency.scope', ruled({ consistency: { bestDayMaxShare: 0.5, scope: 'payout' } })],
  ['news.events', told({ events: ['CPI'] })],
  ['news.events', without('news')],
  ['news.minutesBefore', told({ minutesBefore: 1 })],
  ['news.minutesAfter', told({ minutesAfter: 1 })],
  ['maxExecutionsPerDay', ruled({ maxExecutionsPerDay: 51 })],
  ['automationAllowed', ruled({ automationAllowed: true })],
  ['overnightAllowed', ruled({ overnightAllowed: true })],
])('%s is looser, and named', (field, after) => {
  expect(loosened(before, after)).toBe(field)
  // The way back tightens, but for what cannot be ordered.
  if (!/time|scaling|scope|anchor\.at/.test(field)) expect(loosened(after, before)).toBeUndefined()
})

test('a name, a target, more days and a rule where there was none loosen nothing', () => {
  const named: Account = { ...before, alias: 'MINE', kind: 'FUNDED', commission: 'platform' }
  expect(loosened(before, { ...named, rules: { ...rules, profitTarget: dollars(1), minDays: 0 } })).toBeUndefined()
  expect(loosened(ruled({}), before)).toBeUndefined()
  const bare: FirmRules = { ...rest, drawdown, maxContracts: { mini: 5, microsPerMini: 10 } }
  expect(loosened({ ...before, rules: bare }, before)).toBeUndefined()
})

test('an account that leaves the watch already is not loosened by leaving it', () => {
  const leaving = { ...before, unwatchedFrom: '2026-11-23' }
  expect(loosened(leaving, { ...before, watched: false })).toBeUndefined()
  expect(loosened(leaving, { ...before, watched: false, rules: without('dailyLoss').rules })).toBe('dailyLoss.amount')
})

test('a broken account may be begun anew, by the same rules', () => {
  const anew = account({ rules, anchor: { balance: dollars(50_500), at: before.anchor.at + 3_600_000 } })
  expect(loosened(before, anew, true)).toBeUndefined()
  expect(loosened(before, { ...anew, rules: without('dailyLoss').rules }, true)).toBe('dailyLoss.amount')
})
