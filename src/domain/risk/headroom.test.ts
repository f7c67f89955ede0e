import { describe, expect, test } from 'vitest'
import { firstDifference, randomHistory, ruleSets, rulesOf, seeded } from '#src/testing/standing-reference.ts'
import { easternMs } from '../instruments/zone.ts'
import { dollars } from '../money.ts'
import type { FirmRules } from './firm-rules.ts'
import { closeDay, recount, type StandingState, standingOf, startStanding, stepStanding } from './headroom.ts'

const et = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const start = (rules: FirmRules, balance: number, date = '2026-11-16'): StandingState =>
  startStanding(rules, { at: et(date, 8), balance: dollars(balance) })
const step = (state: StandingState, rules: FirmRules, at: number, balance: number, open = 0): StandingState =>
  stepStanding(state, rules, { at, balance: dollars(balance), openNet: dollars(open) })

describe('a floor that trails the end of the day (Topstep 50K)', () => {
  const rules = rulesOf('topstep-50k')
  const close = (state: StandingState, date: string, balance: number): StandingState =>
    closeDay(state, rules, date, dollars(balance))

  test('+500 on day one lifts it to 48,500, −500 on day two leaves it, 52,500 locks it at 50,000', () => {
    const one = close(start(rules, 50_000), '2026-11-16', 50_500)
    expect(standingOf(one, rules)).toMatchObject({
      floor: dollars(48_500),
      floorLocked: false,
      headroom: dollars(2_000),
    })
    const two = close(one, '2026-11-17', 50_000)
    expect(standingOf(two, rules)).toMatchObject({ floor: dollars(48_500), headroom: dollars(1_500) })
    const three = close(two, '2026-11-18', 52_500)
    expect(standingOf(three, rules)).toMatchObject({
      floor: dollars(50_000),
      floorLocked: true,
      headroom: dollars(2_500),
    })
    expect(standingOf(close(three, '2026-11-19', 55_000), rules).floor).toBe(dollars(50_000))
  })

  test('open profit and profit closed within the day lift nothing before the day ends', () => {
    const state = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_600, 400)
    expect(standingOf(state, rules)).toMatchObject({ floor: dollars(48_000), equity: dollars(51_000), giveBack: 0 })
  })

  test('is enforced within the day: touching it breaks the account for good', () => {
    const touching = step(start(rules, 50_000), rules, et('2026-11-16', 9), 49_500, -1_500)
    expect(standingOf(touching, rules)).toMatchObject({
      headroom: 0,
      stage: 'locked',
      broken: { at: et('2026-11-16', 9), rule: 'drawdown' },
    })
    const later = step(touching, rules, et('2026-11-16', 10), 51_000)
    expect(standingOf(later, rules)).toMatchObject({
      stage: 'locked',
      broken: { at: et('2026-11-16', 9), rule: 'drawdown' },
    })
    const again = step(later, rules, et('2026-11-16', 11), 40_000)
    expect(standingOf(again, rules).broken?.at).toBe(et('2026-11-16', 9))
    const nearly = step(start(rules, 50_000), rules, et('2026-11-16', 9), 49_500, -1_499.99)
    expect(standingOf(nearly, rules).broken).toBeUndefined()
  })

  test('a trade date that is closed twice is closed once', () => {
    const one = close(start(rules, 50_000), '2026-11-16', 50_500)
    expect(close(one, '2026-11-16', 53_000)).toBe(one)
  })
})

test('a floor looked at in the evening only is broken in the evening only', () => {
  const topstep = rulesOf('topstep-50k')
  const rules: FirmRules = { ...topstep, drawdown: { ...topstep.drawdown, checkedIntraday: false } }
  const below = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_000, -2_500)
  expect(standingOf(below, rules).broken).toBeUndefined()
  const back = closeDay(step(below, rules, et('2026-11-16', 10), 50_000), rules, '2026-11-16', dollars(48_001))
  expect(standingOf(back, rules).broken).toBeUndefined()
  expect(standingOf(closeDay(back, rules, '2026-11-17', dollars(48_000)), rules).broken?.rule).toBe('drawdown')
})

