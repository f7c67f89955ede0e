import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { auditWords } from './audit-words.ts'
import { account } from './testing/fills.ts'

const usual = { accountSize: dollars(50_000), limits: defaultLimits }
const tighter = {
  ...usual,
  limits: { ...defaultLimits, dailyLoss: dollars(300), fees: { ...defaultLimits.fees, MES: dollars(0.4) } },
}

test('a changed limit is told with both sides, in dollars', () => {
  const body = { key: 'limits', before: { inForce: usual }, after: { inForce: tighter } }
  expect(auditWords({ kind: 'settings', body })).toBe('dailyLoss $500 → $300; fees.MES $0.62 → $0.40')
})

test('a looser limit is told with the trade date it waits for', () => {
  const looser = { ...usual, limits: { ...defaultLimits, maxOpenTrades: 5 } }
  const body = {
    key: 'limits',
    before: { inForce: usual },
    after: { inForce: usual, next: { limits: looser, from: '2026-11-23' } },
  }
  expect(auditWords({ kind: 'settings', body })).toBe('maxOpenTrades 2 → 5 from 2026-11-23')
})

test('an account is told by what is other than before; saved as it was it says so', () => {
  const kept = account()
  const changed = { ...kept, kind: 'EVAL', anchor: { ...kept.anchor, balance: dollars(49_000) } }
  expect(auditWords({ kind: 'account', body: { book: 'real', before: kept, after: changed } })).toBe(
    'kind "SIM" → "EVAL"; anchor.balance $50,000 → $49,000',
  )
  expect(auditWords({ kind: 'account', body: { before: kept, after: kept } })).toBe('nothing changed')
})

test('the gate is told by its answer and what is against it', () => {
  expect(auditWords({ kind: 'gate', body: { open: false, at: 7, why: ['feed: feed-down', 'kill: kill-flat'] } })).toBe(
    'NO: feed: feed-down; kill: kill-flat',
  )
  expect(auditWords({ kind: 'gate', body: { open: true, at: 7, why: [] } })).toBe('YES')
})

test('whatever else is decided is listed, without the seal nobody reads', () => {
  const [from, until] = [Date.UTC(2026, 10, 20, 14, 30), Date.UTC(2026, 10, 20, 22)]
  const body = { book: 'real', account: '', from, until, reason: 'enough', seal: 'ab12', findings: ['x'] }
  expect(auditWords({ kind: 'lockout', body })).toBe(
    'book real, from Nov 20, 09:30 ET, until Nov 20, 17:00 ET, reason enough',
  )
})

test('a line stays a line: what is no object is its kind, and a long one is cut', () => {
  expect(auditWords({ kind: 'asked', body: 'ping' })).toBe('asked')
  expect(auditWords({ kind: 'command', body: { text: 'a'.repeat(300) } })).toBe(`text ${'a'.repeat(195)} …`)
})
