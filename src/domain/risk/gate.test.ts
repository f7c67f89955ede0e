import { describe, expect, test } from 'vitest'
import { dollars } from '../money.ts'
import type { AccountStanding } from '../picture.ts'
import { type GateInputs, judgeGate } from './gate.ts'
import { defaultLimits } from './limits.ts'
import type { Standing } from './standing.ts'

const minute = 60_000

const standing: Standing = {
  at: 100 * minute,
  balance: dollars(50_000),
  equity: dollars(50_000),
  peak: dollars(50_000),
  floor: dollars(48_000),
  floorLocked: false,
  headroom: dollars(2_000),
  stage: 'safe',
  daily: { limit: dollars(1_000), used: 0, left: dollars(1_000), stage: 'safe', resetsAt: 900 * minute },
  consistency: { left: dollars(1_200), bestDay: dollars(300), share: 0.4, maxShare: 0.5 },
  giveBack: 0,
  days: 3,
  flatByAt: 300 * minute,
  maxMicros: 50,
}

const account = (change: Partial<Standing> = {}): AccountStanding => ({
  name: 'Eval50',
  alias: 'Topstep',
  kind: 'EVAL',
  firm: 'topstep-50k',
  watched: true,
  standing: { ...standing, ...change },
  dayNet: 0,
  openNet: 0,
  fees: 0,
  entryFees: 0,
  trades: 1,
  contracts: 0,
  unvalued: false,
  naked: false,
})

/** An account of a firm that allows fifty executions a day. */
const executing = (made: number, due: number): AccountStanding => ({
  ...account(),
  executions: { made, due, limit: 50 },
})

/** Everything is known and nothing is against it. */
const open: GateInputs = {
  at: 100 * minute,
  feed: { state: 'live', source: 'recorded bars', moving: true, delayed: false, late: false },
  agreement: { source: 'NinjaTrader', state: 'agrees' },
  bridge: { state: 'in-sync', simulator: false, sharesMarket: true },
  phase: 'ACTIVE',
  news: { unknown: [], possible: [] },
  flatByAt: 200 * minute,
  plan: { version: 1, noTrade: undefined },
  hasAccounts: true,
  accounts: [account()],
  dayNet: dollars(-120),
  openTrades: 1,
  plannedRisk: dollars(375),
  course: { trades: 1, lossesInRow: 1, cooldownUntil: 90 * minute },
  limits: defaultLimits,
  lock: undefined,
  kill: 'off',
}
const factOf = (inputs: GateInputs, id: string) => judgeGate(inputs, undefined).facts.find((fact) => fact.id === id)

test('is open when every predicate holds', () => {
  const gate = judgeGate(open, undefined)
  expect(gate.open).toBe(true)
  expect(gate.facts.map(({ id, watched, ok, reason }) => [id, watched && ok, reason])).toEqual([
    ['feed', true, 'feed-live'],
    ['agreement', true, 'prices-agree'],
    ['bridge', true, 'bridge-in-sync'],
    ['phase', true, 'phase-active'],
    ['news', true, 'no-news'],
    ['flat-by', true, 'before-flat-by'],
    ['loss-limits', true, 'inside-loss-limits'],
    ['drawdown', true, 'enough-headroom'],
    ['stops', true, 'all-stopped'],
    ['open-trades', true, 'room-for-a-trade'],
    ['losses-in-row', true, 'few-losses'],
    ['cooldown', true, 'cooled-down'],
    ['trades-today', true, 'few-trades'],
    ['executions', true, 'few-executions'],
    ['consistency', true, 'inside-best-day'],
    ['lockout', true, 'not-locked-out'],
    ['plan', true, 'plan-frozen'],
    ['kill', true, 'kill-off'],
  ])
})

test('a closed feed is closed since the last close, and what follows since it is so', () => {
  const feed = { ...open.feed, state: 'closed', closedSince: 40 * minute } as const
  const shut = judgeGate({ ...open, feed }, judgeGate(open, undefined))
  expect(shut.facts[0]).toMatchObject({ reason: 'feed-closed', since: 40 * minute })
  expect(judgeGate({ ...open, feed }, undefined).facts[0]?.since).toBe(40 * minute)
  expect(judgeGate({ ...open, at: 101 * minute }, shut).facts[0]?.since).toBe(101 * minute)
})

