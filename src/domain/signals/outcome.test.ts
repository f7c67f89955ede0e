import { expect, test } from 'vitest'
import { type DrawnCard, outcomeOf } from './outcome.ts'
import type { CardTransition } from './transition.ts'

const components = [
  { name: 'waves', points: 20, max: 25, why: 'ratio 1.80' },
  { name: 'momentum', points: 5, max: 15, why: 'AO not on the side' },
] as const
const long: DrawnCard = {
  id: '2026-11-20-MES-1',
  instrument: 'MES',
  side: 'long',
  zone: { low: 6650, high: 6651 },
  stop: 6647,
  target1: 6655,
  target2: 6659,
  quality: 62.5,
  tradeDate: '2026-11-20',
  drawnAt: 1_000,
  components,
}
const short: DrawnCard = { ...long, side: 'short', stop: 6654, target1: 6646, target2: 6642 }

/** A card's transitions, a second apart from 2,000 on, each to a state at a price. */
const path = (...steps: readonly (readonly [CardTransition['to'], number])[]): readonly CardTransition[] =>
  steps.map(([to, price], i) => ({
    cardId: long.id,
    instrument: 'MES',
    tradeDate: long.tradeDate,
    side: long.side,
    from: 'watching',
    to,
    at: 2_000 + 1_000 * i,
    price,
  }))

test('a card that reaches its first target before its stop is won, whatever comes after', () => {
  const won = outcomeOf(long, path(['near', 6652], ['triggered', 6650.5], ['target-1', 6655], ['stopped', 6647]))
  // From 6650.50 to 6655, of a risk from 6651 to 6647.
  expect(won).toEqual({
    cardId: '2026-11-20-MES-1',
    instrument: 'MES',
    tradeDate: '2026-11-20',
    side: 'long',
    quality: 62.5,
    components,
    grade: 'A',
    drawnAt: 1_000,
    enteredAt: 3_000,
    endedAt: 4_000,
    endedAs: 'target-1',
    won: true,
    r: 1.125,
  })
})

test('one that is stopped is lost, a little less than its risk as it entered at the middle', () => {
  const lost = outcomeOf(short, path(['triggered', 6650.5], ['stopped', 6654]))
  expect(lost).toMatchObject({ endedAs: 'stopped', won: false, r: -0.875 })
})

test('one that is open at flat-by is not won, and tells what it had made by then', () => {
  const flat = outcomeOf(short, path(['triggered', 6650.5], ['expired', 6648.5]))
  expect(flat).toMatchObject({ endedAs: 'expired', won: false, r: 0.5, endedAt: 3_000 })
})

test('one that nobody entered has no R', () => {
  const never = outcomeOf(long, path(['near', 6652], ['invalid', 6647]))
  expect(never).toMatchObject({ endedAs: 'invalid', won: false, endedAt: 3_000 })
  expect(never).not.toHaveProperty('r')
  expect(never).not.toHaveProperty('enteredAt')
})

test('one that still runs has no outcome, and one of unknown parts no grade', () => {
  expect(outcomeOf(long, path(['triggered', 6650.5]))).toBeUndefined()
  expect(outcomeOf({ ...long, components: [] }, path(['invalid', 6647]))).not.toHaveProperty('grade')
})
