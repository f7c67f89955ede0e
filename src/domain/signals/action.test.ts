import { expect, test } from 'vitest'
import { judgementOf, longReading, readingOf, type Said } from '#src/testing/readings.ts'
import { type ActingCard, actOn, actWithoutCard, type Barrier } from './action.ts'
import type { Bracket, CardState, Size } from './focus-card.ts'

const bracket: Bracket = {
  level: { kind: 'vwap', name: 'VWAP', price: 4996, at: 0 },
  zone: { low: 4995.5, high: 4996.5 },
  stop: 4990,
  target1: 5006,
  target2: 5016,
  stopTicks: 26,
  stopWidened: false,
  atr: 4,
}
const sizeOf = (contracts: number): Size => ({
  contracts,
  startWith: Math.min(2, contracts),
  risk: 0,
  riskPerContract: 0,
  budget: 0,
  multiplier: 1,
  halved: false,
})
const card = (state: CardState = 'watching', contracts = 3): ActingCard => ({
  side: 'long',
  bracket,
  size: sizeOf(contracts),
  state,
})
/** The action word and its reason for a long drawn at 4,996, price in the zone and gate open unless said. */
const act = (said: Said = {}, acting = card(), price = 4996, barrier?: Barrier) => {
  const { action, reason } = actOn(acting, judgementOf(longReading(said)), price, barrier)
  return `${action}: ${reason}`
}

test('in the zone with the gate open it says enter', () => {
  expect(act()).toBe('enter: price-in-zone')
})

test('with price beyond the zone, up to 1.5 ATR, it says limit', () => {
  expect(act({}, card(), 4996.75)).toBe('limit: price-beyond-zone')
  expect(act({}, card(), 5002.5)).toBe('limit: price-beyond-zone')
  expect(act({}, card(), 5002.75)).toBe('wait: nothing-near')
})

test('with price between zone and stop no limit would be a pullback', () => {
  expect(act({}, card(), 4995.25)).toBe('wait: nothing-near')
})

test('with the gate closed it says wait', () => {
  expect(act({}, card(), 4996, 'gate-closed')).toBe('wait: gate-closed')
})

test.each(['target-2', 'stopped', 'invalid', 'expired'] as const)('a card that is %s is skipped', (state) => {
  expect(act({ percentile: 0.99 }, card(state, 0))).toBe('skip: finished')
})

test.each(['triggered', 'target-1'] as const)('while %s the trade runs, even in an excluded market', (state) => {
  expect(act({ percentile: 0.99 }, card(state, 0))).toBe('wait: trade-running')
})

test('an excluded market is skipped before its size or quality is asked', () => {
  expect(act({ percentile: 0.89 }, card('watching', 0))).toBe('skip: too-volatile')
})

test('a stop too wide for one contract is skipped before its quality is asked', () => {
  expect(act({ votes: [0, 0, 0], waveRatio: 1 }, card('watching', 0))).toBe('skip: stop-too-wide')
})

test('a quality below 55 waits, whatever momentum says', () => {
  // 94.6 less 27.8 for the waves and 16.7 for the timeframes: 50.1.
  expect(act({ votes: [0, 0, 0], waveRatio: 1, frame: { ao: -2, aoBefore: -1 } })).toBe('wait: quality-too-low')
  expect(act({ votes: [1, 0, 0], waveRatio: 1 })).toBe('enter: price-in-zone')
})

test('momentum against and moving away waits, also while the waves are strong', () => {
  expect(act({ frame: { ao: -2, aoBefore: -1 } })).toBe('wait: momentum-against')
  expect(act({ frame: { ao: -1, aoBefore: -2 } })).toBe('enter: price-in-zone')
})

test('where the waves are only with the side, momentum must agree', () => {
  expect(act({ waveRatio: 1.8, frame: { ao: -1, aoBefore: -2 } })).toBe('wait: momentum-against')
  expect(act({ waveRatio: 1.8, frame: { ao: 1, aoBefore: 2 } })).toBe('enter: price-in-zone')
})

test('where the waves are neutral, structure must have shifted to the side', () => {
  const shift = { kind: 'BOS', side: 'short', price: 1, swingAt: 1, at: 1 } as const
  expect(act({ waveRatio: 1.4, frame: { shift } })).toBe('wait: needs-break')
  expect(act({ waveRatio: 1.4, frame: { shift: { ...shift, side: 'long' } } })).toBe('enter: price-in-zone')
  expect(act({ waveRatio: 2.5, frame: { shift } })).toBe('enter: price-in-zone')
})

test('what holds a card back is said before the gate is', () => {
  expect(act({ frame: { ao: -2, aoBefore: -1 } }, card(), 4996, 'gate-closed')).toBe('wait: momentum-against')
})

test('a short reads everything from its own side', () => {
  const short: ActingCard = {
    ...card(),
    side: 'short',
    bracket: { ...bracket, stop: 5002, target1: 4986, target2: 4976 },
  }
  const said: Said = {
    waveRatio: 0.4,
    votes: [-1, -1, -1],
    frame: { ao: -2, aoBefore: -1, band: { low: 4996, high: 5020 } },
  }
  const at = (price: number) => actOn(short, judgementOf(readingOf(said)), price)
  expect([at(4996), at(4990), at(4997)].map(({ action }) => action)).toEqual(['enter', 'limit', 'wait'])
})

test('a market without a card says why', () => {
  const without = (said: Said) => actWithoutCard(judgementOf(readingOf(said)))
  expect(without({ warm: false, percentile: 0.99 })).toEqual({ action: 'wait', reason: 'warming-up' })
  expect(without({ percentile: 0.89 })).toEqual({ action: 'skip', reason: 'too-volatile' })
  expect(without({})).toEqual({ action: 'wait', reason: 'no-bias' })
  expect(without({ waveRatio: 0.6 })).toEqual({ action: 'wait', reason: 'no-bias' })
  expect(actWithoutCard(judgementOf(longReading({ waveRatio: 0.69 })))).toEqual({
    action: 'wait',
    reason: 'waves-against',
  })
})
