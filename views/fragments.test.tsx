import { describe, expect, test } from 'vitest'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import type { Topic } from '#src/domain/picture.ts'
import { accountReadings } from '#src/testing/accounts.ts'
import { type Page, pageOf, streamOf, textOf } from '#src/testing/pages.tsx'
import { alerts, gateClosed, morning, noTradePlan, now, sp500Stopped } from '#src/testing/world.ts'
import { pages, pageTopics, renderTopic, urgentStamp } from './fragments.tsx'
import { Strip } from './terminal/strip.tsx'

const voids = new Set(['meta', 'link', 'br', 'input', 'img', 'hr'])

/** The opening tags that stand at the top of a fragment; throws when it does not close what it opens. */
const rootsOf = (html: string): string[] => {
  const roots: string[] = []
  const open: string[] = []
  for (const [tag, close, name = '', end] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*?(\/?)>/g)) {
    if (close && open.pop() !== name) throw new Error(`</${name}> closes nothing in ${html}`)
    if (close || voids.has(name)) continue
    if (open.length === 0) roots.push(tag)
    if (!end) open.push(name)
  }
  if (open.length > 0) throw new Error(`<${open.join('> <')}> stays open`)
  return roots
}

const idOf = (tag: string): string => / id="([^"]+)"/.exec(tag)?.[1] ?? ''
const idsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '')

const fragmentIds: Partial<Record<Topic, string[]>> = {
  clock: ['clock'],
  strip: ['strip'],
  feed: ['mode', 'feed'],
  gate: ['gate'],
  plan: ['plan'],
  account: ['kill', 'numbers', 'bridge', 'positions', 'risk'],
  outage: ['outage'],
  alerts: ['alerts'],
  system: ['system'],
  history: ['history'],
  calibration: ['signals'],
  lab: ['lab'],
  'focus:MGC': ['focus-MGC'],
  'focus:SIL': ['focus-SIL'],
  'price:MGC': ['price-MGC'],
  'price:SIL': ['price-SIL'],
}
const topics = Object.keys(fragmentIds) as Topic[]

describe.each([
  ['known', morning],
  ['missing', {}],
] as const)('while everything is %s', (_, picture) => {
  test.each(topics)('%s is whole elements with their stable ids, each sent out of band', (topic) => {
    const roots = rootsOf(renderTopic(topic, picture))
    expect(roots.map(idOf)).toEqual(fragmentIds[topic])
    expect(roots.filter((tag) => !tag.includes(' hx-swap-oob="morph"'))).toEqual([])
  })

  test.each(pages)('the page %s has each id once, and one for every fragment of its topics', (page) => {
    const ids = idsOf(pageOf(page, picture))
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    const sent = (pageTopics(focusInstruments)[streamOf(page)] ?? []).flatMap((topic) =>
      rootsOf(renderTopic(topic, morning, streamOf(page))).map(idOf),
    )
    expect(sent.filter((id) => !ids.includes(id))).toEqual([])
  })

  test.each(pages)('the page %s carries nothing a strict content policy forbids', (page) => {
    const html = pageOf(page, picture)
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*src=)|="https?:\/\//)
    expect(html).not.toContain('hx-swap-oob')
  })

  test.each(pages)('no number of the page %s is undefined, not a number or a zero with a sign', (page) => {
    expect(textOf(pageOf(page, picture))).not.toMatch(/undefined|null|NaN|\[object|−\$?0(\.0+)?(?![.\d])/)
  })
})

describe.each(Object.entries(accountReadings))('with the accounts %s', (_, account) => {
  test.each(pages)('the page %s is whole, has each id once and every fragment it is sent', (page) => {
    const picture = { ...morning, account }
    const html = pageOf(page, picture)
    const ids = idsOf(html)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    const sent = rootsOf(renderTopic('account', picture, streamOf(page)))
    expect(sent.filter((tag) => !ids.includes(idOf(tag)) || !tag.includes(' hx-swap-oob="morph"'))).toEqual([])
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*src=)/)
    expect(textOf(html)).not.toMatch(/undefined|null|NaN|\[object|−\$?0(\.0+)?(?![.\d])/)
  })
})

