import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { previewOf } from './account-preview.ts'
import { account, evenFees, fill } from './testing/fills.ts'

const limits = { ...defaultLimits, fees: evenFees }
const day = 86_400

/** Bought on a day (0 is Friday), closed a minute later: a point of MNQ is $2, there and back costs $1. */
const trip = (days: number, points: number, over = {}) => [
  fill(days * day, 1, 20_000, over),
  fill(days * day + 60, -1, 20_000 + points, over),
]

test('without a traded day there is nothing to try the rules on', () => {
  expect(previewOf(account(), [], limits)).toBe('No day was traded in this account yet: nothing to try its rules on.')
  expect(previewOf(account(), trip(0, 100, { account: 'Other' }), limits)).toMatch(/^No day/)
})

test('the plan is played over the days of this account alone, net of our fees', () => {
  const fills = [...trip(0, 100), ...trip(3, -20), ...trip(3, 5_000, { account: 'Other' })]
  expect(previewOf(account(), fills, limits)).toBe('With your last 2 traded days this plan would still run at $158.')
})

test('a plan that would have been broken says on which day', () => {
  const fills = [...trip(0, 100), ...trip(3, -1_200)]
  expect(previewOf(account(), fills, limits)).toBe(
    'With your last 2 traded days this plan would have ended on 2026-11-23: drawdown.',
  )
})

test('a target is passed on the first day that reaches it', () => {
  const { rules } = account()
  const fills = [...trip(0, 100), ...trip(3, 100), ...trip(4, -1_200)]
  expect(previewOf(account({ rules: { ...rules, profitTarget: dollars(390) } }), fills, limits)).toBe(
    'With your last 3 traded days this plan would have passed on 2026-11-23.',
  )
})

test('an evaluation is also tried as the plan it becomes, whose floor follows every open profit', () => {
  const fills = [...trip(0, 100), ...trip(3, -20)]
  expect(previewOf(account({ firm: 'take-profit-trader-test-50k' }), fills, limits)).toBe(
    'With your last 2 traded days this plan would still run at $158. Under Take Profit Trader PRO 50K the same days would still run at $158.',
  )
})
