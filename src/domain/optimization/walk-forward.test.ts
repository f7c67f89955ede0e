import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { addDays, weekdayOf } from '../instruments/zone.ts'
import type { SearchPlan } from './search.ts'
import { keyOf, type Parameters, type SearchSpace } from './search-space.ts'
import type { DayColumns, Trial } from './trial.ts'
import { searchForward, walkForward } from './walk-forward.ts'
import type { Walk, Walked } from './walk-forward-result.ts'

const space: SearchSpace = {
  stop: { words: 'Stop', kind: 'range', from: 1, to: 5, step: 1, default: 1 },
  goal: { words: 'Goal', kind: 'range', from: 1, to: 5, step: 1, default: 2 },
}

/** The weekdays of a stretch of days, both ends included. */
const weekdays = (from: string, to: string): readonly string[] => {
  const dates: string[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) if (weekdayOf(date) % 6 !== 0) dates.push(date)
  return dates
}

/** January to April: two months learned on, one tried on, two folds. */
const dates = weekdays('2026-01-01', '2026-04-30')
const walk: Walk = { space, dates, windows: { train: 2, test: 1, step: 1 }, objective: 'net', minimumTrades: 2 }

/** One trade a date of `rOf` R at $100 a unit; 0 is a date without one. */
const columnsOf = (rOf: (date: string, index: number) => number): DayColumns => {
  const r = dates.map(rOf)
  return {
    net: Float64Array.from(r, (each) => each * 1_000_000),
    r: Float64Array.from(r),
    rSquared: Float64Array.from(r, (each) => each * each),
    trades: Int32Array.from(r, (each) => (each === 0 ? 0 : 1)),
    wins: Int32Array.from(r, (each) => (each > 0 ? 1 : 0)),
  }
}

const trial = (number: number, parameters: Parameters, days: DayColumns): Trial => ({ number, parameters, days })
/** Made on each date of these months (1–4). */
const byMonth = (r: readonly number[]): DayColumns => columnsOf((date) => r[Number(date.slice(5, 7)) - 1] as number)

const walked = (outcome: Walked) => {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome
}

test('each window chooses what was best in it and is tried on the dates behind it', () => {
  const { walkForward: result } = walked(
    walkForward(walk, [
      trial(0, { stop: 1, goal: 2 }, byMonth([0.5, 0.5, 0.375, -2])),
      trial(1, { stop: 2, goal: 4 }, byMonth([0.125, 0.125, 1, 0.25])),
    ]),
  )
  const [first, second] = result.folds
  expect(first).toEqual({
    train: { from: '2026-01-01', to: '2026-02-27' },
    test: { from: '2026-03-02', to: '2026-03-31' },
    number: 0,
    parameters: { stop: 1, goal: 2 },
    inSample: { net: 21_000_000, r: 0.5, trades: 42, score: 21_000_000 },
    outOfSample: { net: 8_250_000, r: 0.375, trades: 22, score: 8_250_000 },
    retention: 0.75,
    drift: null,
  })
  expect([second?.number, second?.test]).toEqual([1, { from: '2026-04-01', to: '2026-04-30' }])
  // 20 trades of 0.125 R and 22 of 1 R: 24.5 R in 42 trades.
  expect(second?.retention).toBeCloseTo(0.25 / (24.5 / 42), 12)
  expect(second?.drift).toEqual({ shares: { stop: 0.25, goal: 0.5 }, alerts: ['goal'] })
  expect(result.drifted).toBe(true)
  expect(result.next).toEqual({
    train: { from: '2026-03-02', to: '2026-04-30' },
    number: 1,
    parameters: { stop: 2, goal: 4 },
  })
})

test('retention over all folds is what was made by what was promised', () => {
  // 22 trades promised 0.5 R and made 0.4; 22 promised 0.45 (40 trades of 0.5 and 0.4 by month) and made 0.2.
  const { walkForward: result } = walked(
    walkForward(walk, [trial(0, { stop: 1, goal: 2 }, byMonth([0.5, 0.5, 0.4, 0.2]))]),
  )
  const promised = 22 * 0.5 + (22 * (20 * 0.5 + 22 * 0.4)) / 42
  expect(result.retention).toBeCloseTo((22 * 0.4 + 22 * 0.2) / promised, 12)
  expect([result.retained, result.drifted]).toEqual([false, false])
  expect(result.outOfSample.trades).toBe(44)
})

