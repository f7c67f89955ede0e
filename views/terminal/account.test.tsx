import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { AccountReading, ClockReading, PositionReading } from '#src/domain/picture.ts'
import {
  brokerOnly,
  differing,
  escalated,
  fallenSilent,
  flatAccount,
  flattening,
  goldHeld,
  lockedOut,
  neverHeard,
  overTheLimit,
  twoPositions,
} from '#src/testing/accounts.ts'
import { textOf } from '#src/testing/pages.tsx'
import { morning, now } from '#src/testing/world.ts'
import { Bridge } from './bridge.tsx'
import { Kill } from './kill.tsx'
import { Numbers } from './numbers.tsx'
import { Positions } from './positions.tsx'
import { Risk } from './risk.tsx'

/** A clock that runs with this PC's; a made market's keeps its own time, here three hours behind. */
const clock: ClockReading = { ...morning.clock, at: now, wall: now, speed: 1 }
const marketClock: ClockReading = { ...clock, at: now - 3 * 3_600_000 }
const positions = (account: AccountReading, by = clock): string => String(<Positions account={account} clock={by} />)
const numbers = (account: AccountReading): string => String(<Numbers account={account} wall={now} />)

test('the three numbers carry sign, words and the age of the oldest price they rest on', () => {
  expect(textOf(numbers(twoPositions))).toBe(
    'Net day P&amp;L now +$218.44 closed +$80.54 · 2 trades To nearest limit now $500.00 SIM101, daily loss Open risk now $521.10 1.04 % of the account',
  )
  expect(numbers(twoPositions)).toContain(`data-received-at="${now - 900}" data-freshness="fresh"`)
})

test('too much at risk and a missing stop are words', () => {
  expect(textOf(numbers(overTheLimit))).toContain('Open risk now unknown OVER: $521.10 + unknown')
  const alone = { known: 0, share: 0, over: false, naked: true }
  expect(textOf(numbers({ ...overTheLimit, openRisk: alone }))).toMatch(/Open risk now unknown NAKED: no stop$/)
})

test('the nearest limit may be the trader’s own over all accounts, and is toned by how much of it is used', () => {
  expect(textOf(numbers(overTheLimit))).toContain('To nearest limit now $38.94 all accounts, own loss')
  expect(numbers(overTheLimit)).toContain('id="figure-limit" class="box dominant" data-tone="halt"')
  expect(numbers(twoPositions)).toContain('id="figure-limit" class="box dominant" data-received-at')
})

test('where accounts are known and none is watched, that is said', () => {
  const { day: _, nearest: __, ...rest } = flatAccount
  const accounts = rest.accounts.map((one) => ({ ...one, watched: false }))
  expect(textOf(numbers({ ...rest, accounts }))).toContain('To nearest limit now — no account is watched')
})

test('numbers of a silent platform are marked stale', () => {
  expect(numbers(fallenSilent).match(/data-freshness="stale"/g)).toHaveLength(3)
})

test('a position reads as side, size, contract, price with age, net, R, stop, target, card', () => {
  const text = textOf(positions(twoPositions))
  for (const words of [
    '↑ LONG 2 MGC Z6 SIM101 SIM 4,126.1 now +$71.12 +0.66R stop 4,113.0 · broker 131 t · $262.00 off ends at −$190.88 TP 4,136.5 · broker 104 t · $208.00 off ends at +$279.12',
    'from 4,122.4 since 09:32 ET · in its zone · add: +0.5R and ratio 2.07: one more allowed, total risk $291 · size as planned · stop as planned',
    '↓ SHORT 3 MNQ Z6 SIM101 SIM 24,537.50 now +$66.78 +0.21R stop 24,602.50 · this PC 260 t · $390.00 off ends at −$323.22',
    'Not the plan: from 24,549.25 since 09:32 ET · larger than planned: 3 of 2 · add: not before +0.5R · stop moved away',
  ])
    expect(text).toContain(words)
})

test('a position without a stop says so with the seconds, and the page counts on', () => {
  expect(textOf(positions(overTheLimit))).toContain('NAKED 12 s no stop')
  expect(positions(overTheLimit)).toContain(`data-since="${now - 12_000}"`)
})

test('a position says first what it makes the trader ask himself', () => {
  const lapses = ['Back in MGC 2 min after leaving it: why?', '3 micros after a loss with 2: no size-up after a loss']
  expect(textOf(positions({ ...twoPositions, positions: [{ ...goldHeld, lapses }] }))).toContain(
    'Back in MGC 2 min after leaving it: why? · 3 micros after a loss with 2: no size-up after a loss · from 4,122.4',
  )
})

