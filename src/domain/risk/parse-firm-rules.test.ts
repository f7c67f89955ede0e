import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { parseFirmPreset, parseFirmRules } from './parse-firm-rules.ts'

const written = {
  startBalance: 50_000,
  drawdown: { kind: 'static', amount: 2_000.5, lockAt: 'never', includesOpen: true, checkedIntraday: true },
  maxContracts: { mini: 5, microsPerMini: 10 },
  automationAllowed: false,
  overnightAllowed: false,
}

test('dollars become Money, and what is left out stays out', () => {
  expect(parseFirmRules(written)).toEqual({
    ok: true,
    value: { ...written, startBalance: dollars(50_000), drawdown: { ...written.drawdown, amount: 20_005_000 } },
  })
})

const { drawdown, maxContracts } = written
const daily = { amount: 500, basis: 'equity', mode: 'breach', resetAt: { zone: 'Europe/Prague', time: '00:00' } }

test.each([
  ['', 'not-an-object', null],
  ['', 'not-an-object', []],
  ['startBalance', 'missing', { ...written, startBalance: undefined }],
  ['startBalance', 'not-an-amount', { ...written, startBalance: '50000' }],
  ['startBalance', 'not-an-amount', { ...written, startBalance: 0 }],
  ['startBalance', 'not-an-amount', { ...written, startBalance: Number.NaN }],
  ['startBalance', 'not-an-amount', { ...written, startBalance: 1e12 }],
  ['profitTarget', 'not-an-amount', { ...written, profitTarget: 10.001 }],
  ['profittarget', 'unknown-field', { ...written, profittarget: 3_000 }],
  ['drawdown', 'missing', { ...written, drawdown: undefined }],
  ['drawdown.kind', 'not-one-of', { ...written, drawdown: { ...drawdown, kind: 'trailing' } }],
  ['drawdown.amount', 'not-an-amount', { ...written, drawdown: { ...drawdown, amount: -2_000 } }],
  ['drawdown.amount', 'above-start-balance', { ...written, drawdown: { ...drawdown, amount: 50_000 } }],
  ['drawdown.lockOffset', 'missing', { ...written, drawdown: { ...drawdown, lockAt: 'start-plus' } }],
  ['drawdown.includesOpen', 'not-yes-or-no', { ...written, drawdown: { ...drawdown, includesOpen: 'true' } }],
  ['dailyLoss.amount', 'above-start-balance', { ...written, dailyLoss: { ...daily, amount: 60_000 } }],
  [
    'dailyLoss.resetAt.zone',
    'unknown-zone',
    { ...written, dailyLoss: { ...daily, resetAt: { zone: 'CET', time: '00:00' } } },
  ],
  ['flatBy.time', 'not-a-time', { ...written, flatBy: { zone: 'America/Chicago', time: '3:10' } }],
  ['maxContracts.mini', 'not-a-whole-number', { ...written, maxContracts: { ...maxContracts, mini: 2.5 } }],
  ['maxContracts.scaling', 'not-a-list', { ...written, maxContracts: { ...maxContracts, scaling: {} } }],
  [
    'maxContracts.scaling.1',
    'not-ascending',
    {
      ...written,
      maxContracts: {
        ...maxContracts,
        scaling: [
          { minProfit: 500, mini: 2 },
          { minProfit: 500, mini: 3 },
        ],
      },
    },
  ],
  [
    'maxContracts.scaling.1.mini',
    'missing',
    { ...written, maxContracts: { ...maxContracts, scaling: [{ minProfit: 0, mini: 2 }, { minProfit: 500 }] } },
  ],
  ['consistency.bestDayMaxShare', 'not-a-share', { ...written, consistency: { bestDayMaxShare: 50, scope: 'payout' } }],
  ['news.events.0', 'not-a-text', { ...written, news: { events: [8], minutesBefore: 1, minutesAfter: 1 } }],
  ['minDays', 'not-a-whole-number', { ...written, minDays: 0 }],
])('%s is refused: %s', (field, reason, rules) => {
  expect(parseFirmRules(rules)).toEqual({ ok: false, field, reason })
})

test('a preset names the field inside its rules', () => {
  const preset = { id: 'x', firm: 'X', plan: 'Y', source: 'Z', effectiveFrom: '2026-01-01', verifiedOn: '2026-11-20' }
  expect(parseFirmPreset({ ...preset, rules: written })).toMatchObject({ ok: true, value: { id: 'x' } })
  expect(parseFirmPreset({ ...preset, rules: { ...written, drawdown: { ...drawdown, amount: 99_999 } } })).toEqual({
    ok: false,
    field: 'rules.drawdown.amount',
    reason: 'above-start-balance',
  })
  expect(parseFirmPreset({ ...preset, verifiedOn: 'yesterday', rules: written })).toEqual({
    ok: false,
    field: 'verifiedOn',
    reason: 'not-a-date',
  })
})
