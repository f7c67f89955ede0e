import { expect, test } from 'vitest'
import { dollars } from '../money.ts'
import { presets } from './firms/presets.ts'
import { standingOf, startStanding } from './headroom.ts'
import { defaultLimits } from './limits.ts'
import { type Circumstances, checkOrder, orderRefusals, type WantedOrder, worstCase } from './pre-trade.ts'

const rules = presets.find(({ id }) => id === 'topstep-50k')?.rules
if (rules === undefined) throw new Error('no preset')
const at = Date.UTC(2026, 10, 20, 14)
const standing = standingOf(startStanding(rules, { at, balance: rules.startBalance }), rules)

/** Two MES bought at 6,700 with the stop eleven ticks below: 2 × (13 × $1.25 + $1.24) = $34.98. */
const wanted: WantedOrder = {
  id: 'a-1',
  instrument: 'MES',
  side: 'buy',
  quantity: 2,
  limit: 6_700,
  stop: 6_697.25,
  targets: [6_704, 6_708.5],
}
const now: Circumstances = {
  at,
  lock: undefined,
  isKillOff: true,
  isGateOpen: true,
  maxContracts: 5,
  contracts: 0,
  micros: 0,
  rules,
  standing,
  ownDailyLeft: dollars(500),
  accountSize: dollars(50_000),
  limits: defaultLimits,
  last: 6_702,
  isFeedLive: true,
  kind: 'SIM',
  kinds: ['SIM', 'PAPER'],
  isKnown: (id) => id === 'a-0',
  sentAt: [at - 3_000, at - 900, at - 500, at - 400, at - 300],
}
const asked = (order: Partial<WantedOrder> = {}, change: Partial<Circumstances> = {}) => {
  const result = checkOrder({ ...wanted, ...order }, { ...now, ...change })
  return result.ok ? 'sent' : result.reason
}

test('an order inside every rule is sent, with what it can lose', () => {
  expect(checkOrder(wanted, now)).toEqual({ ok: true, risk: dollars(34.98) })
})

const { stop: _, ...withoutStop } = wanted

test('the worst case holds the fees of both sides and two ticks', () => {
  expect(worstCase(wanted, undefined, defaultLimits)).toBe(dollars(34.98))
  // A market order is measured from the last price: 19 + 2 ticks of $1.25, and $1.24, twice.
  const { limit: __, ...market } = wanted
  expect(worstCase(market, 6_702, defaultLimits)).toBe(dollars(54.98))
  expect(worstCase(market, undefined, defaultLimits)).toBeUndefined()
  expect(worstCase(withoutStop, 6_702, defaultLimits)).toBeUndefined()
})

const lock = { account: '', from: 0, until: at + 1, reason: 'two losses' }
const headroom = (money: number): Partial<Circumstances> => ({ standing: { ...standing, headroom: dollars(money) } })

test.each([
  ['locked-out', {}, { lock }],
  ['kill-on', {}, { isKillOff: false }],
  ['gate-closed', {}, { isGateOpen: false }],
  ['stop-on-wrong-side', { stop: 6_700 }, {}],
  ['stop-on-wrong-side', { side: 'sell' as const }, {}],
  ['off-the-grid', { limit: 6_700.1 }, {}],
  ['off-the-grid', { stop: 6_697.3 }, {}],
  ['off-the-grid', { targets: [6_704, 6_708.6] }, {}],
  ['quantity-not-positive', { quantity: 0 }, {}],
  ['quantity-not-positive', { quantity: -1 }, {}],
  ['quantity-not-positive', { quantity: 1.5 }, {}],
  ['above-contract-cap', { quantity: 6 }, {}],
  ['above-contract-cap', {}, { contracts: 4 }],
  ['above-firm-cap', {}, { micros: 49 }],
  ['risk-above-trade-cap', { stop: 6_661.75 }, { last: 6_700 }],
  ['risk-above-daily-share', {}, { ownDailyLeft: dollars(87.44) }],
  ['risk-above-drawdown-share', {}, headroom(139.91)],
  ['price-far-from-last', {}, { last: 6_767.75 }],
  ['feed-stale', {}, { isFeedLive: false }],
  ['wrong-mode', {}, { kind: 'FUNDED' as const }],
  ['duplicate', { id: 'a-0' }, {}],
  ['too-fast', {}, { sentAt: [...now.sentAt, at - 100] }],
])('%s alone stops it: %o %o', (reason, order, change) => {
  expect(asked(order, change)).toBe(reason)
})

