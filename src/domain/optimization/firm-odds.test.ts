import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { addDays } from '../instruments/zone.ts'
import { dollars } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import { presets } from '../risk/firms/presets.ts'
import { replayPlan } from '../risk/rehearsal.ts'
import { type Course, createCourse, dayPathsOf, startOf, type TradedDay } from './firm-course.ts'
import { bracketEndings, firmOdds, type OddsTerms, oddsWithCard, pastEndings } from './firm-odds.ts'

const rulesOf = (id: string): FirmRules => {
  const preset = presets.find((one) => one.id === id)
  if (preset === undefined) throw new Error(`no preset ${id}`)
  return preset.rules
}

const newCourse = (): Course => ({ outcome: 'running', rule: undefined, played: 0, balance: 0, paid: 0 })

const playAll = (rules: FirmRules, days: readonly TradedDay[], aim: 'pass' | 'payout' = 'pass'): Course => {
  const course = newCourse()
  const order = Int32Array.from(days, (_, i) => i)
  createCourse(rules, dayPathsOf(rules, days), aim, startOf(rules))(order, 0, days.length, course)
  return course
}

/** Days in steps of fifty dollars, so that limits are met exactly, up to as large as the plan's drawdown. */
const randomDays = (random: () => number, { drawdown }: FirmRules, n: number): TradedDay[] => {
  const step = dollars(50)
  const steps = Math.round((drawdown.amount * (0.2 + random())) / step)
  const draw = (): number => Math.round((2 * random() - 0.95) * steps) * step
  return Array.from({ length: n }, () => {
    const net = random() < 0.1 ? 0 : draw()
    return {
      net,
      ...(random() < 0.7 && { worst: Math.min(0, net - Math.abs(draw())) }),
      ...(random() < 0.7 && { best: Math.max(0, net + Math.abs(draw())) }),
    }
  })
}

const sequences = 1_000
const dates = Array.from({ length: 8 }, (_, i) => addDays('2026-03-02', i))

/** Random courses of a plan that do not go as `replayPlan` says, and how often each end was met. */
const compare = (rules: FirmRules, n: number, random: () => number) => {
  const ends: Record<string, number> = {}
  const different: string[] = []
  for (let sequence = 0; sequence < n; sequence++) {
    const days = randomDays(random, rules, dates.length)
    const replay = replayPlan(
      rules,
      days.map((day, i) => ({ ...day, tradeDate: dates[i] ?? '' })),
    )
    const { outcome, rule, played, balance } = playAll(rules, days)
    const ours = JSON.stringify([outcome, rule, played, balance])
    const theirs = JSON.stringify([replay.outcome, replay.rule, replay.days, replay.balance])
    if (ours !== theirs) different.push(`${ours} is not ${theirs}`)
    const end = rule ?? outcome
    ends[end] = (ends[end] ?? 0) + 1
  }
  return { ends, different }
}

test('a thousand random courses of every plan go as they are rehearsed', () => {
  const all = presets.map(({ rules }, i) => compare(rules, sequences, createStream(6, i).uniform))
  expect(all.flatMap(({ different }) => different)).toEqual([])
  const met = (end: string): number => all.filter(({ ends }) => (ends[end] ?? 0) > 10).length
  expect([all.length, met('passed'), met('drawdown'), met('daily-loss'), met('running')]).toEqual([18, 11, 18, 1, 18])
})

test('so do rules no plan ships with', () => {
  const { uniform } = createStream(7)
  const one = <T>(...of: readonly T[]): T => of[Math.floor(uniform() * of.length)] as T
  const rulesAtRandom = (): FirmRules => ({
    ...rulesOf('ftmo-type-100k'),
    profitTarget: dollars(one(1_000, 4_000)),
    drawdown: {
      kind: one('static', 'trailing-eod', 'trailing-intraday'),
      amount: dollars(one(1_000, 2_500)),
      lockAt: one('start', 'start-plus', 'never'),
      lockOffset: dollars(100),
      includesOpen: one(true, false),
      checkedIntraday: one(true, false),
    },
    dailyLoss: {
      amount: dollars(one(500, 900)),
      basis: one('balance', 'equity'),
      mode: one('soft-lock', 'breach'),
      resetAt: { zone: 'America/New_York', time: '18:00' },
    },
    minDays: one(1, 5),
    consistency: { bestDayMaxShare: one(0.3, 0.505), scope: one('evaluation', 'payout') },
  })
  const all = Array.from({ length: 1_000 }, () => compare(rulesAtRandom(), 1, uniform))
  expect(all.flatMap(({ different }) => different)).toEqual([])
})

const day = (net: number, worst?: number, best?: number): TradedDay => ({
  net: dollars(net),
  ...(worst !== undefined && { worst: dollars(worst) }),
  ...(best !== undefined && { best: dollars(best) }),
})

test('a payout takes what lies above the buffer and is counted from there', () => {
  // 52,000 stay; at 52,600 there are 600 to take, from there 400 more on the last day.
  const days = [day(1_500), day(1_100), day(-300), day(700)]
  expect(playAll(rulesOf('take-profit-trader-pro-50k'), days, 'payout')).toEqual({
    outcome: 'running',
    rule: undefined,
    played: 4,
    balance: dollars(52_000),
    paid: dollars(1_000),
  })
})

test('without a buffer a payout leaves the whole drawdown above the floor, and a heavy day keeps it back', () => {
  const apex = rulesOf('apex-eod-50k')
  // The floor has stopped at 50,100: 52,600 stay. 1,500 of 3,000 are just half; then 500 of 500 are all of it.
  const days = [day(1_500), day(1_500), day(500)]
  expect(playAll(apex, days, 'payout')).toMatchObject({ paid: dollars(400), balance: dollars(53_100) })
  expect(playAll(apex, [...days, day(500)], 'payout')).toMatchObject({ paid: dollars(1_400), balance: dollars(52_600) })
})

