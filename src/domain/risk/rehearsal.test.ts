import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import type { FirmRules } from './firm-rules.ts'
import { presets } from './firms/presets.ts'
import { type PastDay, rehearseSwitch, replayPlan } from './rehearsal.ts'

const rulesOf = (id: string): FirmRules => {
  const preset = presets.find((one) => one.id === id)
  if (preset === undefined) throw new Error(`no preset ${id}`)
  return preset.rules
}
const dates = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']
const day = (i: number, net: number, worst?: number, best?: number): PastDay => ({
  tradeDate: dates[i] ?? '',
  net: dollars(net),
  ...(worst !== undefined && { worst: dollars(worst) }),
  ...(best !== undefined && { best: dollars(best) }),
})
const steady = [day(0, 700, -100, 900), day(1, 600), day(2, -200, -500), day(3, 1_000), day(4, 950)]

test('a target, its days and a best day that is light enough pass', () => {
  expect(replayPlan(rulesOf('take-profit-trader-test-50k'), steady)).toEqual({
    outcome: 'passed',
    on: '2026-11-20',
    days: 5,
    lockedDays: 0,
    balance: dollars(53_050),
    // 51,300 on the third morning less 500 above the floor of 49,300.
    lowestHeadroom: dollars(1_500),
    words: 'passed on 2026-11-20',
  })
})

test('reached too soon or by one day it still runs, and says what is missing', () => {
  const rules = rulesOf('take-profit-trader-test-50k')
  expect(replayPlan(rules, [day(0, 2_000), day(1, 1_100)])).toMatchObject({
    outcome: 'running',
    words:
      'would still run at $3,100; missing: 3 more trading days, the best day is 65 % of the profit, at most 50 % counts',
  })
})

test('a day’s low breaks a plan even when the day ends well', () => {
  expect(replayPlan(rulesOf('take-profit-trader-test-50k'), [day(0, 200, -2_000)])).toMatchObject({
    outcome: 'broken',
    on: '2026-11-16',
    rule: 'drawdown',
    words: 'ended on 2026-11-16: drawdown',
  })
})

test('a floor that trails open profit is broken by what the end of the day forgives', () => {
  const days = [day(0, 100, -100, 1_950), day(1, -200, -200)]
  const { before, after } = rehearseSwitch(
    rulesOf('take-profit-trader-test-50k'),
    rulesOf('take-profit-trader-pro-50k'),
    days,
  )
  expect(before).toMatchObject({ outcome: 'running', lowestHeadroom: dollars(1_800) })
  expect(after).toMatchObject({ outcome: 'broken', on: '2026-11-16', rule: 'drawdown' })
})

test('a soft limit ends the day at the limit and costs no more', () => {
  expect(replayPlan(rulesOf('topstep-50k'), [day(0, -700, -1_400), day(1, 100)])).toMatchObject({
    outcome: 'running',
    days: 2,
    lockedDays: 1,
    balance: dollars(49_100),
    words: 'would still run at −$900; missing: $3,900 more profit',
  })
})

test('what a payout asks for is no matter of the evaluation', () => {
  expect(replayPlan(rulesOf('apex-eod-50k'), [day(0, 3_000)])).toMatchObject({ outcome: 'passed', on: '2026-11-16' })
})

test('counted on closed trades, a low within the day locks nothing', () => {
  const topstep = rulesOf('topstep-50k')
  const { dailyLoss } = topstep
  if (dailyLoss === undefined) throw new Error('no daily limit')
  const closed: FirmRules = { ...topstep, dailyLoss: { ...dailyLoss, basis: 'balance' } }
  expect(replayPlan(closed, [day(0, -700, -1_400)])).toMatchObject({ lockedDays: 0, balance: dollars(49_300) })
  expect(replayPlan(closed, [day(0, -1_100)])).toMatchObject({ lockedDays: 1, balance: dollars(49_000) })
})

test('a hard limit breaks it', () => {
  expect(replayPlan(rulesOf('ftmo-type-100k'), [day(0, 500), day(1, -1_000, -5_000)])).toMatchObject({
    outcome: 'broken',
    on: '2026-11-17',
    rule: 'daily-loss',
    words: 'ended on 2026-11-17: daily loss',
  })
})

test('a plan without a target is never passed, and no days change nothing', () => {
  expect(replayPlan(rulesOf('personal-sim-50k'), steady)).toMatchObject({
    outcome: 'running',
    // The third day's low of 500 ends it at the soft limit, 300 below its own end.
    words: 'would still run at $2,750',
  })
  expect(replayPlan(rulesOf('topstep-50k'), [])).toMatchObject({ days: 0, balance: dollars(50_000) })
})
