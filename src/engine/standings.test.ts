import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { Account } from '#src/domain/trading/account.ts'
import { account, tenOClock } from '#src/testing/fills.ts'
import { createStandings, type KeptStanding } from './standings.ts'

const trailing = (kind: 'trailing-eod' | 'trailing-intraday'): Account => {
  const { rules } = account()
  const dailyLoss = {
    amount: dollars(500),
    basis: 'equity',
    mode: 'soft-lock',
    resetAt: { zone: 'America/New_York', time: '18:00' },
  } as const
  return account({ rules: { ...rules, dailyLoss, drawdown: { ...rules.drawdown, kind, includesOpen: true } } })
}
const nothing = { days: [], today: [], since: () => 0, dayStart: tenOClock - 3_600_000 }
const date = '2026-11-20'

const setUp = (past: Parameters<typeof createStandings>[0]['past'] = () => nothing) => {
  const told: string[] = []
  const kept: KeptStanding[] = []
  const standings = createStandings({
    past,
    onPeak: (name, peak) => told.push(`peak ${name} ${peak / 10_000}`),
    onStanding: (_, standing) => kept.push(standing),
    onStage: ({ name }, what, stage, left) => told.push(`${name} ${what} ${stage} ${left / 10_000}`),
  })
  const step = (of: Account, balance: number, openNet = 0, seconds = 0) =>
    standings.step(
      { account: of, balance: dollars(balance), openNet: dollars(openNet) },
      tenOClock + seconds * 1_000,
      date,
    )
  return { standings, told, kept, step }
}

test('a peak is told when it rises and not again', () => {
  const { told, step } = setUp()
  const of = trailing('trailing-intraday')
  expect(step(of, 50_000, 300)).toMatchObject({ peak: dollars(50_300), floor: dollars(48_300) })
  expect(step(of, 50_000, 100)).toMatchObject({ peak: dollars(50_300), headroom: dollars(1_800) })
  step(of, 50_000, 301)
  expect(told).toEqual(['peak Sim101 50300', 'peak Sim101 50301'])
})

test('each stage of either limit is told once a trade date', () => {
  const { told, step } = setUp()
  const of = trailing('trailing-eod')
  for (const openNet of [-250, -200, -250, -350, -450]) step(of, 50_000, openNet)
  expect(told).toEqual([
    'Sim101 daily loss limit warning 250',
    'Sim101 daily loss limit safe 300',
    'Sim101 daily loss limit danger 150',
    'Sim101 daily loss limit locked 50',
  ])
})

test('the past is lived again: a limit that was touched this morning is touched', () => {
  const { step } = setUp(() => ({
    ...nothing,
    days: [{ tradeDate: '2026-11-19', net: dollars(1_000) }],
    today: [
      { at: tenOClock - 1_800_000, net: dollars(-600) },
      { at: tenOClock - 900_000, net: dollars(400) },
    ],
  }))
  const standing = step(trailing('trailing-eod'), 50_800)
  expect(standing).toMatchObject({ peak: dollars(51_000), days: 1 })
  expect(standing.daily).toMatchObject({ stage: 'locked', used: dollars(200) })
})

test('a day’s end counts its close, once', () => {
  const { standings, told, step } = setUp()
  const of = trailing('trailing-eod')
  step(of, 50_000)
  step(of, 50_700)
  const worth = { account: of, balance: dollars(50_700), openNet: 0 }
  standings.close(worth, date)
  standings.close({ ...worth, balance: dollars(50_900) }, date)
  expect(told).toEqual(['peak Sim101 50700'])
  expect(step(of, 50_700)).toMatchObject({ peak: dollars(50_700), floor: dollars(48_700), days: 1 })
})

test('what no fill can tell again is kept, and a start goes on from it with the days closed since', () => {
  const of = trailing('trailing-eod')
  const before = setUp()
  before.step(of, 50_000, -600)
  before.standings.close({ account: of, balance: dollars(50_400), openNet: 0 }, date)
  const stored = JSON.parse(JSON.stringify(before.kept.at(-1))) as KeptStanding
  const past = () => ({
    ...nothing,
    days: [
      { tradeDate: date, net: dollars(400) },
      { tradeDate: '2026-11-23', net: dollars(300) },
    ],
    kept: stored,
  })
  expect(setUp(past).step(of, 50_700)).toMatchObject({ peak: dollars(50_700), days: 2, daily: { stage: 'locked' } })
  // Under another daily limit it is worth nothing: the account is lived again from its days.
  const [dailyLoss, startBalance] = [{ ...of.rules.dailyLoss, amount: dollars(501) }, dollars(40_000)]
  const under = (rules: object) => ({ ...of, rules: { ...of.rules, ...rules } })
  expect(setUp(past).step(under({ startBalance }), 50_700).daily?.stage).toBe('locked')
  expect(setUp(past).step(under({ dailyLoss }), 50_700).daily?.stage).toBe('safe')
})

test('another alias goes on, other rules begin anew', () => {
  const { step } = setUp()
  const of = trailing('trailing-intraday')
  step(of, 50_000, 300)
  expect(step({ ...of, alias: 'Mine' }, 50_000).peak).toBe(dollars(50_300))
  expect(step({ ...of, peak: dollars(50_100) }, 50_000).peak).toBe(dollars(50_100))
})

test('a peak is taken over to other terms of the same drawdown, one that was entered is not', () => {
  const of = trailing('trailing-intraday')
  const keptBy = (one: Account, openNet: number): KeptStanding | undefined => {
    const { kept, step } = setUp()
    step(one, 50_000, openNet)
    return kept.at(-1)
  }
  const under = (stored: KeptStanding | undefined, one: Account) =>
    setUp(() => ({ ...nothing, ...(stored && { kept: stored }) })).step(one, 50_000).peak
  const drawdown = { ...of.rules.drawdown, amount: dollars(2_500) }
  const sameDrawdown = { ...of, rules: { ...of.rules, minDays: 9 } }
  expect(under(keptBy(of, 300), sameDrawdown)).toBe(dollars(50_300))
  expect(under(keptBy(of, 300), { ...of, rules: { ...of.rules, drawdown } })).toBe(dollars(50_000))
  expect(under(keptBy({ ...of, peak: dollars(53_000) }, 300), of)).toBe(dollars(50_000))
})

test('an account that is merely looked at tells no stage', () => {
  const { told, step } = setUp()
  expect(step({ ...trailing('trailing-eod'), watched: false }, 50_000, -600).daily?.stage).toBe('locked')
  expect(told).toEqual([])
})