test('what is open past its flat-by is an alarm until it is closed', () => {
  const flatBy = { at: now + 3_600_000, account: 'TOPSTEP50', left: 3_600_000 }
  expect(textOf(positions({ ...twoPositions, flatBy }))).not.toContain('PAST FLAT-BY')
  expect(textOf(positions({ ...twoPositions, flatBy: { ...flatBy, passed: { at: now - 60_000 } } }))).toContain(
    'PAST FLAT-BY 09:40 ET: close what is open.',
  )
})

test('the next flat-by names the account whose firm wants it, and says when it has passed', () => {
  const risk = (flatBy: AccountReading['flatBy']): string =>
    textOf(String(<Risk account={{ ...overTheLimit, ...(flatBy && { flatBy }) }} />))
  expect(risk({ at: now + 60_000, account: 'TOPSTEP50', left: 60_000 })).toContain(
    'Flat by 09:42 ET, TOPSTEP50 in 1:00',
  )
  expect(risk({ at: now - 60_000, left: -60_000 })).toContain('Flat by 09:40 ET passed')
})

test('a stop for part of a position is told beside the alarm: where, for how many, and where it rests', () => {
  const stop = { price: 19_990, ticks: -40, money: dollars(-21), quantity: 1, where: 'platform' } as const
  const partly = { ...goldHeld, instrument: 'MNQ', quantity: 3, last: 20_001, stop } as const
  const shown = (position: PositionReading): string => textOf(positions({ ...twoPositions, positions: [position] }))
  expect(shown({ ...partly, nakedSince: now - 4_000 })).toContain('NAKED 4 s stop 19,990.00 for 1 of 3 · this PC')
  expect(shown(partly)).toContain('stop 19,990.00 for 1 of 3 · this PC 44 t · $22.00 off ends at −$21.00')
})

test('working orders are listed but for the exits that stand beside their position', () => {
  const [order] = twoPositions.orders
  if (!order) throw new Error('the world has orders')
  const entry = { ...order, orderId: 'o-9', type: 'limit', side: 'buy', limitPrice: 4110, filled: 1 } as const
  const { stopPrice: _, ...limit } = entry
  const text = textOf(positions({ ...twoPositions, orders: [...twoPositions.orders, limit] }))
  expect(text).toContain('BUY 1 MGC Z6 limit 4,110.0 SIM101, 1 filled')
  expect(positions(twoPositions)).not.toContain('aria-label="Working orders"')
})

test('the ways out name verb, quantity, market and account, and ask to be held', () => {
  const html = positions(twoPositions)
  expect(html).toContain('<form method="post" action="/accounts/Sim101/flatten" hx-post="/accounts/Sim101/flatten"')
  expect(textOf(html)).toContain('Flatten 2 MGC, 3 MNQ on SIM101 Flatten everything')
  expect(html.match(/data-hold/g)).toHaveLength(2)
  expect(textOf(positions({ ...twoPositions, positions: [] }))).toContain('Cancel all orders on SIM101')
})

test('an account may be named anything', () => {
  const odd = { ...goldHeld, account: 'a/b "ü"', alias: '<b>odd</b>' }
  const html = positions({ ...twoPositions, positions: [odd], orders: [] })
  expect(html).toContain('action="/accounts/a%2Fb%20%22%C3%BC%22/flatten"')
  expect(html).toContain('id="position-a_2fb_20_22_fc_22-MGC_20Z6"')
  expect(html).not.toContain('<b>odd')
})

test('a platform never heard offers no button and says where to begin', () => {
  expect(textOf(positions(neverHeard))).toBe(
    'Positions NinjaTrader was never heard, so positions are not known. Install the AddOn: the Bridge page has it, with the steps. Until then read positions in NinjaTrader, and leave them there.',
  )
})

test('a silent platform says for how long, what to check and as of when', () => {
  expect(textOf(positions(fallenSilent))).toContain(
    'NinjaTrader not heard for 14 s : check the AddOn. What follows is as of 09:40:53 ET.',
  )
  expect(textOf(positions(fallenSilent))).not.toContain('on SIM101')
  expect(textOf(positions(fallenSilent, marketClock))).toContain('not heard for 14 s : check')
  expect(textOf(positions(fallenSilent, marketClock))).toContain('What follows is as of 06:40:53 ET.')
})

test('a difference is shown in words and corrected by nobody', () => {
  expect(textOf(positions(differing))).toContain(
    'NinjaTrader and the ledger differ. Sim101 MNQ Z6: NinjaTrader −2, ledger −3.',
  )
})