test('a fold that lost in sample promises nothing and cannot flatter the others', () => {
  const { walkForward: result } = walked(
    walkForward(walk, [trial(0, { stop: 1, goal: 2 }, byMonth([-1.2, 0.2, 0.5, -0.1]))]),
  )
  expect(result.folds.map(({ retention }) => retention === null)).toEqual([true, false])
  const inSample = (20 * 0.2 + 22 * 0.5) / 42
  expect(result.retention).toBeCloseTo((22 * 0.5 - 22 * 0.1) / (22 * inSample), 12)
})

test('a share of nearly nothing is none, in a fold and over all of them', () => {
  const barely = trial(0, { stop: 1, goal: 2 }, byMonth([0.001, 0.001, 0.04, 0.5]))
  const { walkForward: result } = walked(walkForward(walk, [barely]))
  expect(result.folds.map(({ inSample }) => (inSample.r ?? 0).toFixed(3))).toEqual(['0.001', '0.021'])
  expect(result.folds.map(({ retention }) => retention)).toEqual([null, null])
  expect([result.retention, result.retained]).toEqual([null, false])
})

test('a fold that promised nearly nothing counts with what it made among those that promised enough', () => {
  const { walkForward: result } = walked(
    walkForward(walk, [trial(0, { stop: 1, goal: 2 }, byMonth([0.01, 0.01, 0.5, 0.2]))]),
  )
  const inSample = (20 * 0.01 + 22 * 0.5) / 42
  expect(result.folds[0]?.retention).toBeNull()
  expect(result.folds[1]?.retention).toBeCloseTo(0.2 / inSample, 12)
  expect(result.retention).toBeCloseTo((22 * 0.5 + 22 * 0.2) / (22 * 0.01 + 22 * inSample), 12)
})

test('nothing promised at all is not retained', () => {
  const { walkForward: result } = walked(walkForward(walk, [trial(0, { stop: 1, goal: 2 }, byMonth([-1, -1, -1, 5]))]))
  expect([result.retention, result.retained]).toEqual([null, false])
})

test('a window in which no set traded enough chooses none and stays flat', () => {
  const { walkForward: result, outOfSample } = walked(
    walkForward(walk, [trial(0, { stop: 1, goal: 2 }, byMonth([0, 0, 1, 2]))]),
  )
  expect(result.folds.map(({ number, outOfSample: { trades } }) => [number, trades])).toEqual([
    [null, 0],
    [0, 22],
  ])
  expect([...outOfSample.days.net].filter((net) => net !== 0).length).toBe(22)
})

test('the dates tried on are joined, each judged once', () => {
  const overlapping: Walk = { ...walk, windows: { train: 1, test: 2, step: 1 } }
  const { walkForward: result, outOfSample } = walked(
    walkForward(overlapping, [
      trial(0, { stop: 1, goal: 2 }, byMonth([9, 1, 1, 1])),
      trial(1, { stop: 2, goal: 2 }, byMonth([1, 9, 2, 2])),
    ]),
  )
  expect(result.folds.map(({ number }) => number)).toEqual([0, 1])
  expect(outOfSample.dates).toEqual(weekdays('2026-02-01', '2026-04-30').slice(-outOfSample.dates.length))
  expect(new Set(outOfSample.dates).size).toBe(outOfSample.dates.length)
  const monthly = ['02', '03', '04'].map((month) =>
    outOfSample.days.r.filter((_, row) => outOfSample.dates[row]?.slice(5, 7) === month).join(),
  )
  expect(monthly.map((rs) => [...new Set(rs.split(','))].join())).toEqual(['1', '2', '2'])
})

test('a history of less than a fold says how many dates it takes', () => {
  expect(walkForward({ ...walk, dates: dates.slice(50) }, [])).toEqual({ ok: false, reason: 'too-short', needs: 64 })
  expect(searchForward({ ...walk, dates: dates.slice(50) }, plan('grid', 12)).next()).toEqual({
    done: true,
    value: { ok: false, reason: 'too-short', needs: 64 },
  })
})