describe('a floor that trails the open peak (Apex 50K)', () => {
  const rules = rulesOf('apex-intraday-50k')

  test('an open peak of 50,875 leaves it at 48,375 even when the trade closes lower', () => {
    const peak = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_000, 875)
    expect(standingOf(peak, rules)).toMatchObject({
      peak: dollars(50_875),
      floor: dollars(48_375),
      giveBack: dollars(875),
    })
    const closed = step(peak, rules, et('2026-11-16', 10), 50_100)
    expect(standingOf(closed, rules)).toMatchObject({ floor: dollars(48_375), headroom: dollars(1_725), giveBack: 0 })
  })

  test('the fees of getting out are no part of the peak, but of the equity', () => {
    const state = stepStanding(start(rules, 50_000), rules, {
      at: et('2026-11-16', 9),
      balance: dollars(50_000),
      openNet: dollars(860),
      exitFees: dollars(10),
    })
    expect(standingOf(state, rules)).toMatchObject({
      ...{ peak: dollars(50_870), floor: dollars(48_370), equity: dollars(50_860), headroom: dollars(2_490) },
    })
  })

  test('what is closed on the way is not given back', () => {
    const open = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_000, 800)
    const half = step(open, rules, et('2026-11-16', 9, 5), 50_400, 400)
    expect(standingOf(half, rules).giveBack).toBe(dollars(400))
  })

  test('it stops at the start plus 100', () => {
    const state = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_000, 4_000)
    expect(standingOf(state, rules)).toMatchObject({
      floor: dollars(50_100),
      floorLocked: true,
      headroom: dollars(3_900),
      giveBack: dollars(2_600),
    })
  })

  test('a peak entered by hand, or kept over a restart, counts', () => {
    const known = startStanding(rules, { at: et('2026-11-16', 8), balance: dollars(50_200), peak: dollars(51_000) })
    expect(standingOf(known, rules)).toMatchObject({ floor: dollars(48_500), headroom: dollars(1_700) })
    const restarted: StandingState = JSON.parse(JSON.stringify(step(known, rules, et('2026-11-16', 9), 50_200, 1_000)))
    expect(standingOf(restarted, rules)).toMatchObject({ peak: dollars(51_200), floor: dollars(48_700) })
  })

  test('a history gives the peak where none was entered', () => {
    const history = [
      { tradeDate: '2026-11-11', net: dollars(900) },
      { tradeDate: '2026-11-12', net: 0 },
      { tradeDate: '2026-11-13', net: dollars(-400) },
    ]
    const state = startStanding(rules, { at: et('2026-11-16', 8), balance: dollars(50_500), history })
    expect(standingOf(state, rules)).toMatchObject({ peak: dollars(50_900), floor: dollars(48_400), days: 2 })
  })
})

describe('a static floor with a day’s limit of equity (FTMO type)', () => {
  const rules = rulesOf('ftmo-type-100k')

  test('stands 10 % below the start whatever is made', () => {
    const state = step(start(rules, 100_000), rules, et('2026-11-16', 9), 108_000)
    expect(standingOf(state, rules)).toMatchObject({
      floor: dollars(90_000),
      floorLocked: true,
      headroom: dollars(18_000),
    })
  })

  test('5,000 lost in a day with what is open breaks it', () => {
    const state = step(start(rules, 100_000), rules, et('2026-11-16', 9), 97_000, -1_999)
    expect(standingOf(state, rules).daily).toMatchObject({ used: dollars(4_999), left: dollars(1), stage: 'locked' })
    expect(standingOf(state, rules).broken).toBeUndefined()
    const over = step(state, rules, et('2026-11-16', 9, 1), 97_000, -2_000)
    expect(standingOf(over, rules).broken).toEqual({ at: et('2026-11-16', 9, 1), rule: 'daily-loss' })
  })

  test.each([
    ['18:00 New York on most days', '2026-11-16', 8, Date.UTC(2026, 10, 16, 23)],
    ['19:00 while only Europe is on winter time', '2026-10-27', 8, Date.UTC(2026, 9, 27, 23)],
    ['an hour earlier in UTC in summer', '2026-07-14', 8, Date.UTC(2026, 6, 14, 22)],
    ['the night Prague goes back, a day of 25 hours', '2026-10-24', 19, Date.UTC(2026, 9, 25, 23)],
  ])('the day begins at midnight in Prague: %s', (_, date, hour, resetsAt) => {
    const state = startStanding(rules, { at: et(date, hour), balance: rules.startBalance })
    expect(standingOf(state, rules).daily?.resetsAt).toBe(resetsAt)
  })

  test('counts from the balance at midnight, what is open then included in what is lost', () => {
    const evening = step(start(rules, 100_000), rules, et('2026-11-16', 17, 59), 102_000, -3_000)
    const night = step(evening, rules, et('2026-11-16', 18), 102_000, -3_000)
    expect(standingOf(evening, rules).daily?.used).toBe(dollars(1_000))
    expect(standingOf(night, rules).daily).toMatchObject({
      used: dollars(3_000),
      left: dollars(2_000),
      stage: 'warning',
    })
  })

  test('a clock that goes back gives no second day', () => {
    const lost = step(start(rules, 100_000), rules, et('2026-11-16', 19), 97_000)
    const back = standingOf(step(lost, rules, et('2026-11-16', 18), 97_000), rules)
    expect([back.at, back.daily?.used]).toEqual([et('2026-11-16', 19), dollars(3_000)])
  })
})

