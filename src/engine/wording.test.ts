import { expect, test } from 'vitest'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { dollars } from '#src/domain/money.ts'
import { drawCard } from '#src/domain/signals/card.ts'
import { type CardState, cardStates } from '#src/domain/signals/focus-card.ts'
import { judgementOf, longReading } from '#src/testing/readings.ts'
import { cardAlert, drawnLine } from './wording.ts'

const spec = specOf('MES')
const place = { spec, contract: 'MES Z3', tradeDate: '2013-10-09', sizedBy: { cap: dollars(375), fee: dollars(0.62) } }
const card = drawCard(judgementOf(longReading({ vwap: 4998 })), 'long', place, 1)
const textOf = (to: CardState, price: number, cause?: 'left-behind' | 'stop-before-entry' | 'bias-lost' | 'flat-by') =>
  cardAlert(spec, card, { to, price, ...(cause && { cause }) }, 1000)?.text

test('an alert names market, side, state and price', () => {
  expect(cardAlert(spec, card, { to: 'triggered', price: 4998 }, 1000)).toEqual({
    key: '2013-10-09-MES-1:triggered',
    kind: 'card',
    severity: 'urgent',
    instrument: 'MES',
    at: 1000,
    text: 'S&P 500 LONG triggered at 4,998.00',
  })
})

test('an end by other than price says why', () => {
  expect(textOf('invalid', 4990.25, 'stop-before-entry')).toBe(
    'S&P 500 LONG is no longer valid: the stop traded before the entry at 4,990.25',
  )
  expect(textOf('invalid', 5010, 'left-behind')).toBe(
    'S&P 500 LONG is no longer valid: price left the zone behind at 5,010.00',
  )
  expect(textOf('expired', 5000, 'flat-by')).toBe('S&P 500 LONG expired at flat-by at 5,000.00')
})

test('falling back to watching is no news; every other state is, at its own urgency', () => {
  const severities = cardStates.map((to) => [to, cardAlert(spec, card, { to, price: 1 }, 0)?.severity])
  expect(severities).toEqual([
    ['watching', undefined],
    ['near', 'notice'],
    ['in-zone', 'urgent'],
    ['triggered', 'urgent'],
    ['target-1', 'notice'],
    ['target-2', 'notice'],
    ['stopped', 'urgent'],
    ['invalid', 'notice'],
    ['expired', 'quiet'],
  ])
})

test('a drawn card is one line', () => {
  expect(drawnLine(spec, card)).toBe('S&P 500 LONG 4,997.25–4,998.75, stop 4,994.25')
})
