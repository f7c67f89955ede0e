import { describe, expect, test } from 'vitest'
import { judgementOf, longReading, quietSession, readAt, readingOf, swingAt } from '#src/testing/readings.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { drawBracket } from './bracket.ts'
import type { CardState } from './focus-card.ts'
import { lackingWords, whyOf } from './why.ts'

const spec = specOf('MES')

describe('the case of a card', () => {
  const reading = longReading({
    vwap: 4998,
    votes: [1, 1, -1],
    frame: { swingLows: [swingAt('low', 4991.25)] },
    session: {
      ...quietSession,
      evidence: [
        {
          pattern: 'failed-breakout',
          side: 'long',
          at: readAt,
          until: readAt + 3_600_000,
          level: 4990,
          reasons: ['traded 3 ticks below the prior-day low 4,990.00', 'closed back inside at 09:20 ET'],
        },
        { pattern: 'break-and-retest', side: 'short', at: readAt, until: readAt, level: 1, reasons: ['Held below R1'] },
      ],
    },
  })
  const judgement = judgementOf(reading)
  const { bracket } = drawBracket(reading, 'long', spec)
  const caseIn = (state: CardState) => whyOf({ judgement, side: 'long', spec, life: { bracket, state } })
  const why = caseIn('watching')

  test('tells what agrees, patterns first', () => {
    expect(why.agrees).toEqual([
      'Traded 3 ticks below the prior-day low 4,990.00; closed back inside at 09:20 ET.',
      'The bull waves are 2.50 times the bear waves.',
      'The awesome oscillator is above zero and moving on.',
      'Price is above the middle of its last 20 five-minute bars, 4,992.00.',
      '5m and 15m stand above the averages, 60m not.',
      'Last shift BOS long; failed breakout; zone rests on vwap.',
      'Volatility is medium, at percentile 0.50 of the last five days.',
      'The market trends with the side.',
    ])
  })
  test('and what disagrees', () => {
    expect(why.disagrees).toEqual(['Held below R1.'])
  })
  test('and what would change the mind', () => {
    expect(why.wouldChange).toEqual([
      'The stop 4,990.75 traded before an entry ends it.',
      'A five-minute close below 4,991.25, the last swing low, turns the structure.',
      `Quality below 40, or below the short side's, takes it away: now ${judgement.long.score} against ${judgement.short.score}.`,
      'Price more than 3 ATR from the zone leaves it behind.',
      'Volatility above percentile 0.88 leaves the market out.',
    ])
  })
  test('of one that was entered, what still can end it alone', () => {
    expect(caseIn('triggered').wouldChange).toEqual([
      'The stop 4,990.75 traded ends it.',
      'The first target 5,010.75 traded leaves the second, 5,022.75.',
      'Flat-by ends it at any price.',
    ])
    expect(caseIn('target-1').wouldChange[1]).toBe('The second target 5,022.75 traded ends it.')
  })
  test.each(['target-2', 'stopped', 'invalid', 'expired'] as const)(
    'and of one that is over (%s), nothing',
    (state) => {
      expect(caseIn(state).wouldChange).toEqual([])
    },
  )
})

test('a market without a card says what it lacks', () => {
  const judgement = judgementOf(readingOf({ frame: { swingHighs: [swingAt('high', 5006.5)] } }))
  const { wouldChange } = whyOf({ judgement, side: 'long', spec })
  expect(wouldChange).toEqual([
    `Quality of 45 for the long side: it has ${judgement.long.score}.`,
    'A lead of 10 over the other side: it has 0.0.',
    'A five-minute close above 5,006.50, the last swing high, turns the structure.',
  ])
})

test('the one thing a neutral market lacks is named, be it the waves alone', () => {
  const lackAt = (waveRatio: number) =>
    lackingWords({ judgement: judgementOf(longReading({ waveRatio })), side: 'long' })
  expect(lackAt(0.7)).toEqual([])
  expect(lackAt(0.55)).toEqual(['A wave ratio of 0.7: it has 0.55.'])
  expect(lackAt(Number.NaN)).toEqual(['Three waves of each side: fewer are known.'])
})

describe('the tape', () => {
  const delta = { minute: 4, session: -312, since: readAt, slope: -0.22, lean: 'bearish', basis: 'estimated' } as const
  const flow = { delta, relativeVolume: 1, spike: false }
  const judgement = judgementOf(longReading({ flow }))
  test('speaks for the side it leans to, and says where it is estimated', () => {
    const words = 'Sellers are ahead by 312 contracts, the last 15 minutes lean bearish (estimated).'
    expect(whyOf({ judgement, side: 'long', spec }).disagrees).toEqual([words])
    expect(whyOf({ judgement, side: 'short', spec }).agrees).toContain(words)
  })
})

test('a day unlike the last twenty speaks against any card', () => {
  const drift = {
    at: readAt,
    returns: { d: 0.3, p: 0.004, n: 150 },
    volume: { d: 0.1, p: 0.2, n: 150 },
    drifted: true,
  }
  const judgement = judgementOf(longReading({ session: { ...quietSession, drift } }))
  expect(whyOf({ judgement, side: 'long', spec }).disagrees).toEqual([
    'Today’s five-minute moves are unlike those of the last 20 days.',
  ])
})