test('flat is a word, and without a bridge the broker’s books are read', () => {
  expect(textOf(positions(flatAccount))).toContain('Flat. Nothing is held.')
  expect(textOf(positions(brokerOnly))).toContain('MES Z6 LONG 2 6,702.5 DEMO1, 09:41 ET')
})

test('a legacy bridge cannot be asked to flatten', () => {
  const legacy = { ...twoPositions, bridge: { ...twoPositions.bridge, state: 'legacy' } } as const
  expect(positions(legacy)).not.toContain('data-hold')
  expect(textOf(positions(legacy))).toContain('shows positions alone')
})

/** The elements of a fragment, without what they say. */
const skeleton = (html: string): string =>
  html.replace(/>[^<]+</g, '><').replace(/ data-(flash|received-at|freshness|since|tone)="[^"]*"/g, '')

test('a thousand changes of price and money change no element of the screen', () => {
  const first = [skeleton(positions(twoPositions)), skeleton(numbers(twoPositions))]
  for (let i = 1; i <= 1_000; i++) {
    const openNet = dollars(((i * 7919) % 200_001) / 100 - 1000)
    const gold = { ...goldHeld, openNet, last: 4100 + (i % 400) / 10, r: openNet / 1e6, lastAt: now - (i % 9_000) }
    const rest = twoPositions.positions.slice(1)
    const day = { net: openNet, closed: 0, fees: 0, trades: 2 }
    const account = { ...twoPositions, positions: [gold, ...rest], day }
    expect([skeleton(positions(account)), skeleton(numbers(account))]).toEqual(first)
  }
})

test('the bridge’s cell tells state, simulator and age', () => {
  const bridge = (account: AccountReading): string => textOf(String(<Bridge account={account} wall={now} />))
  expect(bridge(twoPositions)).toBe('NinjaTrader in sync SIM now')
  expect(bridge(neverHeard)).toBe('NinjaTrader never heard')
  expect(bridge(fallenSilent)).toBe('NinjaTrader SILENT SIM 14 s')
  expect(bridge(overTheLimit)).toBe('NinjaTrader in sync now')
})

test('risk is told for the account nearest to a limit', () => {
  const text = textOf(String(<Risk account={overTheLimit} />))
  for (const words of [
    'Risk · TOPSTEP50',
    'Above floor $49,612.00 WARNING $1,320.50',
    'Daily loss left of $1,000.00 WARNING $320.50',
    'Best-day rule $410.25 more today',
    'Own daily loss left of $500.00 LOCKED $38.94',
    'Given back, the floor stays +$80.00',
    'Flat by 12:00 ET in 2:18:53',
    'Open · losses in a row · trades 3/2 · 1/2 · 5/6',
    'Cooling down until 09:52 ET',
  ])
    expect(text).toContain(words)
})

test('of a daily limit that was touched no number is told as left', () => {
  const accounts = twoPositions.accounts.map((one) => ({
    ...one,
    standing: {
      ...one.standing,
      daily: {
        ...{ limit: dollars(500), used: dollars(10), left: dollars(490), stage: 'locked' as const },
        ...{ resetsAt: Date.UTC(2026, 10, 20, 23), lockedUntil: Date.UTC(2026, 10, 20, 23) },
      },
    },
  }))
  const text = textOf(String(<Risk account={{ ...twoPositions, accounts }} />))
  expect(text).toContain('Daily loss limit of $500.00 LOCKED touched: until 18:00 ET')
  expect(text).not.toContain('$490')
})

test('a lock takes the place of its button', () => {
  expect(String(<Risk account={twoPositions} />)).toContain('<input type="hidden" name="until" value="session-end"/>')
  const locked = String(<Risk account={lockedOut} />)
  expect(textOf(locked)).toContain('LOCKED until 17:00 ET')
  expect(locked).not.toContain('data-hold')
})

test('the kill switch is silent while off and says done only of what is confirmed', () => {
  const kill = (account: AccountReading, by = clock): string => String(<Kill account={account} clock={by} />)
  expect(kill(twoPositions)).toBe('<div id="kill" data-state="off" role="alert" hidden=""></div>')
  expect(textOf(kill(flattening))).toBe(
    'FLATTENING… 4 orders cancelled, closing 3 MNQ. Entries are blocked. Nothing is confirmed yet. since 09:41:04 ET',
  )
  // A made market runs ten times as fast as this PC: three seconds there are half a minute here.
  expect(textOf(kill(flattening, { ...marketClock, speed: 10 }))).toContain('since 06:40:37 ET')
  expect(textOf(kill(escalated))).toContain(
    'NOT CONFIRMED FLAT 2 MES on TOPSTEP50 still open after 10 rounds. Look at NinjaTrader now',
  )
})