const fomc = { name: 'FOMC', at: 102 * minute, source: 'federalreserve.gov', concerns: 'all' } as const
const daily = {
  limit: dollars(1_000),
  left: dollars(100),
  used: dollars(900),
  stage: 'locked',
  resetsAt: 900 * minute,
} as const

test.each([
  ['feed', 'feed-stale', { feed: { ...open.feed, state: 'stale' } }],
  ['feed', 'feed-asleep', { feed: { ...open.feed, state: 'asleep' } }],
  ['feed', 'feed-connecting', { feed: { ...open.feed, state: 'connecting' } }],
  ['feed', 'feed-delayed', { feed: { ...open.feed, delayed: true } }],
  ['feed', 'feed-late', { feed: { ...open.feed, late: true } }],
  ['feed', 'feed-down', { feed: { ...open.feed, state: 'down' } }],
  ['feed', 'feed-closed', { feed: { ...open.feed, state: 'closed' } }],
  ['feed', 'feed-finished', { feed: { ...open.feed, state: 'finished' } }],
  ['feed', 'feed-standing', { feed: { ...open.feed, moving: false } }],
  ['agreement', 'prices-disagree', { agreement: { source: 'NinjaTrader', state: 'disagrees' } }],
  ['bridge', 'bridge-silent', { bridge: { ...open.bridge, state: 'silent' } }],
  ['bridge', 'bridge-differs', { bridge: { ...open.bridge, state: 'differs' } }],
  ['bridge', 'bridge-simulator', { bridge: { ...open.bridge, simulator: true, sharesMarket: false } }],
  ['bridge', 'bridge-other-market', { bridge: { ...open.bridge, sharesMarket: false } }],
  ['phase', 'phase-pre-market', { phase: 'PRE-MARKET' }],
  ['phase', 'phase-wind-down', { phase: 'WIND DOWN' }],
  ['phase', 'phase-off-hours', { phase: 'OFF-HOURS' }],
  [
    'news',
    'news-window',
    { news: { unknown: [], possible: [], inside: { event: fomc, from: 97 * minute, until: 107 * minute } } },
  ],
  ['flat-by', 'past-flat-by', { at: 195 * minute }],
  ['flat-by', 'past-flat-by', { accounts: [account({ flatByAt: 105 * minute })] }],
  ['loss-limits', 'own-loss-limit', { dayNet: dollars(-450) }],
  ['loss-limits', 'firm-loss-limit', { accounts: [account(), account({ daily })] }],
  ['drawdown', 'headroom-too-small', { accounts: [account(), account({ headroom: dollars(374.99) })] }],
  ['drawdown', 'account-broken', { accounts: [account({ broken: { at: 1, rule: 'daily-loss' } })] }],
  ['stops', 'no-stop', { accounts: [account(), { ...account(), naked: true }] }],
  ['open-trades', 'too-many-open', { openTrades: 2 }],
  ['losses-in-row', 'too-many-losses', { course: { trades: 2, lossesInRow: 2 } }],
  ['cooldown', 'cooling-down', { course: { ...open.course, cooldownUntil: 101 * minute } }],
  ['trades-today', 'too-many-trades', { course: { trades: 6, lossesInRow: 0 } }],
  ['executions', 'too-many-executions', { accounts: [account(), executing(49, 0)] }],
  [
    'consistency',
    'best-day-reached',
    { accounts: [account({ consistency: { left: 0, bestDay: dollars(1_500), share: 0.6, maxShare: 0.5 } })] },
  ],
  ['lockout', 'locked-out', { lock: { account: '', from: 0, until: 500 * minute, reason: 'two losses' } }],
  ['plan', 'plan-not-frozen', { plan: { version: 0, noTrade: undefined } }],
  ['plan', 'no-trade-quality-too-low', { plan: { version: 1, noTrade: 'quality-too-low' } }],
  ['plan', 'no-trade-warming-up', { plan: { version: 0, noTrade: 'warming-up' } }],
  ['kill', 'kill-flattening', { kill: 'flattening' }],
  ['kill', 'kill-flat', { kill: 'flat' }],
  ['kill', 'kill-escalated', { kill: 'escalated' }],
] as const satisfies readonly (readonly [string, string, Partial<GateInputs>])[])(
  '%s alone closes it: %s',
  (id, reason, change) => {
    const gate = judgeGate({ ...open, ...change }, undefined)
    expect(gate.open).toBe(false)
    expect(gate.facts.filter(({ watched, ok }) => watched && !ok).map((fact) => [fact.id, fact.reason])).toEqual([
      [id, reason],
    ])
  },
)