describe('a soft lock (Topstep: 1,000 a day, new day 17:00 in Chicago)', () => {
  const rules = rulesOf('topstep-50k')
  const touched = step(start(rules, 50_000), rules, et('2026-11-16', 9), 49_600, -600)

  test('holds until the reset even when the loss comes back, and breaks nothing', () => {
    const back = standingOf(step(touched, rules, et('2026-11-16', 10), 50_100), rules)
    expect(back.daily).toEqual({
      limit: dollars(1_000),
      used: 0,
      left: dollars(1_100),
      stage: 'locked',
      resetsAt: et('2026-11-16', 18),
      lockedUntil: et('2026-11-16', 18),
    })
    expect(back.broken).toBeUndefined()
  })

  test.each([
    ['a clock that jumps ahead over the reset and comes back', et('2026-12-26', 9), et('2026-11-16', 11)],
    ['a clock that is set back to just before a reset', et('2026-11-15', 17, 59), et('2026-11-15', 18, 1)],
  ])('is not ended by %s', (_, wrong, then) => {
    const after = [wrong, then].reduce((state, at) => step(state, rules, at, 49_600), touched)
    expect(standingOf(after, rules).daily).toMatchObject({ stage: 'locked', lockedUntil: et('2026-11-16', 18) })
    expect(standingOf(step(after, rules, et('2026-11-16', 18), 49_600), rules).daily?.stage).toBe('safe')
  })

  test('touched while the clock was wrong holds for a day at most', () => {
    const ahead = step(start(rules, 50_000), rules, et('2026-12-26', 9), 50_000)
    const back = step(step(ahead, rules, et('2026-12-26', 10), 48_900), rules, et('2026-11-16', 11), 48_900)
    expect(standingOf(back, rules).daily).toMatchObject({ stage: 'locked', lockedUntil: et('2026-11-17', 18) })
  })

  test('ends at 17:00 in Chicago, from the balance of that moment', () => {
    const next = step(touched, rules, et('2026-11-16', 18), 49_000)
    expect(standingOf(step(touched, rules, et('2026-11-16', 17, 59), 49_000), rules).daily?.stage).toBe('locked')
    expect(standingOf(next, rules).daily).toMatchObject({
      used: dollars(600),
      stage: 'warning',
      resetsAt: et('2026-11-17', 18),
    })
  })

  test('over the end of summer time the reset stays at 17:00 on the clock', () => {
    const friday = startStanding(rules, { at: et('2026-10-30', 18), balance: rules.startBalance })
    expect(standingOf(friday, rules).daily?.resetsAt).toBe(Date.UTC(2026, 9, 31, 22))
    const sunday = startStanding(rules, { at: et('2026-10-31', 20), balance: rules.startBalance })
    expect(standingOf(sunday, rules).daily?.resetsAt).toBe(Date.UTC(2026, 10, 1, 23))
  })

  test('counted on closed trades, what is open neither uses nor touches it', () => {
    const closed: FirmRules = {
      ...rules,
      dailyLoss: {
        amount: dollars(1_000),
        basis: 'balance',
        mode: 'soft-lock',
        resetAt: { zone: 'America/Chicago', time: '17:00' },
      },
    }
    const state = step(start(closed, 50_000), closed, et('2026-11-16', 9), 49_500, -900)
    expect(standingOf(state, closed).daily).toMatchObject({ used: dollars(500), left: dollars(500), stage: 'warning' })
  })
})

