import { expect, test } from 'vitest'
import { type Challenge, challenge } from './champion.ts'
import type { DayColumns } from './trial.ts'

const dates = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23']

const columnsOf = (r: readonly number[], trades: number): DayColumns => ({
  net: Float64Array.from(r, (each) => each * 1_000_000),
  r: Float64Array.from(r),
  rSquared: Float64Array.from(r, (each) => each * each),
  trades: Int32Array.from(r, () => trades),
  wins: Int32Array.from(r, () => 0),
})

/** A champion of 0.07 R a trade on the last five of six dates against a challenger of `r` over the five. */
const against = (r: readonly number[], over: Partial<Challenge> = {}, trades = 30): Challenge => ({
  champion: { parameters: { stop: 1 }, dates, days: columnsOf([99, 2, 2.2, 2.1, 2.1, 2.1], 30) },
  challenger: { parameters: { stop: 2 }, outOfSample: { dates: dates.slice(1), days: columnsOf(r, trades) } },
  failed: [],
  group: 'metals',
  date: '2026-11-23',
  ...over,
})
const better = [3.5, 3.7, 3.6, 3.6, 3.6]

test('a challenger past the margin takes over on the next trade date', () => {
  const decision = challenge(against(better))
  expect(decision.verdict).toBe('takes-over')
  expect(decision.effective).toBe('2026-11-24')
  expect(decision.words).toBe(
    'the challenger made 0.12 R a trade against 0.07 R over 150 trades: takes over on 2026-11-24',
  )
  expect(decision.champion).toEqual({ r: 0.07, trades: 150 })
  expect(decision.difference).toBeCloseTo(1.5, 12)
})

test('where nothing could be chosen the champion is kept, and the words say so', () => {
  const nothing = against(better)
  const decision = challenge({ ...nothing, challenger: { ...nothing.challenger, parameters: null } })
  expect([decision.verdict, decision.words]).toEqual([
    'nothing-chosen',
    'kept: the newest dates are too few to choose by',
  ])
})

test('a weekend moves the change to Monday', () => {
  expect(challenge(against(better, { date: '2026-11-20' })).effective).toBe('2026-11-23')
})

test('the margin itself is enough, less is not', () => {
  const equal = (r: number): readonly number[] => [r, r, r, r, r]
  expect(challenge(against(equal(3))).verdict).toBe('takes-over')
  const { verdict, effective, words } = challenge(against(equal(2.9)))
  expect([verdict, effective]).toEqual(['margin', null])
  expect(words).toBe('kept: the challenger made 0.10 R a trade against 0.07 R over 150 trades, not 0.03 R better')
})

test('one lucky date does not replace a champion', () => {
  const { verdict, standardError, words } = challenge(against([2, 2, 2, 2, 9]))
  expect(verdict).toBe('within-error')
  expect(standardError).toBeCloseTo(1.400357, 6)
  expect(words).toBe(
    'kept: the challenger made 0.11 R a trade against 0.07 R over 150 trades, but day by day the difference of 1.300 R is within 1 × its error of 1.400 R',
  )
})

test('a lead by trades that is none by days says so with a minus', () => {
  const busy = { parameters: { stop: 1 }, dates, days: columnsOf([3, 3, 3, 3, 3, 3], 60) }
  expect(challenge(against([2.4, 2.4, 2.4, 2.4, 2.6], { champion: busy })).words).toBe(
    'kept: the challenger made 0.08 R a trade against 0.05 R over 150 trades, but day by day the difference of −0.560 R is within 1 × its error of 0.040 R',
  )
})

test('few trades, a failed check or the same parameters keep the champion', () => {
  expect(challenge(against(better, {}, 19)).words).toBe('kept: 95 trades out of sample, 100 are asked for')
  expect(challenge(against(better, { failed: ['overfit-luck', 'double-costs'] })).words).toBe(
    'kept: the challenger failed luck of the best, costs doubled',
  )
  const { champion, challenger } = against(better)
  expect(challenge(against(better, { challenger: { ...challenger, parameters: champion.parameters } })).verdict).toBe(
    'same',
  )
})

test('a champion without a trade counts as nothing made', () => {
  const idle = { parameters: { stop: 1 }, dates, days: columnsOf([0, 0, 0, 0, 0, 0], 0) }
  expect(challenge(against(better, { champion: idle })).words).toBe(
    'the challenger made 0.12 R a trade against nothing over 150 trades: takes over on 2026-11-24',
  )
})