test.each([
  ['no-price', 'no price: at cost'],
  ['old-price', 'at an old price'],
] as const)('an account with %s of what it holds has no headroom anybody can measure', (unvalued, detail) => {
  const gate = judgeGate({ ...open, accounts: [account(), { ...account(), alias: 'Apex', unvalued }] }, undefined)
  const refused = gate.facts.filter(({ watched, ok }) => watched && !ok)
  expect(refused.map((fact) => [fact.id, fact.reason, fact.source, fact.detail])).toEqual([
    ['loss-limits', 'not-valued', 'Apex', detail],
    ['drawdown', 'not-valued', 'Apex', detail],
  ])
  // What is known to be lost is said first.
  const broken = { ...account({ daily, broken: { at: 1, rule: 'daily-loss' } }), unvalued }
  expect(factOf({ ...open, accounts: [broken] }, 'loss-limits')?.reason).toBe('firm-loss-limit')
  expect(factOf({ ...open, accounts: [broken] }, 'drawdown')?.reason).toBe('account-broken')
})

describe('what nobody watches', () => {
  const { agreement: _, ...rest } = open
  const bare: GateInputs = {
    ...rest,
    agreement: undefined,
    bridge: { state: 'never-seen', simulator: false, sharesMarket: true },
    news: undefined,
    hasAccounts: false,
    accounts: [],
    dayNet: 0,
    openTrades: 0,
    course: { trades: 0, lossesInRow: 0 },
  }

  test('is listed with its reason, never ok, and holds nothing up', () => {
    const gate = judgeGate(bare, undefined)
    expect(gate.open).toBe(true)
    expect(
      gate.facts.filter(({ watched }) => !watched).map(({ id, ok, reason, source }) => [id, ok, reason, source]),
    ).toEqual([
      ['agreement', false, 'no-second-price', 'NinjaTrader'],
      ['bridge', false, 'bridge-never-seen', 'NinjaTrader'],
      ['news', false, 'no-calendar', 'news calendar'],
      ['loss-limits', false, 'no-account', 'NinjaTrader'],
      ['drawdown', false, 'no-account', 'NinjaTrader'],
      ['stops', false, 'bridge-never-seen', 'NinjaTrader'],
      ['open-trades', false, 'no-account', 'NinjaTrader'],
      ['losses-in-row', false, 'no-account', 'NinjaTrader'],
      ['cooldown', false, 'no-account', 'NinjaTrader'],
      ['trades-today', false, 'no-account', 'NinjaTrader'],
      ['executions', false, 'no-account', 'NinjaTrader'],
      ['consistency', false, 'no-account', 'NinjaTrader'],
    ])
  })

  test('says that no account is watched where some are known', () => {
    const facts = judgeGate({ ...bare, hasAccounts: true }, undefined).facts.filter(({ source }) => source === 'you')
    expect(facts.filter(({ watched }) => !watched).map(({ id, ok, reason }) => [id, ok, reason])).toEqual([
      ['loss-limits', false, 'none-watched'],
      ['drawdown', false, 'none-watched'],
      ['open-trades', false, 'none-watched'],
      ['losses-in-row', false, 'none-watched'],
      ['cooldown', false, 'none-watched'],
      ['trades-today', false, 'none-watched'],
      ['executions', false, 'none-watched'],
      ['consistency', false, 'none-watched'],
    ])
  })

  test('is no loss of anybody’s', () => {
    expect(factOf({ ...bare, dayNet: dollars(-500) }, 'loss-limits')).toMatchObject({ watched: false })
  })

  test('a second price that is silent and a bridge that tells positions only count as that', () => {
    const inputs: GateInputs = {
      ...open,
      agreement: { source: 'Tradovate', state: 'silent' },
      bridge: { ...open.bridge, state: 'legacy' },
    }
    expect(judgeGate(inputs, undefined).open).toBe(true)
    expect(factOf(inputs, 'agreement')).toMatchObject({ watched: false, ok: false, reason: 'second-price-silent' })
    expect(factOf(inputs, 'bridge')).toMatchObject({ watched: false, ok: false, reason: 'bridge-legacy' })
    expect(factOf(inputs, 'stops')).toMatchObject({ watched: false, ok: false, reason: 'bridge-legacy' })
  })

  test('a locked or killed trader stays so without any account', () => {
    expect(judgeGate({ ...bare, kill: 'flat' }, undefined).open).toBe(false)
    expect(judgeGate({ ...bare, lock: { account: '', from: 0, until: 1e9, reason: 'x' } }, undefined).open).toBe(false)
  })
})