test('the plan sent before the engine speaks keeps the place of every market', () => {
  const plan = renderTopic('plan', {}, 'terminal', true, ['MGC', 'MNQ'])
  expect(idsOf(plan).filter((id) => /^(focus|price)-/.test(id))).toEqual([
    'focus-MGC',
    'price-MGC',
    'focus-MNQ',
    'price-MNQ',
  ])
})

test('each page is sent the fragments of the accounts that it has', () => {
  const idsFor = (page: Page): string[] => rootsOf(renderTopic('account', morning, streamOf(page))).map(idOf)
  expect(Object.fromEntries(pages.map((page) => [page, idsFor(page)]))).toEqual({
    terminal: ['kill', 'numbers', 'bridge', 'positions', 'risk'],
    chart: ['kill', 'chart-held'],
    signals: ['kill'],
    lab: ['kill'],
    accounts: ['kill', 'account-table'],
    glance: ['kill', 'numbers', 'held'],
    bridge: ['kill', 'connections', 'commands'],
    settings: ['kill'],
    system: ['kill'],
  })
})

test('what the platform did is urgent, and what a price did to it is not', () => {
  expect(urgentStamp('account', { account: { ...morning.account, moved: 41 } })).toBe(41)
  expect(urgentStamp('price:MGC', morning)).toBeUndefined()
  expect(urgentStamp('account', {})).toBeUndefined()
  expect(urgentStamp('gate', { gate: { open: false, facts: [] } })).toBe(false)
})

test('the first paint and the live repaint are the same', () => {
  const page = pageOf('terminal', morning)
  for (const topic of pageTopics(focusInstruments).terminal)
    if (topic !== 'feed' && topic !== 'account' && topic !== 'odds')
      expect(page).toContain(renderTopic(topic, morning, 'terminal', false))
})

test('a card reads as its plan', () => {
  const card = textOf(renderTopic('focus:MGC', morning))
  for (const words of [
    'Gold · MGC Z6',
    'IN ZONE since 09:39 ET',
    '🟢 LONG ↑',
    '4,123.4 +18.2 now in the zone',
    'ENTER price is in the entry zone',
    'VWAP 4,121.6 – 4,124.0',
    'Stop costs −$310.32 4,113.0',
    'TP1 · TP2 4,136.5 4,147.1',
    '3 micros · start with 2',
    'Add one at 4,129.5 (+0.5R), ratio &gt; 1.8',
    'Waves strong 2.07',
    'Quality uncalibrated: 0 of 100 cards 86 %',
    '28 17 11 11 6 11 2',
  ])
    expect(card).toContain(words)
})

test('a market out of the plan is one quiet line with its reason', () => {
  const line = textOf(renderTopic('focus:SIL', morning))
  expect(line).toBe('Silver · SIL Z6 50.120 −0.385 12 s ⚪ NEUTRAL ↔ quality 23 % SKIP: too volatile today')
})

test('every number of a card opens its formula and the bar times it was read from', () => {
  const html = renderTopic('focus:MGC', morning)
  const targets = [...html.matchAll(/popovertarget="([^"]+)"/g)].map(([, id]) => id)
  // Eight numbers, and the card's case.
  expect(targets).toHaveLength(9)
  for (const id of targets) expect(html).toContain(`<div id="${id}" popover="auto"`)
  expect(html).toContain('the farther of the last swing and 1 ATR')
  expect(html).toContain('Nov 20, 09:10 ET')
  expect(html).toContain('No input yet for order flow; the rest is rescaled to 100.')
})

test('a card tells its case: what agrees, what disagrees, what would change the mind', () => {
  const html = renderTopic('focus:MGC', morning)
  expect(html).toContain('Why LONG')
  expect(html).toContain('A: 6 of 7 are with it.')
  expect(html).toContain('<h5>Agrees</h5><ul><li>The bull waves are 2.07 times the bear waves.</li>')
  expect(html).toContain('<h5>Disagrees</h5><ul><li>60m stands below its averages.</li></ul>')
  expect(html).toContain('<h5>Would change the mind</h5><ul><li>A five-minute close below 4,113.2')
})