describe('the best day (Take Profit Trader 50K: at most half, target 3,000)', () => {
  const rules = rulesOf('take-profit-trader-test-50k')
  const afterDays = (...nets: number[]): StandingState =>
    nets.reduce(
      (state, net, i) => closeDay(state, rules, `2026-11-${16 + i}`, state.balance + dollars(net)),
      start(rules, 50_000),
    )

  test('a first day may make half the target before it asks for more than the target', () => {
    expect(standingOf(start(rules, 50_000), rules).consistency).toBeUndefined()
    const state = step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_300, 100)
    expect(standingOf(state, rules).consistency).toEqual({
      left: dollars(1_100),
      bestDay: dollars(400),
      share: 1,
      maxShare: 0.5,
    })
  })

  test('once more is made than the target asks, a day may make as much as all days before', () => {
    const state = afterDays(1_200, 900)
    expect(standingOf(step(state, rules, et('2026-11-18', 9), 52_600), rules).consistency).toEqual({
      left: dollars(1_600),
      bestDay: dollars(1_200),
      share: 1_200 / 2_600,
      maxShare: 0.5,
    })
  })

  test('a day that was already too heavy may be equalled, not beaten', () => {
    const state = afterDays(2_000, -1_500)
    expect(standingOf(state, rules).consistency).toEqual({
      left: dollars(2_000),
      bestDay: dollars(2_000),
      share: 4,
      maxShare: 0.5,
    })
  })

  test('the target is left until the balance has it', () => {
    expect(standingOf(afterDays(1_000), rules).target).toEqual({ left: dollars(2_000), reached: false })
    expect(standingOf(afterDays(1_500, 1_500), rules).target).toEqual({ left: 0, reached: true })
  })

  test('a day without a result is no trading day', () => {
    expect(standingOf(afterDays(200, 0, -100), rules).days).toBe(2)
  })
})

describe('a payout', () => {
  test('needs the buffer (PRO 50K: 2,000)', () => {
    const rules = rulesOf('take-profit-trader-pro-50k')
    const short = closeDay(start(rules, 50_000), rules, '2026-11-16', dollars(51_250.5))
    expect(standingOf(short, rules).payout).toEqual({ ready: false, missing: ['$749.50 more profit'] })
    expect(standingOf(closeDay(short, rules, '2026-11-17', dollars(52_000)), rules).payout).toEqual({
      ready: true,
      missing: [],
    })
  })

  test('needs days and no day too heavy where the plan says so', () => {
    const rules: FirmRules = { ...rulesOf('apex-intraday-50k'), minDays: 3 }
    const one = closeDay(start(rules, 50_000), rules, '2026-11-16', dollars(50_600))
    const two = closeDay(one, rules, '2026-11-17', dollars(51_000))
    expect(standingOf(two, rules).payout).toEqual({
      ready: false,
      missing: ['1 more trading day', 'the best day is 60 % of the profit, at most 50 % counts'],
    })
    expect(standingOf(closeDay(two, rules, '2026-11-18', dollars(51_200)), rules).payout).toEqual({
      ready: true,
      missing: [],
    })
  })

  test('speaks of no best day where nothing was made', () => {
    const rules = rulesOf('apex-intraday-50k')
    const lost = closeDay(start(rules, 50_000), rules, '2026-11-16', dollars(49_900))
    expect(standingOf(lost, rules).payout).toEqual({ ready: false, missing: ['$100 more profit'] })
  })

  test('is nothing a plan without buffer or share speaks of', () => {
    expect(standingOf(start(rulesOf('topstep-50k'), 50_000), rulesOf('topstep-50k')).payout).toBeUndefined()
  })
})

