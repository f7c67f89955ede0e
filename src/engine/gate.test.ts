import { expect, test } from 'vitest'
import { type GateInputs, judgeGate } from './gate.ts'

const minute = 60_000
const open: GateInputs = {
  at: 100 * minute,
  feed: { state: 'live', source: 'recorded bars', moving: true, delayed: false, late: false },
  agreement: undefined,
  phase: 'ACTIVE',
  flatBufferMs: 5 * minute,
  flatByAt: 200 * minute,
  plan: { version: 1, noTrade: undefined },
}
const factOf = (inputs: GateInputs, id: string) => judgeGate(inputs, undefined).facts.find((fact) => fact.id === id)

test('is open when every watched fact is ok', () => {
  const gate = judgeGate(open, undefined)
  expect(gate.open).toBe(true)
  expect(gate.facts.filter(({ watched }) => watched).map(({ id, ok, reason }) => [id, ok, reason])).toEqual([
    ['feed', true, 'feed-live'],
    ['phase', true, 'phase-active'],
    ['flat-by', true, 'before-flat-by'],
    ['plan', true, 'plan-frozen'],
  ])
})

test.each([
  ['feed', { feed: { ...open.feed, state: 'stale' } }, 'feed-stale'],
  ['feed', { feed: { ...open.feed, state: 'asleep' } }, 'feed-asleep'],
  ['feed', { feed: { ...open.feed, state: 'connecting' } }, 'feed-connecting'],
  ['feed', { feed: { ...open.feed, delayed: true } }, 'feed-delayed'],
  ['feed', { feed: { ...open.feed, late: true } }, 'feed-late'],
  ['agreement', { agreement: { source: 'Tradovate', state: 'disagrees' } }, 'prices-disagree'],
  ['feed', { feed: { ...open.feed, state: 'down' } }, 'feed-down'],
  ['feed', { feed: { ...open.feed, state: 'closed' } }, 'feed-closed'],
  ['feed', { feed: { ...open.feed, state: 'finished' } }, 'feed-finished'],
  ['feed', { feed: { ...open.feed, moving: false } }, 'feed-standing'],
  ['phase', { phase: 'PRE-MARKET' }, 'phase-pre-market'],
  ['phase', { phase: 'WIND DOWN' }, 'phase-wind-down'],
  ['phase', { phase: 'OFF-HOURS' }, 'phase-off-hours'],
  ['flat-by', { at: 195 * minute }, 'past-flat-by'],
  ['plan', { plan: { version: 0, noTrade: undefined } }, 'plan-not-frozen'],
  ['plan', { plan: { version: 1, noTrade: 'quality-too-low' } }, 'no-trade-quality-too-low'],
  ['plan', { plan: { version: 0, noTrade: 'warming-up' } }, 'no-trade-warming-up'],
] as const satisfies readonly (readonly [string, Partial<GateInputs>, string])[])(
  '%s alone closes it: %o',
  (id, change, reason) => {
    const gate = judgeGate({ ...open, ...change }, undefined)
    expect(gate.open).toBe(false)
    expect(gate.facts.filter(({ watched, ok }) => watched && !ok).map((fact) => [fact.id, fact.reason])).toEqual([
      [id, reason],
    ])
  },
)

test('five minutes before flat-by it closes, not earlier', () => {
  expect(factOf({ ...open, at: 195 * minute - 1 }, 'flat-by')?.ok).toBe(true)
  expect(factOf({ ...open, at: 195 * minute }, 'flat-by')?.ok).toBe(false)
})

test('what nobody watches yet is listed, never ok, and holds nothing up', () => {
  const { facts } = judgeGate(open, undefined)
  expect(facts.filter(({ watched }) => !watched).map(({ id, ok, reason, source }) => [id, ok, reason, source])).toEqual(
    [
      ['bridge', false, 'bridge-never-seen', 'NinjaTrader'],
      ['agreement', false, 'no-second-price', 'NinjaTrader'],
      ['loss-limits', false, 'no-account', 'NinjaTrader'],
      ['open-trades', false, 'no-account', 'NinjaTrader'],
      ['news', false, 'no-calendar', 'news calendar'],
    ],
  )
})

test('a fact keeps since when it stands as it does, until its reason changes', () => {
  const first = judgeGate(open, undefined)
  expect(first.facts.every(({ since }) => since === open.at)).toBe(true)
  const later = judgeGate({ ...open, at: 101 * minute }, first)
  expect(later.facts).toEqual(first.facts)
  const stale: GateInputs = { ...open, at: 102 * minute, feed: { ...open.feed, state: 'stale' } }
  const closed = judgeGate(stale, later)
  expect(closed.facts.map(({ id, since }) => [id, since / minute]).slice(0, 2)).toEqual([
    ['feed', 102],
    ['phase', 100],
  ])
  const down: GateInputs = { ...stale, at: 103 * minute, feed: { ...open.feed, state: 'down' } }
  expect(judgeGate(down, closed).facts[0]).toMatchObject({ ok: false, reason: 'feed-down', since: 103 * minute })
})

test('a feed that is not heard says why in its own words', () => {
  const inputs: GateInputs = { ...open, feed: { ...open.feed, state: 'down', detail: 'another program has the line' } }
  expect(factOf(inputs, 'feed')).toMatchObject({ reason: 'feed-down', detail: 'another program has the line' })
})