test('a number says what worked it out, and the quality shows each component once', () => {
  const html = renderTopic('focus:MGC', morning)
  expect(html).toContain('plan version 1 · code 0.1.0-1f2e3d4c, parameters 9a8b7c6d</p>')
  expect(html.match(/ratio 2\.07, above 2/g)).toHaveLength(1)
})

test('a card tells how its market stands, one line each, with its time, its count or that it is not warm', () => {
  const html = renderTopic('focus:MGC', morning)
  const [, table = ''] = /<h5>The market now<\/h5><table>(.*?)<\/table>/.exec(html) ?? []
  const rows = table.split('</tr>').map((row) => textOf(row))
  expect(rows).toEqual([
    'Dealing range discount, 38 % of 4,113.2–4,140.0 Nov 20, 09:10 ET',
    'Session POC 4,121.9 of 48210 contracts, estimated',
    'New York 15 min ARMED 4,117.4–4,125.8 Nov 20, 08:50 ET',
    'Four-hour block not warm: no block before it',
    '',
  ])
})

test('a card that is over says no more what would change the mind', () => {
  const card = morning['focus:MGC']
  const html = renderTopic('focus:MGC', { ...morning, 'focus:MGC': { ...card, state: 'stopped' } as typeof card })
  expect(html).toContain('<h5>Disagrees</h5>')
  expect(html).not.toContain('Would change the mind')
})

test('an old price says so wherever it stands', () => {
  const old = { ...morning, 'price:MGC': { ...morning['price:MGC'], receivedAt: now - 9_000 } }
  expect(renderTopic('price:MGC', old)).toContain(`data-received-at="${now - 9_000}" data-freshness="stale"`)
  expect(textOf(renderTopic('price:MGC', old))).toContain('9 s')
})

test('a price of a closed market says closed and grows no older; one from history tells its time', () => {
  const { receivedAt: _, ...fromHistory } = { ...morning['price:MGC'], asOf: now - 60_000 }
  const shut = { ...morning, 'price:MGC': { ...morning['price:MGC'], closed: true as const } }
  for (const stream of ['terminal', 'chart-MGC'] as const) {
    const told = renderTopic('price:MGC', shut, stream)
    expect(told).toContain('data-freshness="closed"')
    expect(told).toContain('<span class="age" data-age="true">closed</span>')
    expect(told).not.toContain('data-received-at')
    const unheard = renderTopic('price:MGC', { ...morning, 'price:MGC': fromHistory }, stream)
    expect(unheard).toContain('data-freshness="stale"')
    expect(unheard).toContain('<span class="age" data-age="true">09:40 ET</span>')
    expect(unheard).not.toContain('data-received-at')
  }
})

test('what holds since another day names that day', () => {
  const since = now - 16 * 3_600_000
  const feed = { ...morning.feed, state: 'closed' as const, since }
  expect(textOf(renderTopic('feed', { ...morning, feed }))).toContain('Feed closed since Thu 17:41 ET')
  const gate = { ...gateClosed, facts: gateClosed.facts.map((fact) => ({ ...fact, since })) }
  expect(textOf(renderTopic('gate', { ...morning, gate }))).toContain('since Thu 17:41 ET')
})

test('a finished card is marked and keeps its word', () => {
  const html = renderTopic('focus:MES', { ...morning, 'focus:MES': sp500Stopped })
  expect(html).toContain('data-finished')
  expect(textOf(html)).toContain('STOPPED since 09:24 ET')
})

test('the gate answers NO until it is told otherwise, and names what nobody watches', () => {
  expect(textOf(renderTopic('gate', {}))).toContain('May I trade? NO')
  const open = textOf(renderTopic('gate', morning))
  expect(open).toContain('May I trade? YES')
  expect(open).toContain('All 4 watched facts hold')
  expect(open).toContain('Not watched: bridge, agreement, loss limits, open trades, news.')
})

