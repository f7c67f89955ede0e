import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { createSearch, type Scored, type SearchPlan } from './search.ts'
import { keyOf, type Parameters, type SearchSpace } from './search-space.ts'

const axis = (from: number, to: number, values: number, start = from): SearchSpace[string] => ({
  words: '',
  kind: 'range',
  from,
  to,
  step: (to - from) / (values - 1),
  default: start,
})

const small: SearchSpace = { a: axis(1, 3, 3, 2), b: { words: '', kind: 'choice', of: [10, 20], default: 20 } }
const wide: SearchSpace = { a: axis(0, 9, 10, 4), b: axis(0, 9, 10, 4), c: axis(0, 9, 10, 4) }

const plan = (over: Partial<SearchPlan>, seed = 1): SearchPlan => ({
  method: 'grid',
  space: small,
  budget: 100,
  round: 4,
  chance: (key) => createStream(seed, key).uniform,
  ...over,
})

/** Everything a search tries, scored by `score` round by round. */
const tried = (own: SearchPlan, score: (parameters: Parameters) => number): readonly Scored[] => {
  const results: Scored[] = []
  const search = createSearch(own)
  for (let round = search.propose(results); round.length > 0; round = search.propose(results)) {
    results.push(...round.map((parameters) => ({ parameters, score: score(parameters) })))
  }
  return results
}

const keysOf = (results: readonly Scored[]): readonly string[] => results.map(({ parameters }) => keyOf(parameters))
const sum = (parameters: Parameters): number => Object.values(parameters).reduce((total, value) => total + value, 0)

test('a grid tries all combinations in order, the defaults before them', () => {
  expect(keysOf(tried(plan({}), sum))).toEqual(['a=2 b=20', 'a=1 b=10', 'a=1 b=20', 'a=2 b=10', 'a=3 b=10', 'a=3 b=20'])
  expect(createSearch(plan({})).words).toBe('all 6 combinations')
})

test('a grid beyond its budget is thinned evenly on every axis, and says so', () => {
  const search = createSearch(plan({ space: wide, budget: 100, round: 1000 }))
  const sets = search.propose([])
  expect(search.words).toBe(
    '97 of 1,000 combinations: the parameters thinned evenly to 6 × 4 × 4 values, and the defaults',
  )
  expect([sets.length, search.sets, search.of]).toEqual([97, 97, 1000])
  expect([...new Set(sets.slice(1).map(({ a }) => a))]).toEqual([0, 2, 4, 5, 7, 9])
})

test('whatever the method a space within the budget is tried whole, and no set twice', () => {
  for (const method of ['grid', 'random', 'model'] as const) {
    expect(new Set(keysOf(tried(plan({ method }), sum))).size).toBe(6)
    const keys = keysOf(tried(plan({ method, space: wide, budget: 60 }), sum))
    expect(keys.length).toBe(method === 'grid' ? 49 : 60)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys[0]).toBe('a=4 b=4 c=4')
  }
})

test('nearly every set of a space is drawn without an end', () => {
  expect(new Set(keysOf(tried(plan({ method: 'random', budget: 5 }), sum))).size).toBe(5)
  expect(new Set(keysOf(tried(plan({ method: 'model', budget: 5, round: 1 }), sum))).size).toBe(5)
})

test('a search taken up from its stored results proposes what it would have proposed', () => {
  for (const method of ['random', 'model'] as const) {
    const own = plan({ method, space: wide, budget: 80, round: 8 })
    const all = tried(own, sum)
    for (const rounds of [0, 3, 7, 9]) {
      const stored = JSON.parse(JSON.stringify(all.slice(0, 8 * rounds))) as readonly Scored[]
      expect(createSearch(own).propose(stored)).toEqual(
        all.slice(8 * rounds, 8 * rounds + 8).map((one) => one.parameters),
      )
    }
    expect(createSearch(own).propose(all)).toEqual([])
  }
})

test('another seed draws other sets', () => {
  const own = { method: 'model', space: wide, budget: 40 } as const
  expect(keysOf(tried(plan(own, 2), sum))).not.toEqual(keysOf(tried(plan(own, 1), sum)))
})

