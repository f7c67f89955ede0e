import { expect, test } from 'vitest'
import type { Undrawn } from '#src/domain/odds-reading.ts'
import type { Picture } from '#src/domain/picture.ts'
import { accountReadings } from '#src/testing/accounts.ts'
import { oddsReading } from '#src/testing/odds.ts'
import { pageOf } from '#src/testing/pages.tsx'
import { goldInZone, morning } from '#src/testing/world.ts'
import { renderTopic } from '../fragments.tsx'
import { CardOdds } from './odds.tsx'

const account = Object.values(accountReadings).find(({ accounts }) => accounts.length === 3)
const picture: Partial<Picture> = { ...morning, ...(account && { account }), odds: oddsReading }

const wordsOf = (html: string): string => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')
const rowOf = (html: string, name: string): string =>
  wordsOf(new RegExp(`<tr id="odds-${name}".*?</tr>`).exec(html)?.[0] ?? '')

test('an evaluation’s odds stand under its row, with where the days come from', () => {
  expect(rowOf(pageOf('accounts', picture), 'TS_2d50K_2d8841')).toBe(
    'Firm’s odds pass 62 % ± 0.3, half of them within 14 traded days · break 31 % · still running after 60 traded days 7 % · $412.50 paid out on average, 38 % with a payoutfrom 48 own days; 20,000 paths, reckoned 09:40 ET',
  )
})

test('where nothing can be passed or paid out the chance to break is told with its error', () => {
  expect(rowOf(pageOf('accounts', picture), 'Sim101')).toBe(
    'Firm’s odds break 12 % ± 0.2 · still running after 60 traded days 88 %from a backtest of the focus plan in MGC: 181 traded of 230 dates; 20,000 paths, reckoned 09:40 ET',
  )
})

test('of next to no paths that pass nobody says when', () => {
  const chances = {
    pass: 0.002,
    bust: 0.9,
    running: 0.098,
    medianDays: 51,
    standardError: 0.0003,
    from: 'from 20 own days',
  }
  const accounts = [{ account: 'Sim101', alias: 'SIM101', chances }]
  expect(rowOf(pageOf('accounts', { ...picture, odds: { ...oddsReading, accounts } }), 'Sim101')).toContain(
    'pass 0 % ± 0.0 · break 90 %',
  )
})

test('an account without days, broken or passed says so instead of a number', () => {
  const wordsFor = (undrawn: Undrawn): string => {
    const accounts = [{ account: 'Sim101', alias: 'SIM101', undrawn }]
    return rowOf(pageOf('accounts', { ...picture, odds: { ...oddsReading, accounts } }), 'Sim101')
  }
  expect((['no-days', 'broken', 'passed'] as const).map(wordsFor)).toEqual([
    'Firm’s odds not known yet: no days to draw from',
    'Firm’s odds the account is broken',
    'Firm’s odds passed: nothing is missing any more',
  ])
})

test('before anything is reckoned, and for an account that is not watched, there is no row', () => {
  const { odds: _, ...before } = picture
  expect(pageOf('accounts', before)).not.toContain('id="odds-')
  expect(pageOf('accounts', picture)).not.toContain('id="odds-Playback101"')
})

test('a card’s case says what taking it would do, and nothing of an account where that could be chance', () => {
  expect(wordsOf(String(<CardOdds odds={oddsReading} card={goldInZone} />))).toBe(
    'Firm’s oddsTOPSTEP50: taking this card with 3 MGC moves pass 62 % → 58 % (± 0.2)',
  )
  expect(CardOdds({ odds: oddsReading, card: { ...goldInZone, id: '2026-11-20-MGC-2' } })).toBeNull()
})

test('new odds repaint the table, or the cards of the plan with their cases', () => {
  const tops = (html: string): readonly string[] =>
    [...html.matchAll(/<(?:section|article)[^>]* id="([^"]+)"[^>]* hx-swap-oob="morph"/g)].map(([, id]) => id ?? '')
  expect(tops(renderTopic('odds', picture, 'accounts'))).toEqual(['account-table'])
  const cards = renderTopic('odds', picture, 'terminal')
  expect(tops(cards).toSorted()).toEqual((morning.plan.places ?? []).map((id) => `focus-${id}`).toSorted())
  expect(cards).toContain('moves pass 62 % → 58 %')
  expect(pageOf('terminal', picture)).toContain(renderTopic('focus:MGC', picture, 'terminal', false))
})
