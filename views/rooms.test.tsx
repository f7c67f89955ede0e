import { expect, test } from 'vitest'
import { dollars } from '#src/domain/money.ts'
import type { Standing } from '#src/domain/risk/standing.ts'
import {
  escalated,
  evaluationAccount,
  overTheLimit,
  presets,
  topstepRules,
  twoPositions,
} from '#src/testing/accounts.ts'
import { accountsProps, bridgeProps, pageOf, propsOf, settingsProps, textOf } from '#src/testing/pages.tsx'
import { gateClosed, morning } from '#src/testing/world.ts'
import { AccountsPage } from './accounts/page.tsx'
import { AccountTable } from './accounts/table.tsx'
import { writeAccount, writeRules } from './accounts/written.ts'
import { askFlatten, askKill, askLockout } from './ask/asked.ts'
import { AskPage } from './ask/page.tsx'
import { BridgePage } from './bridge/page.tsx'
import { renderTopic } from './fragments.tsx'
import { pages, rooms } from './rooms.ts'
import { SettingsPage } from './settings/page.tsx'

/** The first account's line, its standing changed. */
const lineOf = (change: Partial<Standing>): string => {
  const accounts = twoPositions.accounts
    .slice(0, 1)
    .map((one) => ({ ...one, standing: { ...one.standing, ...change } }))
  return textOf(String(<AccountTable account={{ ...twoPositions, accounts }} wall={undefined} />))
}

const busy = { ...morning, account: overTheLimit, gate: gateClosed }

test('a market with a clock of its own says which times are of which clock, a real one has but one', () => {
  const footerIn = (mode: 'LIVE' | 'REPLAY' | 'SIM MARKET') =>
    pageOf('terminal', { ...morning, feed: { ...morning.feed, mode } }).match(/Times are New York[^<]*/)?.[0]
  expect(footerIn('LIVE')).toBe('Times are New York (ET).')
  const two = 'Times are New York (ET): cards and trades by the market’s clock above, work and settings by this PC’s.'
  expect(footerIn('SIM MARKET')).toBe(two)
  expect(footerIn('REPLAY')).toBe(two)
})

test.each([
  ['engine', true, 'The engine is not heard since 08:45:00 ET: nothing below is current.'],
  ['bus', true, 'Redis is not heard since 08:45:00 ET: nothing below is current.'],
  ['bus', false, 'Redis is not heard since 08:45:00 ET: alerts and what you ask for wait.'],
  ['database', false, 'The database is away since 08:45:00 ET: fills cannot be stored.'],
] as const)(
  'every page says above all that the %s is away (blind: %s), from the first byte',
  (what, isBlind, words) => {
    const outage = { what, since: Date.UTC(2026, 10, 20, 13, 45), isBlind }
    for (const page of pages) expect(textOf(pageOf(page, { ...morning, outage }))).toContain(words)
    expect(renderTopic('outage', { outage }, 'settings')).toContain(words)
  },
)

test('a page on which nothing is away says nothing of it', () => {
  expect(pageOf('terminal', morning)).toMatch(/<div id="outage" role="alert" hidden(="")?><\/div>/)
})

test('the clock of an engine that is not heard says that it stopped', () => {
  const text = (clock: typeof morning.clock) => textOf(renderTopic('clock', { clock }))
  expect(text(morning.clock)).not.toContain('Clock stopped')
  expect(text({ ...morning.clock, stopped: true })).toContain('Clock stopped')
})

test('every room has an address and a key of its own, and the menu and the list of keys name it', () => {
  expect(new Set(pages.map((page) => rooms[page].key)).size).toBe(pages.length)
  const html = pageOf('terminal', morning)
  for (const page of pages) {
    expect(html).toContain(`<a href="${rooms[page].path}"`)
    expect(html).toContain(`<kbd>g then ${rooms[page].key}</kbd>`)
  }
})