test('the gate names what a watched fact leaves out', () => {
  const [feed, ...rest] = morning.gate.facts
  if (!feed) throw new Error('the world has facts')
  const facts = [{ ...feed, unwatched: 'CPI date (add it in settings)' }, ...rest]
  const text = textOf(renderTopic('gate', { gate: { open: true, facts } }))
  expect(text).toContain('All 4 watched facts hold')
  expect(text).toContain('Not watched: CPI date (add it in settings), bridge,')
})

test('a closed gate names what blocks, why, from where and since when', () => {
  const closed = textOf(renderTopic('gate', { gate: gateClosed }))
  expect(closed).toContain('May I trade? NO')
  expect(closed).toContain('feed the feed fell silent synthetic market, seed 7, since 09:40 ET')
  expect(closed).toContain('phase manage and exit only clock, since 09:29 ET')
})

test('a day without a trade says why and what happens next', () => {
  const html = renderTopic('plan', { ...morning, plan: noTradePlan })
  expect(textOf(html)).toContain(
    'NO TRADE sit on hands No market reaches the quality a trade needs. Best 48 %, needed 55 %.',
  )
  for (const id of focusInstruments) expect(idsOf(html)).toContain(`focus-${id}`)
})

test('what NinjaTrader alone knows is a dash with the reason', () => {
  expect(textOf(renderTopic('account', morning))).toContain('Net day P&amp;L — NinjaTrader is not heard')
})

test('an alert is text, whatever it contains, and acknowledges by a plain form', () => {
  const [first] = alerts
  if (!first) throw new Error('the world has alerts')
  const html = renderTopic('alerts', { alerts: [{ ...first, text: '<img src=x onerror="alert(1)">' }] })
  expect(html).not.toContain('<img')
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
  expect(html).toContain('<form method="post" action="/alerts/7/acknowledgement"')
})

test('an alert names its sound, and one that was seen or is quiet has none', () => {
  const sounds = [...renderTopic('alerts', morning).matchAll(/data-alert="(\d)"(?: data-sound="([a-z]+)")?/g)]
  expect(sounds.map(([, id, sound]) => [id, sound])).toEqual([
    ['7', 'zone'],
    ['6', 'near'],
    ['5', 'notice'],
    ['4', undefined],
    ['3', undefined],
    ['2', undefined],
  ])
})

test('the mode is in the title and the icon of the page', () => {
  const html = pageOf('terminal', morning)
  expect(html).toContain('<title>SIM MARKET · Terminal · Futures Co-Pilot</title>')
  expect(html).toContain('href="/public/mode-sim-market.svg"')
  expect(pageOf('terminal', {})).toContain('<title>NO MARKET YET · Terminal')
})

test('the volume light names the strongest spike and counts the others, so that its cell keeps its size', () => {
  const spikes = [
    { instrument: 'MGC', ratio: 2.34, at: now },
    { instrument: 'MCL', ratio: 4.02, at: now },
    { instrument: 'MES', ratio: 3, at: now },
  ] as const
  const html = String(<Strip strip={{ ...morning.strip, spikes }} now={now} />)
  expect(html).toContain('<span title="MCL 4.0×, MES 3.0×, MGC 2.3×">MCL 4.0× +2</span>')
  expect(textOf(String(<Strip strip={{ ...morning.strip, spikes: [] }} now={now} />))).toContain('Volume normal')
})

test('the futures exchange says until when it is open or at rest, and when it opens', () => {
  const told = (futures: 'open' | 'maintenance' | 'closed') =>
    textOf(String(<Strip strip={{ ...morning.strip, futures }} now={now} />)).match(/Futures (.*) Volume/)?.[1]
  expect([told('open'), told('maintenance'), told('closed')]).toEqual([
    'open till 17:00',
    'break till 17:00',
    'opens 17:00',
  ])
})

test('a print that was taken for nothing is told beside the price it did not move', () => {
  const suspect = { price: 4221.3, at: now - 2_000 }
  const picture = { ...morning, 'price:MGC': { ...morning['price:MGC'], suspect } }
  expect(textOf(renderTopic('price:MGC', picture))).toContain('suspect print 4,221.3 ignored')
  expect(textOf(renderTopic('price:MGC', morning))).not.toContain('suspect')
})