test('no stop at all is no order', () => {
  expect(checkOrder(withoutStop, now)).toEqual({ ok: false, reason: 'no-stop' })
})

test('every rule stops at its edge and not before', () => {
  expect(asked({}, { contracts: 3 })).toBe('sent')
  expect(asked({}, { micros: 48 })).toBe('sent')
  expect(asked({}, { ownDailyLeft: dollars(87.45) })).toBe('sent')
  expect(asked({}, headroom(139.92))).toBe('sent')
  // A hundred ticks of ten thousand are one percent.
  const far = { limit: 2_475, stop: 2_470, targets: [] }
  expect([asked(far, { last: 2_500 }), asked(far, { last: 2_500.25 })]).toEqual(['sent', 'price-far-from-last'])
  expect(asked({}, { sentAt: [at - 1_000, ...now.sentAt] })).toBe('sent')
})

test('one mini counts as ten micros', () => {
  const mini = { instrument: 'ES' as const, quantity: 1, stop: 6_699.5 }
  expect(asked(mini, { micros: 40 })).toBe('sent')
  expect(asked(mini, { micros: 41 })).toBe('above-firm-cap')
})

test('what nobody can measure is refused', () => {
  const { limit: __, ...market } = wanted
  expect(checkOrder(market, { ...now, last: undefined })).toEqual({ ok: false, reason: 'risk-above-trade-cap' })
  expect(asked({}, { last: undefined })).toBe('price-far-from-last')
})

test('of several reasons the first of the list is given', () => {
  /** Everything is wrong at once; each step puts right what was said, and the next reason comes up. */
  const wrong = { ...withoutStop, id: 'a-0', quantity: 0, limit: 6_700.1 }
  const bad: Circumstances = {
    ...now,
    lock,
    isKillOff: false,
    isGateOpen: false,
    micros: 100,
    maxContracts: 1,
    ownDailyLeft: 0,
    accountSize: 0,
    last: 9_000,
    isFeedLive: false,
    kind: 'EVAL',
    sentAt: Array.from({ length: 9 }, () => at),
    ...headroom(1),
  }
  const order: WantedOrder[] = [wrong, wrong, wrong, wrong]
  const stopped = { ...wrong, stop: 6_710 }
  order.push(stopped, { ...stopped, stop: 6_697.25 })
  const onGrid = { ...stopped, stop: 6_697.25, limit: 6_700 }
  order.push(onGrid)
  const whole = { ...onGrid, quantity: 2 }
  order.push(...Array.from({ length: 9 }, () => whole), { ...whole, id: 'a-1' })
  const repairs: readonly Partial<Circumstances>[] = [
    {},
    { lock: undefined },
    { isKillOff: true },
    { isGateOpen: true },
    {},
    {},
    {},
    {},
    { maxContracts: 5 },
    { micros: 0 },
    { accountSize: dollars(50_000) },
    { ownDailyLeft: dollars(500) },
    { standing },
    { last: 6_700 },
    { isFeedLive: true },
    { kind: 'SIM' },
    {},
  ]
  let circumstances = bad
  const said = repairs.map((repair, i) => {
    circumstances = { ...circumstances, ...repair }
    const result = checkOrder(order[i] ?? wanted, circumstances)
    return result.ok ? 'sent' : result.reason
  })
  expect(said).toEqual(orderRefusals)
})