describe('flat-by', () => {
  test.each([
    ['15:10 in Chicago is 16:10 in New York', 'topstep-50k', '2026-11-16', 9, et('2026-11-16', 16, 10)],
    ['from 18:00 on it is the next day’s', 'topstep-50k', '2026-11-16', 19, et('2026-11-17', 16, 10)],
    ['once passed it stays passed until then', 'topstep-50k', '2026-11-16', 17, et('2026-11-16', 16, 10)],
    ['on a short day it is the close', 'topstep-50k', '2026-11-27', 9, et('2026-11-27', 13, 15)],
    ['on the holiday before it too', 'apex-eod-50k', '2026-11-26', 9, et('2026-11-26', 13)],
  ])('%s', (_, id, date, hour, flatByAt) => {
    expect(
      standingOf(startStanding(rulesOf(id), { at: et(date, hour), balance: dollars(50_000) }), rulesOf(id)).flatByAt,
    ).toBe(flatByAt)
  })

  test('is the present day’s again after a clock that was wrong by more than an hour', () => {
    const rules = rulesOf('topstep-50k')
    const wrong = step(start(rules, 50_000), rules, et('2026-12-26', 9), 50_000)
    const back = standingOf(step(wrong, rules, et('2026-11-16', 9), 50_000), rules)
    expect([back.at, back.flatByAt]).toEqual([et('2026-11-16', 9), et('2026-11-16', 16, 10)])
    expect(back.daily?.resetsAt).toBe(et('2026-11-16', 18))
  })

  test('moves on by itself at 18:00', () => {
    const rules = rulesOf('topstep-50k')
    const state = step(start(rules, 50_000), rules, et('2026-11-16', 18), 50_000)
    expect(standingOf(state, rules).flatByAt).toBe(et('2026-11-17', 16, 10))
  })
})

describe('counted anew', () => {
  const rules = rulesOf('topstep-50k')
  const monday = closeDay(start(rules, 50_000), rules, '2026-11-16', dollars(50_400))
  const tuesday = step(monday, rules, et('2026-11-17', 9), 50_100)
  const at = et('2026-11-17', 10)
  const days = (...nets: number[]) => nets.map((net, i) => ({ tradeDate: `2026-11-${16 + i}`, net: dollars(net) }))
  const today = dollars(-300)

  test('nothing changes where nothing is new', () => {
    const told = { at, balance: dollars(50_100), days: days(400), today, since: () => today }
    expect(recount(tuesday, rules, told)).toEqual(tuesday)
  })

  test('a profit of Monday’s that was heard on Tuesday lifts Monday’s close and what Tuesday’s loss is measured from', () => {
    const told = { at, balance: dollars(50_700), days: days(1_000), today, since: () => today }
    expect(standingOf(recount(tuesday, rules, told), rules)).toMatchObject({
      peak: dollars(51_000),
      floor: dollars(49_000),
      days: 1,
      daily: { used: dollars(300), left: dollars(700) },
    })
  })

  test('a loss of Monday’s takes no peak back, and no day away that was traded', () => {
    const told = { at, balance: dollars(49_700), days: days(0, 100), today: 0, since: () => 0 }
    expect(recount(tuesday, rules, told)).toMatchObject({ peak: dollars(50_400), days: 1, closedOn: '2026-11-17' })
  })
})

test('contracts grow with the profit of the days before, never above the cap', () => {
  const topstep = rulesOf('topstep-50k')
  const scaling = [
    { minProfit: 0, mini: 2 },
    { minProfit: dollars(1_500), mini: 3 },
    { minProfit: dollars(2_000), mini: 9 },
  ]
  const rules: FirmRules = { ...topstep, maxContracts: { ...topstep.maxContracts, scaling } }
  expect([49_000, 50_000, 51_500, 52_000].map((balance) => standingOf(start(rules, balance), rules).maxMicros)).toEqual(
    [20, 20, 30, 50],
  )
  expect(standingOf(step(start(rules, 50_000), rules, et('2026-11-16', 9), 52_000), rules).maxMicros).toBe(20)
})

test.each([
  [0, 'safe'],
  [999.99, 'safe'],
  [1_000, 'warning'],
  [1_399.99, 'warning'],
  [1_400, 'danger'],
  [1_799.99, 'danger'],
  [1_800, 'locked'],
])('with $%s of the $2,000 drawdown used it is %s', (used, stage) => {
  const rules = rulesOf('personal-sim-50k')
  expect(standingOf(step(start(rules, 50_000), rules, et('2026-11-16', 9), 50_000, -used), rules).stage).toBe(stage)
})

test.each(ruleSets)('agrees to the cent with the whole history recomputed at every tick: %s', (_, rules) => {
  const random = seeded(11)
  for (let episode = 0; episode < 15; episode++)
    expect(firstDifference(rules, randomHistory(random, rules, 300), { restartEvery: 50 })).toBeUndefined()
})