test('the glance page weighs at most 15 KB however much is going on', () => {
  for (const account of [twoPositions, overTheLimit, escalated])
    expect(Buffer.byteLength(pageOf('glance', { ...busy, account }))).toBeLessThanOrEqual(15 * 1024)
})

test('the glance page answers its questions', () => {
  const text = textOf(pageOf('glance', busy))
  for (const words of [
    'May I trade? NO',
    '−$461.06',
    '$38.94 all accounts, own loss',
    'unknown OVER: $521.10 + unknown',
    '↑ LONG 2 MES Z6 TOPSTEP50 NAKED',
  ])
    expect(text).toContain(words)
})

test('an account’s line tells its rules, what is left of them, and the platform’s other number', () => {
  const text = textOf(pageOf('accounts', busy))
  for (const words of [
    'TOPSTEP50 EVAL Topstep Combine 50K Day, net −$679.50 open −$308.00 at an old price',
    'Floor $49,612.00 Headroom $1,320.50 WARNING given back, $80.00 of it is gone',
    'Payout not yet 1 more winning day, $1,759.50 to the target',
    'Balance · platform $51,240.50 platform $51,262.82 +$22.32',
    'PLAYBACK PAPER Personal SIM 50K, not watched',
    'With your last 60 days this plan would have ended on 2026-10-21.',
  ])
    expect(text).toContain(words)
})

test('a best day is told with its share of the profit and with the rule’s, and never as less than nothing left', () => {
  const consistency = { left: dollars(-100), bestDay: dollars(600), share: 1, maxShare: 0.5 }
  expect(lineOf({ consistency })).toContain(
    '$0.00 more today best day $600.00 is 100.00 % of the profit, the rule allows 50.00 %',
  )
})

test('a daily limit that was touched is locked, whatever came back since', () => {
  const resetsAt = Date.UTC(2026, 10, 20, 23)
  const limits = { limit: dollars(500), used: dollars(10), left: dollars(490), resetsAt }
  const line = lineOf({ daily: { ...limits, stage: 'locked', lockedUntil: resetsAt } })
  expect(line).toContain('Daily loss left touched: locked until 18:00 ET LOCKED of $500.00')
  expect(line).not.toContain('$490')
})

test('rules are written as a form holds them: dollars, percent, times, and nothing where no rule is', () => {
  expect(writeRules(topstepRules)).toMatchObject({
    startBalance: '50000',
    'drawdown.kind': 'trailing-eod',
    'drawdown.lockOffset': '',
    'drawdown.checkedIntraday': 'yes',
    'drawdown.includesOpen': '',
    'dailyLoss.amount': '1000',
    'dailyLoss.zone': 'America/Chicago',
    'maxContracts.scaling': '0 2\n1500 5',
    'consistency.percent': '50',
    payoutBuffer: '',
  })
  expect(writeAccount(evaluationAccount)).toMatchObject({
    'anchor.at': '2026-11-16 09:00',
    peak: '51612',
    watched: 'yes',
  })
})

