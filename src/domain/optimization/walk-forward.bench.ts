import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { Row } from '#src/testing/bench.ts'
import { addDays, weekdayOf } from '../instruments/zone.ts'
import { createSearch, type Scored } from './search.ts'
import type { Parameters, SearchSpace } from './search-space.ts'
import type { DayColumns, Trial } from './trial.ts'
import { walkForward } from './walk-forward.ts'

/** Choosing and trying parameters over a year: 400 sets of four parameters, 250 trade dates. */
export const name = 'Walk-forward'

const sets = 400
const count = 250
const rounds = 20

const dates: string[] = []
for (let date = '2025-12-05'; dates.length < count; date = addDays(date, 1)) {
  if (weekdayOf(date) % 6 !== 0) dates.push(date)
}

const axis = { words: '', kind: 'range', from: 1, to: 12, step: 1, default: 6 } as const
const space: SearchSpace = { a: axis, b: axis, c: axis, d: axis }

const daysOf = (seed: number): DayColumns => {
  const { normal } = createStream(seed)
  const r = Float64Array.from(dates, normal)
  return {
    net: r.map((each) => Math.round(each * 1_000_000)),
    r,
    rSquared: r.map((each) => each * each),
    trades: Int32Array.from(r, () => 2),
    wins: Int32Array.from(r, (each) => (each > 0 ? 1 : 0)),
  }
}

/** Median of some runs, ms, and something of what they made, so that none is left out. */
const timed = (run: () => number): { readonly ms: number; readonly made: number } => {
  let made = 0
  const took = Array.from({ length: rounds }, () => {
    const begin = performance.now()
    made += run()
    return performance.now() - begin
  }).sort((a, b) => a - b)
  return { ms: took[rounds / 2] as number, made }
}

const score = (parameters: Parameters): number => -Object.values(parameters).reduce((sum, v) => sum + (v - 9) ** 2, 0)

const proposed = (): number => {
  const chance = (key: number) => createStream(1, key).uniform
  const search = createSearch({ method: 'model', space, budget: sets, round: 20, chance })
  const results: Scored[] = []
  for (let round = search.propose(results); round.length > 0; round = search.propose(results)) {
    results.push(...round.map((parameters) => ({ parameters, score: score(parameters) })))
  }
  return results.length
}

export const run = async (): Promise<readonly Row[]> => {
  const trials = Array.from(
    { length: sets },
    (_, number): Trial => ({ number, parameters: { a: (number % 12) + 1, b: 1, c: 1, d: 1 }, days: daysOf(number) }),
  )
  const windows = { train: 6, test: 1, step: 1 }
  const walk = timed(() => {
    const walked = walkForward({ space, dates, windows, objective: 'expectancy', minimumTrades: 30 }, trials)
    return walked.ok ? walked.outOfSample.dates.length : 0
  })
  const model = timed(proposed)
  return [
    {
      what: `walk-forward over ${sets} sets × ${count} dates (${walk.made / rounds} dates out of sample)`,
      ours: `${walk.ms.toFixed(1)} ms (at most 50 ms)`,
    },
    { what: `${model.made / rounds} sets proposed by the model`, ours: `${model.ms.toFixed(1)} ms` },
  ]
}