describe('a fact', () => {
  test('says when it ends by itself', () => {
    const inputs: GateInputs = {
      ...open,
      news: { unknown: [], possible: [], inside: { event: fomc, from: 97 * minute, until: 107 * minute } },
      course: { trades: 2, lossesInRow: 1, cooldownUntil: 110 * minute },
      lock: { account: '', from: 0, until: 500 * minute, reason: 'two losses' },
      accounts: [account({ daily })],
    }
    const ends = judgeGate(inputs, undefined).facts.flatMap(({ id, expiresAt }) =>
      expiresAt === undefined ? [] : [[id, expiresAt / minute]],
    )
    expect(ends).toEqual([
      ['news', 107],
      ['loss-limits', 900],
      ['cooldown', 110],
      ['lockout', 500],
    ])
  })

  test('has its numbers in words', () => {
    const inputs: GateInputs = {
      ...open,
      accounts: [
        account({
          headroom: dollars(310.5),
          daily,
          consistency: { left: dollars(-40), bestDay: 0, share: 0, maxShare: 0.5 },
        }),
      ],
      openTrades: 3,
      lock: { account: '', from: 0, until: 500 * minute, reason: 'two losses' },
    }
    const details = judgeGate(inputs, undefined).facts.flatMap(({ id, detail }) =>
      detail === undefined ? [] : [[id, detail]],
    )
    expect(details).toEqual([
      ['loss-limits', '$900 of $1,000 used'],
      ['drawdown', '$310.50 left, a trade risks $375'],
      ['open-trades', '3 of 2'],
      ['losses-in-row', '1 of 2'],
      ['trades-today', '1 of 6'],
      ['consistency', '$40 over'],
      ['lockout', 'two losses'],
    ])
    const touched = account({ daily: { ...daily, used: dollars(10), left: dollars(990), lockedUntil: 900 * minute } })
    expect(factOf({ ...open, accounts: [touched] }, 'loss-limits')).toMatchObject({
      ...{ ok: false, reason: 'firm-loss-limit', expiresAt: 900 * minute },
      detail: 'touched, and locked until its reset',
    })
    expect(factOf({ ...open, dayNet: dollars(-460.25) }, 'loss-limits')?.detail).toBe('$460.25 of $500 used')
  })

  test('names the account it speaks of, and the firm whose flat-by is nearest', () => {
    const naked = { ...account(), alias: 'Apex', naked: true }
    expect(factOf({ ...open, accounts: [account(), naked] }, 'stops')?.source).toBe('Apex')
    expect(factOf({ ...open, accounts: [account({ daily })] }, 'loss-limits')?.source).toBe('Topstep')
    expect(factOf({ ...open, accounts: [account({ flatByAt: 120 * minute })] }, 'flat-by')?.source).toBe('topstep-50k')
    expect(factOf(open, 'flat-by')?.source).toBe('clock')
  })

  test('tells the next news and what is not known of it', () => {
    const next = { event: fomc, from: 97 * minute, until: 107 * minute }
    expect(
      factOf({ ...open, news: { next, unknown: ['GDP dates are not known'], possible: [] } }, 'news')?.detail,
    ).toBe('next: FOMC; GDP dates are not known')
  })

  test('tells what may come out today and nobody watches, without holding anything up', () => {
    const news = { unknown: [], possible: ['CPI date'] }
    expect(factOf({ ...open, news }, 'news')).toMatchObject({
      watched: true,
      ok: true,
      unwatched: 'CPI date (add it in settings)',
    })
    const before = judgeGate(open, undefined)
    expect(judgeGate({ ...open, news }, before)).not.toBe(before)
  })

  test('is the very gate before while nothing is another, and another one with a single word', () => {
    const first = judgeGate(open, undefined)
    const later = { ...open, at: 101 * minute }
    expect(judgeGate(later, first)).toBe(first)
    const turned = judgeGate({ ...later, feed: { ...open.feed, detail: 'late by a second' } }, first)
    expect(turned).not.toBe(first)
    expect(turned.facts.filter((fact, i) => fact !== first.facts[i])).toMatchObject([{ id: 'feed', since: open.at }])
  })

  test('keeps since when it stands as it does, until its reason changes', () => {
    const first = judgeGate(open, undefined)
    expect(first.facts.every(({ since }) => since === open.at)).toBe(true)
    const later = judgeGate({ ...open, at: 101 * minute }, first)
    expect(later.facts).toEqual(first.facts)
    const stale: GateInputs = { ...open, at: 102 * minute, feed: { ...open.feed, state: 'stale', detail: 'no line' } }
    const closed = judgeGate(stale, later)
    expect(closed.facts.map(({ since }) => since / minute).slice(0, 2)).toEqual([102, 100])
    expect(closed.facts[0]?.detail).toBe('no line')
    const down: GateInputs = { ...stale, at: 103 * minute, feed: { ...open.feed, state: 'down' } }
    expect(judgeGate(down, closed).facts[0]).toMatchObject({ reason: 'feed-down', since: 103 * minute })
  })
})