test('a plan that is looked at fills the fields, opens its editor and names source, date and doubts', () => {
  const draft = { account: 'Sim101', preset: 'topstep-50k' }
  const html = String(<AccountsPage {...accountsProps(morning)} draft={draft} />)
  expect(html).toMatch(/<details id="edit-Sim101"[^>]* open=""/)
  expect(html).not.toMatch(/<details id="edit-TS[^>]* open/)
  expect(textOf(html)).toContain(
    'Topstep Combine 50K: from help.futures.topstep.com, in force since 2026-01-01, checked 2026-11-02. Check it with the firm. The daily loss limit is no longer part of every Combine.',
  )
  expect(html).toContain('Save SIM101 with Topstep Combine 50K')
  expect(presets).toHaveLength(2)
})

test('a refusal is told on top and beside its field, in its form alone', () => {
  const outcome = { form: 'limits', field: 'dailyLoss', reason: 'too-small' }
  const html = String(<SettingsPage {...settingsProps(morning)} outcome={outcome} />)
  expect(html).toContain('name="dailyLoss" aria-invalid="true" aria-describedby="limits-dailyLoss-refused"')
  expect(html).toContain('id="limits-dailyLoss-refused" class="refused">is too small<')
  expect(html.match(/aria-invalid/g)).toHaveLength(1)
  expect(textOf(html)).toContain('Not done. dailyLoss: is too small.')
})

test('a refused rule opens its account’s editor', () => {
  const outcome = { form: 'Sim101', field: 'drawdown.amount', reason: 'not-an-amount' }
  const html = String(<AccountsPage {...accountsProps(morning)} outcome={outcome} />)
  expect(html).toMatch(/<details id="edit-Sim101"[^>]* open=""/)
  expect(html).toContain('id="Sim101-drawdown_2eamount-refused" class="refused">must be an amount of dollars<')
  expect(html.match(/aria-invalid/g)).toHaveLength(1)
})

test('what was saved says since when it holds', () => {
  const outcome = { saved: 'limits', takesEffect: 'mixed' }
  expect(textOf(String(<SettingsPage {...settingsProps(morning)} outcome={outcome} />))).toContain(
    'Saved: limits. What is tighter holds now, what is looser from the next trade date on.',
  )
})

test('looser limits that wait say for when, and the trader’s own news is there to be changed', () => {
  const props = settingsProps(morning)
  const html = String(<SettingsPage {...props} settings={{ ...props.settings, waiting: { from: '2026-11-23' } }} />)
  expect(textOf(html)).toContain('Looser limits wait for the trade date 2026-11-23.')
  expect(html).toContain('2026-11-24 08:30 America/New_York | GDP | all</textarea>')
})

test('each form of the settings says when it takes effect', () => {
  const text = textOf(pageOf('settings', morning))
  for (const words of [
    'Limits at once',
    'Fees a side and contract, for fills from now on',
    'Phases of the day when the program starts again',
  ])
    expect(text).toContain(words)
  expect(text).toContain('14 Nov 20, 09:31 ET the trader limits daily loss $600 to $500')
})

test('the bridge’s token is shown only in the answer that was asked for', () => {
  expect(pageOf('bridge', busy)).not.toContain('class="token"')
  const shown = String(<BridgePage {...bridgeProps(busy)} setup={{ url: 'http://127.0.0.1:3000', token: 'kq3v9' }} />)
  expect(shown).toContain('<code class="token">kq3v9</code>')
})

test('the bridge page tells every connection and what became of each command', () => {
  const text = textOf(pageOf('bridge', busy))
  for (const words of [
    'Rithmic CONNECTED LOST',
    '13 flatten everything 09:34:07 FAILED not flat 240 ms',
    'ON: it may send orders',
  ])
    expect(text).toContain(words)
})

test('a question names everything, starts on the safe answer and sends a yes', () => {
  const html = String(<AskPage {...propsOf(busy)} asked={askKill(overTheLimit)} />)
  expect(textOf(html)).toContain('Flatten everything: 2 MGC, 3 MNQ on SIM101; 2 MES on TOPSTEP50?')
  expect(html).toMatch(/<form method="get" action="\/"><button type="submit" class="button" autofocus="">No/)
  expect(html).toContain('<input type="hidden" name="confirmed" value="yes"/>')
  expect(html).not.toContain('sse-connect')
})

test('an account with nothing open is not asked about, and a platform that is not heard is named', () => {
  expect(askFlatten(overTheLimit, 'Playback101')).toBeUndefined()
  expect(askFlatten(undefined, 'Sim101')).toBeUndefined()
  expect(askFlatten(twoPositions, 'Sim101')).toMatchObject({
    question: 'Flatten 2 MGC, 3 MNQ on SIM101?',
    action: '/accounts/Sim101/flatten',
  })
  expect(askKill(undefined).means.at(-1)).toBe('NinjaTrader is not heard now: look there as well.')
  expect(askLockout.fields).toEqual({ until: 'session-end' })
})
