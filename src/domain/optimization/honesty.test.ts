import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { dollars } from '../money.ts'
import { deflatedSharpe, sharpeOf } from './deflated-sharpe.ts'
import { type HonestyInput, honestyChecks, honestyOf } from './honesty.ts'
import { overfittingOf } from './overfitting.ts'
import { realityCheck } from './permutation.ts'

const good: HonestyInput = {
  trades: 143,
  retention: 0.82,
  deflatedSharpe: 0.97,
  overfitting: 0.12,
  permutation: 0.004,
  randomEntry: 0.01,
  expectancy: 0.12,
  baselines: [
    { name: 'RSI', expectancy: -0.05 },
    { name: 'SMA cross', expectancy: 0.02 },
  ],
  net: dollars(2_400),
  doubledNet: dollars(900),
}

test('what passes every check says so, each with its number and its line', () => {
  const { passed, failed, words, checks } = honestyOf(good)
  expect([passed, failed, words]).toEqual([true, [], 'passed every check'])
  expect(checks.map(({ name, value, threshold }) => [name, value, threshold])).toEqual([
    ['trades', 143, 100],
    ['retention', 0.82, 0.7],
    ['overfit-luck', 0.97, 0.95],
    ['overfit-choice', 0.12, 0.5],
    ['permutation', 0.004, 0.05],
    ['random-entry', 0.01, 0.05],
    ['baselines', expect.closeTo(0.1, 12), 0],
    ['double-costs', dollars(900), 0],
  ])
  expect(checks.map((check) => check.words)).toEqual([
    '143 trades out of sample, 100 are asked for',
    'keeps 82 % of its edge out of sample, 70 % is asked for',
    'better than the luck of the best of all that was tried with 97 %, 95 % is asked for',
    'the best of the past is below the middle afterwards in 12 % of splits, at most 50 % may be',
    'chance does as well with 0.004, at most 0.05 may be',
    'random entries do as well with 0.010, at most 0.05 may be',
    '0.12 R a trade against 0.02 R of SMA cross',
    '$900 at twice the costs, $2,400 as they are',
  ])
})

test.each<[string, Partial<HonestyInput>]>([
  ['trades', { trades: 99 }],
  ['retention', { retention: 0.69 }],
  ['overfit-luck', { deflatedSharpe: 0.94 }],
  ['overfit-choice', { overfitting: 0.51 }],
  ['permutation', { permutation: 0.051 }],
  ['random-entry', { randomEntry: 0.06 }],
  ['baselines', { baselines: [{ name: 'SMA cross', expectancy: 0.12 }] }],
  ['double-costs', { doubledNet: 0 }],
])('%s alone refuses, by its name', (name, bad) => {
  expect(honestyOf({ ...good, ...bad })).toMatchObject({ passed: false, failed: [name] })
})

test('a share below nothing has a minus, and none where it rounds to nothing', () => {
  const words = (retention: number) => honestyOf({ ...good, retention }).checks[1]?.words
  expect(words(-1.12)).toBe('keeps −112 % of its edge out of sample, 70 % is asked for')
  expect(words(-0.004)).toBe('keeps 0 % of its edge out of sample, 70 % is asked for')
})

test('what is on its line passes', () => {
  const onTheLine = { trades: 100, retention: 0.7, deflatedSharpe: 0.95, overfitting: 0.5, permutation: 0.05 }
  expect(honestyOf({ ...good, ...onTheLine, randomEntry: 0.05, doubledNet: 1 }).failed).toEqual([])
})

test('what is not known is not passed', () => {
  const nothing = honestyOf({
    ...{ trades: 0, retention: null, deflatedSharpe: Number.NaN, overfitting: null, permutation: null },
    ...{ randomEntry: Number.NaN, expectancy: null, baselines: [], net: 0, doubledNet: null },
  })
  expect(nothing.failed).toEqual(honestyChecks)
  expect(JSON.parse(JSON.stringify(nothing))).toEqual(nothing)
})

/** 400 trials of noise over a number of days; an edge is the daily Sharpe ratio given to one of them. */
const trialsOf = (seed: number, days: number, edges: Readonly<Record<number, number>> = {}): Float64Array[] => {
  const { normal } = createStream(seed)
  return Array.from({ length: 400 }, (_, t) =>
    Float64Array.from({ length: days }, () => 100 * (normal() + (edges[t] ?? 0))),
  )
}

/** The best of the trials, before the tests that look at how it was found. */
const judge = (rows: readonly Float64Array[], seed: number) => {
  const ratios = rows.map((row) => sharpeOf(row).ratio)
  const best = ratios.indexOf(Math.max(...ratios))
  const permutation = realityCheck(rows, { runs: 199, random: createStream(seed, 1).uniform }).p
  const luck = { deflatedSharpe: deflatedSharpe(rows, best).probability, permutation }
  return { best, ...honestyOf({ ...good, ...luck, overfitting: overfittingOf(rows).probability }) }
}

test('a planted overfit, the best of 400 of pure noise, is refused by name in each of eight markets', () => {
  const verdicts = Array.from({ length: 8 }, (_, seed) => judge(trialsOf(seed, 250), seed))
  expect(verdicts.filter(({ passed }) => passed)).toEqual([])
  expect(verdicts.map(({ failed }) => failed.some((name) => name.startsWith('overfit')))).toEqual(Array(8).fill(true))
})

test('a planted edge among 399 of noise is found and passes', () => {
  expect(judge(trialsOf(21, 500, { 250: 0.27 }), 21)).toMatchObject({ best: 250, passed: true, failed: [] })
})