const termsOf = (more: Partial<OddsTerms> = {}): OddsTerms => ({
  paths: 20_000,
  horizonDays: 60,
  random: createStream(11).uniform,
  stage: 'evaluation',
  ...more,
})

/** Before anything trails, a walk of ±500 from 50,000 to 52,000 or 48,000 without a limit of days. */
const coin = [day(500), day(-500)]
const plain: FirmRules = {
  ...rulesOf('ftmo-type-100k'),
  startBalance: dollars(50_000),
  profitTarget: dollars(2_000),
  drawdown: { ...rulesOf('ftmo-type-100k').drawdown, amount: dollars(3_000) },
  minDays: 0,
}

test('a coin reaches 2,000 before it loses 3,000 in three of five paths', () => {
  // The gambler's ruin (Huygens 1657): 6 / (6 + 4) steps.
  const odds = firmOdds(plain, coin, termsOf({ horizonDays: 400 }))
  expect(odds).toMatchObject({ running: 0, days: 2, words: expect.stringContaining('60 % pass, half of them within ') })
  expect(odds?.pass).toBeCloseTo(0.6, 1)
  expect((odds?.pass ?? 0) + (odds?.bust ?? 0)).toBe(1)
})

test('days that always win pass, on the day they must, and are paid for what is left of the horizon', () => {
  const funded = rulesOf('take-profit-trader-pro-50k')
  const terms = termsOf({ paths: 100, horizonDays: 10, funded, traderShare: 0.8 })
  // Six days of 500 reach 3,000; of the four that are left the funded plan keeps its buffer of 2,000.
  expect(firmOdds(rulesOf('take-profit-trader-test-50k'), [day(500)], terms)).toEqual({
    pass: 1,
    bust: 0,
    running: 0,
    medianDaysToPass: 6,
    payoutValue: 0,
    paid: 0,
    days: 1,
    words:
      '100 % pass, half of them within 6 days; 0 % break; 0 % still run after 10 days; $0 paid out on average; drawn from 1 past day',
  })
  expect(firmOdds(rulesOf('take-profit-trader-test-50k'), [day(500)], { ...terms, horizonDays: 12 })).toMatchObject({
    // 3,000 less the buffer, four fifths of it.
    payoutValue: dollars(800),
    paid: 1,
  })
  expect(firmOdds(funded, [day(500)], { ...terms, stage: 'funded' })).toMatchObject({ payoutValue: dollars(2_400) })
})

test('an account is played from where it stands', () => {
  const from = { balance: dollars(52_600), peak: dollars(52_600), bestDay: dollars(900), days: 6 }
  const near = firmOdds(rulesOf('take-profit-trader-test-50k'), coin, termsOf({ from }))
  const far = firmOdds(rulesOf('take-profit-trader-test-50k'), coin, termsOf())
  expect(near?.pass).toBeGreaterThan(0.7)
  expect(far?.pass).toBeLessThan(0.4)
})

test('of no days there are no odds', () => {
  expect(firmOdds(plain, [], termsOf())).toBeUndefined()
})

test('a card that loses more than it wins moves pass down, and is spoken of', () => {
  const endings = bracketEndings(0.3, dollars(1_000), dollars(1_000))
  const odds = oddsWithCard(plain, coin, { endings, size: '3 MNQ' }, termsOf({ horizonDays: 400 }))
  // A start at 60 %: 80 % in three of ten paths, 40 % in seven.
  expect(odds?.without.pass).toBeCloseTo(0.6, 1)
  expect(odds?.taken.pass).toBeCloseTo(0.52, 1)
  expect(odds?.change).toBeCloseTo(-0.08, 1)
  expect(odds?.words).toBe('taking this card with 3 MNQ moves pass 60 % → 52 %')
})

test('the same paths on both sides: a card that makes nothing changes nothing, exactly', () => {
  const card = { endings: pastEndings([0, 0], dollars(100)), size: '1 MGC' }
  const odds = oddsWithCard(rulesOf('topstep-50k'), coin, card, termsOf())
  expect(odds).toMatchObject({ change: 0, error: 0 })
  expect(odds?.taken).toEqual(odds?.without)
  expect(odds?.words).toBeUndefined()
})

test('a change within its error is not spoken of', () => {
  const card = { endings: bracketEndings(0.5, dollars(50), dollars(50)), size: '1 MGC' }
  const odds = oddsWithCard(plain, [day(510), day(-490)], card, termsOf({ paths: 200 }))
  expect(Math.abs(odds?.change ?? 1)).toBeLessThanOrEqual(2 * (odds?.error ?? 0))
  expect(odds?.words).toBeUndefined()
})

test('a change that is no chance, but too small to be written, is not spoken of', () => {
  const endings = [
    { chance: 0.0003, ...day(2_500) },
    { chance: 0.9997, ...day(0) },
  ]
  const odds = oddsWithCard(plain, [day(-500)], { endings, size: '1 MGC' }, termsOf({ paths: 40_000 }))
  expect(odds?.change).toBeCloseTo(0.0003, 4)
  expect(odds?.change).toBeGreaterThan(2 * (odds?.error ?? 1))
  expect(odds?.words).toBeUndefined()
})

test('a funded account is compared by its chance to break', () => {
  const card = { endings: [{ chance: 1, ...day(-1_500) }], size: '5 MCL' }
  const odds = oddsWithCard(rulesOf('personal-sim-50k'), coin, card, termsOf({ stage: 'funded', horizonDays: 10 }))
  expect(odds?.of).toBe('bust')
  expect(odds?.words).toMatch(/^taking this card with 5 MCL moves the chance to break \d+ % → \d+ %$/)
})
