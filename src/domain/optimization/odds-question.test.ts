import { expect, test } from 'vitest'
import { overTheLimit, topstepRules } from '#src/testing/accounts.ts'
import { account } from '#src/testing/fills.ts'
import { goldInZone, sp500Stopped } from '#src/testing/world.ts'
import { dollars } from '../money.ts'
import type { AccountStanding } from '../picture.ts'
import { presets } from '../risk/firms/presets.ts'
import { calibrationOf } from '../signals/calibration.ts'
import { questionOf, stakeOf } from './odds-question.ts'

/** At $51,240.50 after a day of −$371.50 closed and −$308 open; its floor has seen $51,612; four days are over. */
const [shown] = overTheLimit.accounts as readonly [AccountStanding]
const evaluation = account({ kind: 'EVAL', firm: 'topstep-50k', rules: topstepRules })

test('an evaluation is played from its balance, today counted as a day that is over', () => {
  expect(questionOf(evaluation, shown, dollars(910))).toEqual({
    ok: true,
    question: {
      ...{ rules: topstepRules, stage: 'evaluation' },
      from: { balance: dollars(51_240.5), peak: dollars(51_612), bestDay: dollars(910), days: 5 },
    },
  })
})

test('a better day today is the best, and a day without a result is none', () => {
  const better = { ...shown, dayNet: dollars(1_200), openNet: dollars(200) }
  const quiet = { ...shown, dayNet: dollars(-20), openNet: dollars(-20) }
  const from = (of: AccountStanding) => {
    const asked = questionOf(evaluation, of, dollars(910))
    return asked.ok && [asked.question.from.bestDay, asked.question.from.days]
  }
  expect([from(better), from(quiet)]).toEqual([
    [dollars(1_000), 5],
    [dollars(910), 4],
  ])
})

test('an evaluation goes on as the plan it becomes', () => {
  const test50 = account({ kind: 'EVAL', firm: 'take-profit-trader-test-50k', rules: topstepRules })
  const pro = presets.find(({ id }) => id === 'take-profit-trader-pro-50k')?.rules
  expect(questionOf(test50, shown, 0)).toMatchObject({ question: { funded: pro } })
})

test('a funded account, and one whose plan names no target, are played for payouts', () => {
  const stageOf = (over: Parameters<typeof account>[0]) => {
    const asked = questionOf(account(over), shown, 0)
    return asked.ok && asked.question.stage
  }
  expect([stageOf({ kind: 'FUNDED', rules: topstepRules }), stageOf({}), stageOf({ rules: topstepRules })]).toEqual([
    'funded',
    'funded',
    'evaluation',
  ])
})

test('nothing is asked of an account that is broken, or has passed', () => {
  const broken = { ...shown, standing: { ...shown.standing, broken: { at: 0, rule: 'drawdown' } as const } }
  const { standing } = shown
  const there = { ...shown, standing: { ...standing, balance: dollars(53_000), days: 6 } }
  expect([questionOf(evaluation, broken, 0), questionOf(evaluation, there, dollars(910))]).toEqual([
    { ok: false, reason: 'broken' },
    { ok: false, reason: 'passed' },
  ])
  // The same profit of which one day made more than half.
  expect(questionOf(evaluation, there, dollars(1_600))).toMatchObject({ ok: true })
})

/** A hundred and twenty cards like it, three of five right. */
const buckets = calibrationOf(Array.from({ length: 120 }, (_, i) => ({ quality: 86, won: i % 5 < 3 })))

test('a card risks what its size says and makes its first target less the fees, as often as cards like it did', () => {
  // From the zone's top at 4,124.0 to 4,136.5 are 125 ticks of $1; a contract costs $1.44 there and back.
  expect(stakeOf(goldInZone, buckets, 50)).toEqual({
    ...{ contracts: 3, size: '3 MGC' },
    endings: [
      { chance: 0.6, net: dollars(370.68) },
      { chance: 0.4, net: dollars(-310.32) },
    ],
  })
})

test('no more contracts are taken than the account may hold', () => {
  expect(stakeOf(goldInZone, buckets, 2)).toMatchObject({
    size: '2 MGC',
    endings: [{ net: dollars(247.12) }, { net: dollars(-206.88) }],
  })
  expect(stakeOf(goldInZone, buckets, 0)).toBeUndefined()
})

test('without a calibrated chance, under way, over or undrawn there is nothing to stake', () => {
  const few = calibrationOf(Array.from({ length: 99 }, () => ({ quality: 86, won: true })))
  const { bracket: _, size: __, ...undrawn } = goldInZone
  expect(stakeOf(goldInZone, few, 50)).toBeUndefined()
  expect(stakeOf(goldInZone, [], 50)).toBeUndefined()
  expect(stakeOf({ ...goldInZone, state: 'triggered' }, buckets, 50)).toBeUndefined()
  expect(stakeOf({ ...sp500Stopped, quality: goldInZone.quality }, buckets, 50)).toBeUndefined()
  expect(stakeOf({ ...undrawn, bias: 'neutral' }, buckets, 50)).toBeUndefined()
})
