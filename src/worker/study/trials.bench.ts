import { Worker } from 'node:worker_threads'
import { historyOf, sharedColumn } from '#src/domain/backtest/history.ts'
import { smaCross } from '#src/domain/backtest/strategies/sma-cross.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { toColumns } from '#src/domain/market/series.ts'
import { dollars } from '#src/domain/money.ts'
import { createSearch } from '#src/domain/optimization/search.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { createChance, randomBars } from '#src/testing/bars.ts'
import type { Row } from '#src/testing/bench.ts'
import { createPool, type Pool } from '../threads/pool.ts'
import { disciplineOf, termsOf } from './house-rules.ts'
import type { TrialSeed } from './trial-tasks.ts'

/** A year of minutes, crossing averages with stop, target and costs, on one thread and on two. */
export const name = 'Optimisation: 400 combinations × 345,000 bars'

const bars = 345_000
const combinations = 400
/** As blocks off the queue are. */
const atOnce = 8
const rounds = 8

const spec = specOf('MGC')

const seed: TrialSeed = {
  ...{ instrument: 'MGC', strategy: smaCross.name, prepared: {}, dataHash: 'bench', accountSize: dollars(50_000) },
  history: historyOf(spec, toColumns(randomBars(1, bars)), sharedColumn),
  terms: termsOf(spec, defaultLimits),
  discipline: disciplineOf(defaultBoundaries, defaultLimits, spec.id),
}

const sets = createSearch({
  ...{ method: 'random', space: smaCross.space, budget: combinations, round: combinations },
  chance: (key) => createChance(key),
}).propose([])

/** The thread as it is shipped; it lies beside this bundle. */
const program = new URL('./thread.js', import.meta.url)

const openPool = (threads: number): Pool => createPool({ threads, start: () => new Worker(program) })

/** Seconds for all combinations. */
const secondsOn = async (pool: Pool): Promise<number> => {
  const began = performance.now()
  const blocks = Array.from({ length: Math.ceil(sets.length / atOnce) }, (_, i) =>
    pool.ask('trials', { seed, sets: sets.slice(i * atOnce, (i + 1) * atOnce) }),
  )
  const days = (await Promise.all(blocks)).flat()
  if (days.length !== combinations) throw new Error(`${days.length} of ${combinations} trials came back`)
  return (performance.now() - began) / 1_000
}

export const run = async (): Promise<Row[]> => {
  const pools = [openPool(1), openPool(2)]
  const best = pools.map(() => Number.POSITIVE_INFINITY)
  // In turns, so that both have the machine as it is at the time; the first runs are before the code is compiled.
  for (let round = 0; round < rounds; round++)
    for (const [i, pool] of pools.entries()) best[i] = Math.min(best[i] as number, await secondsOn(pool))
  await Promise.all(pools.map((pool) => pool.close()))
  const [one, two] = best as [number, number]
  const rate = (seconds: number): string => `${(combinations / seconds).toFixed(0)} trials/s`
  return [
    { what: 'one thread', ours: `${one.toFixed(2)} s, ${rate(one)}` },
    {
      what: 'two threads, against one',
      ours: `${two.toFixed(2)} s, ${rate(two)}`,
      peer: `${one.toFixed(2)} s`,
      ratio: one / two,
    },
  ]
}