test('a difference that is still settling holds nothing up', () => {
  expect(factOf({ ...open, bridge: { ...open.bridge, state: 'settling' } }, 'bridge')?.ok).toBe(true)
})

test('a trade must fit with its way out among the executions a firm allows, and so must what is open', () => {
  const fact = (made: number, due: number) => factOf({ ...open, accounts: [executing(made, due)] }, 'executions')
  expect(fact(47, 1)?.ok).toBe(true)
  expect(fact(48, 1)).toMatchObject({ ok: false, source: 'Topstep', detail: '48 of 50 made, 1 due for what is open' })
  expect(fact(100, 0)).toMatchObject({ ok: false, detail: '100 of 50 made' })
  expect(factOf(open, 'executions')).toMatchObject({ watched: true, ok: true })
})

test('a simulated platform may stand in beside a simulated market', () => {
  const bridge = { state: 'in-sync', simulator: true, sharesMarket: true } as const
  expect(factOf({ ...open, bridge }, 'bridge')).toMatchObject({ ok: true, source: 'simulated NinjaTrader' })
})

test('every limit closes at its edge and not before', () => {
  expect(factOf({ ...open, at: 195 * minute - 1 }, 'flat-by')?.ok).toBe(true)
  expect(factOf({ ...open, dayNet: dollars(-449.99) }, 'loss-limits')?.ok).toBe(true)
  expect(factOf({ ...open, accounts: [account({ headroom: dollars(375) })] }, 'drawdown')?.ok).toBe(true)
  expect(factOf({ ...open, course: { ...open.course, cooldownUntil: open.at } }, 'cooldown')?.ok).toBe(true)
  expect(factOf({ ...open, accounts: [executing(48, 0)] }, 'executions')?.ok).toBe(true)
})