test('sets that could not be judged repel the model like the worst', () => {
  const score = (parameters: Parameters): number => ((parameters['a'] as number) < 5 ? Number.NaN : sum(parameters))
  const unjudged = (method: 'model' | 'random'): number =>
    tried(plan({ method, space: wide, budget: 120 }), score).filter((one) => Number.isNaN(one.score)).length
  expect([unjudged('random'), unjudged('model')]).toEqual([67, 22])
})

/** Branin's function (Dixon & Szegö 1978), upside down. */
const branin = ({ x = 0, y = 0 }: Parameters): number => {
  const valley = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6
  return -(valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10)
}

type Hill = { readonly height: number; readonly steepness: readonly number[]; readonly at: readonly number[] }

/** Hartmann's functions (Dixon & Szegö 1978): four hills. */
const hartmann =
  (hills: readonly Hill[]) =>
  (parameters: Parameters): number => {
    const place = Object.values(parameters)
    return hills.reduce((total, { height, steepness, at }) => {
      const away = place.reduce((sum, v, i) => sum + (steepness[i] ?? 0) * (v - (at[i] ?? 0)) ** 2, 0)
      return total + height * Math.exp(-away)
    }, 0)
  }

const hartmann3 = hartmann([
  { height: 1, steepness: [3, 10, 30], at: [0.3689, 0.117, 0.2673] },
  { height: 1.2, steepness: [0.1, 10, 35], at: [0.4699, 0.4387, 0.747] },
  { height: 3, steepness: [3, 10, 30], at: [0.1091, 0.8732, 0.5547] },
  { height: 3.2, steepness: [0.1, 10, 35], at: [0.0381, 0.5743, 0.8828] },
])
const hartmann6 = hartmann([
  { height: 1, steepness: [10, 3, 17, 3.5, 1.7, 8], at: [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886] },
  { height: 1.2, steepness: [0.05, 10, 17, 0.1, 8, 14], at: [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991] },
  { height: 3, steepness: [3, 3.5, 1.7, 10, 17, 8], at: [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665] },
  { height: 3.2, steepness: [17, 8, 0.05, 10, 0.1, 14], at: [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381] },
])

const flat: SearchSpace = { x: axis(-5, 10, 31), y: axis(0, 15, 31) }
const cube = (names: string, values: number): SearchSpace =>
  Object.fromEntries([...names].map((name) => [name, axis(0, 1, values)]))

type Contest = {
  readonly space: SearchSpace
  readonly budget: number
  readonly round: number
  readonly score: (parameters: Parameters) => number
  /** Standard deviation of what is added to each score; the winner is judged without it. */
  readonly noise: number
}

/** In how many of 30 seeds the model ends with a better set than drawing at random, and in how many with a worse. */
const contest = ({ space, budget, round, score, noise }: Contest): readonly [number, number] => {
  const reached = (method: 'model' | 'random', seed: number): number => {
    const { normal } = createStream(seed, 999)
    const results = tried(plan({ method, space, budget, round }, seed), (own) => score(own) + noise * normal())
    return score(results.reduce((best, each) => (each.score > best.score ? each : best)).parameters)
  }
  const leads = Array.from({ length: 30 }, (_, i) => reached('model', i + 1) - reached('random', i + 1))
  return [leads.filter((lead) => lead > 0).length, leads.filter((lead) => lead < 0).length]
}

test('the model beats drawing at random on Branin in 60 of 961 sets', () => {
  expect(contest({ space: flat, budget: 60, round: 8, score: branin, noise: 0 })).toEqual([24, 2])
})

test('the model beats drawing at random on three dimensions of Hartmann in 100 of 3,375 sets', () => {
  expect(contest({ space: cube('abc', 15), budget: 100, round: 10, score: hartmann3, noise: 0 })).toEqual([25, 2])
})

test('the model beats drawing at random on six dimensions of Hartmann in 150 of 531,441 sets', () => {
  expect(contest({ space: cube('abcdef', 9), budget: 150, round: 15, score: hartmann6, noise: 0 })).toEqual([29, 1])
})

test('the model beats drawing at random where noise is as large as the spread of the scores', () => {
  expect(contest({ space: cube('abcdef', 9), budget: 150, round: 15, score: hartmann6, noise: 0.35 })).toEqual([22, 8])
})