const plan = (method: SearchPlan['method'], budget: number): Omit<SearchPlan, 'space'> => ({
  method,
  budget,
  round: 3,
  chance: (key) => createStream(7, key).uniform,
})

/** What a set makes on each date: noise of its own, fixed by the seed. */
const noiseOf =
  (seed: number) =>
  ({ stop = 0, goal = 0 }: Parameters): DayColumns => {
    const { normal } = createStream(seed, stop, goal)
    return columnsOf(() => normal())
  }

/** Searches to the end, counting what was tried. */
const searched = (
  evaluate: (parameters: Parameters) => DayColumns,
  method: SearchPlan['method'],
  own = walk,
  budget = 12,
) => {
  const run = searchForward(own, plan(method, budget))
  const tried: Parameters[] = []
  let step = run.next()
  while (!step.done) {
    tried.push(...step.value)
    step = run.next(step.value.map(evaluate))
  }
  return { ...walked(step.value), tried }
}

test('a search of its own in each window tries no set twice', () => {
  const { tried, walkForward: result } = searched(noiseOf(1), 'model', walk, 20)
  expect(new Set(tried.map(keyOf)).size).toBe(tried.length)
  // Of the 25 sets each of three windows tries 20: more than one alone, fewer than three apart.
  expect([tried.length > 20, tried.length <= 25]).toEqual([true, true])
  for (const { number, parameters } of result.folds) expect(tried[number as number]).toEqual(parameters)
})

test('of equal sets the first is chosen', () => {
  const days = byMonth([1, 1, 1, 1])
  const { walkForward: result } = walked(
    walkForward(walk, [trial(0, { stop: 3, goal: 3 }, days), trial(1, { stop: 4, goal: 4 }, days)]),
  )
  expect(result.folds.map(({ number }) => number)).toEqual([0, 0])
})

test('where the sets do not hang on results the search gives what the trials give', () => {
  for (const method of ['grid', 'random'] as const) {
    const { tried, ...rest } = searched(noiseOf(2), method)
    const trials = tried.map((parameters, number) => trial(number, parameters, noiseOf(2)(parameters)))
    expect(walkForward(walk, trials)).toEqual(rest)
  }
})

test('the same walk is made by whoever tries the sets, byte for byte', () => {
  const told = JSON.stringify(searched(noiseOf(3), 'model').walkForward)
  expect(JSON.stringify(searched(noiseOf(3), 'model').walkForward)).toBe(told)
  expect(JSON.parse(told)).toEqual(searched(noiseOf(3), 'model').walkForward)
})

/** Rows from `from` on replaced by others. */
const changed = (days: DayColumns, others: DayColumns, from: number): DayColumns => {
  const mixed = <T extends Float64Array | Int32Array>(own: T, other: T): T =>
    own.map((value, date) => (date < from ? value : (other[date] as number))) as T
  return {
    net: mixed(days.net, others.net),
    r: mixed(days.r, others.r),
    rSquared: mixed(days.rSquared, others.rSquared),
    trades: mixed(days.trades, others.trades),
    wins: mixed(days.wins, others.wins),
  }
}

const choices = ({ walkForward: { folds } }: { readonly walkForward: { readonly folds: readonly object[] } }) =>
  folds.map((fold) =>
    JSON.stringify([(fold as { parameters: unknown }).parameters, (fold as { inSample: unknown }).inSample]),
  )

test('nothing after the end of a training window changes what was chosen in it', () => {
  const own: Walk = { ...walk, windows: { train: 1, test: 0.5, step: 0.5 } }
  const ends = walked(walkForward(own, [])).walkForward.folds.map(({ train }) => dates.indexOf(train.to) + 1)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.nat({ max: ends.length - 1 }),
      fc.constantFrom('grid', 'random', 'model'),
      fc.constantFrom('expectancy', 'net', 'sharpe'),
      (seed, fold, method, objective) => {
        const other = (parameters: Parameters): DayColumns =>
          changed(noiseOf(seed)(parameters), noiseOf(seed + 1)(parameters), ends[fold] as number)
        const before = choices(searched(noiseOf(seed), method, { ...own, objective }))
        const after = choices(searched(other, method, { ...own, objective }))
        expect(after.slice(0, fold + 1)).toEqual(before.slice(0, fold + 1))
      },
    ),
    { numRuns: 60 },
  )
})
