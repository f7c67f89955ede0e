import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits, type Limits } from '#src/domain/risk/limits.ts'
import { changeLimits, effectiveLimits, type StoredLimits } from './limits-in-force.ts'

const stored: StoredLimits = { inForce: { accountSize: dollars(50_000), limits: defaultLimits } }
const friday = { tradeDate: '2026-11-20', following: '2026-11-23' }
const change = (limits: Partial<Limits>, accountSize = dollars(50_000)): StoredLimits =>
  changeLimits(stored, { accountSize, limits: { ...defaultLimits, ...limits } }, friday)

test.each<[keyof Limits, Limits[keyof Limits], Limits[keyof Limits]]>([
  ['riskShare', 0.005, 0.01],
  ['maxOpenTrades', 1, 3],
  ['maxLossesInRow', 1, 3],
  ['maxTradesPerDay', 4, 7],
  ['cooldownMinutes', 20, 10],
  ['reentryMinutes', 10, 0],
  ['dailyLoss', dollars(400), dollars(600)],
  ['flatBufferMinutes', 10, 0],
  ['news', { minutesBefore: 10, minutesAfter: 5 }, { minutesBefore: 5, minutesAfter: 0 }],
])('%s: %j holds at once, %j from the next trade date on', (name, tight, loose) => {
  expect(effectiveLimits(change({ [name]: tight }), '2026-11-20').limits[name]).toEqual(tight)
  expect(change({ [name]: tight }).next).toBeUndefined()
  const waiting = change({ [name]: loose })
  expect(effectiveLimits(waiting, '2026-11-20').limits[name]).toEqual(defaultLimits[name])
  expect(effectiveLimits(waiting, '2026-11-23').limits[name]).toEqual(loose)
})

test('a larger account waits, a smaller one does not', () => {
  expect(change({}, dollars(100_000)).inForce.accountSize).toBe(dollars(50_000))
  expect(change({}, dollars(25_000))).toMatchObject({ inForce: { accountSize: dollars(25_000) } })
})

test('goal and fees bound nothing and hold at once', () => {
  const fees = { ...defaultLimits.fees, MES: dollars(0.1) }
  expect(change({ dailyGoal: dollars(900), fees })).toEqual({
    inForce: { accountSize: dollars(50_000), limits: { ...defaultLimits, dailyGoal: dollars(900), fees } },
  })
})

test('of one change what is tighter holds and what is looser waits', () => {
  const mixed = change({ dailyLoss: dollars(900), maxTradesPerDay: 3 })
  expect(mixed.inForce.limits).toEqual({ ...defaultLimits, maxTradesPerDay: 3 })
  expect(mixed.next).toMatchObject({ from: '2026-11-23', limits: { limits: { dailyLoss: dollars(900) } } })
})

test('a tighter change takes a waiting looser one back', () => {
  const waiting = change({ dailyLoss: dollars(900) })
  expect(changeLimits(waiting, stored.inForce, friday)).toEqual(stored)
})

test('loosened again and again, nothing is loose before its date', () => {
  let held = stored
  for (const loss of [600, 700, 800])
    held = changeLimits(held, { ...stored.inForce, limits: { ...defaultLimits, dailyLoss: dollars(loss) } }, friday)
  expect(effectiveLimits(held, '2026-11-20').limits.dailyLoss).toBe(dollars(500))
  expect(effectiveLimits(held, '2026-11-22').limits.dailyLoss).toBe(dollars(500))
  expect(effectiveLimits(held, '2026-11-24').limits.dailyLoss).toBe(dollars(800))
})
