import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { Row } from '#src/testing/bench.ts'
import { dollars } from '../money.ts'
import { pathsOf } from './shuffle.ts'

/** A hundred thousand orders of the results of a year's 250 trade dates. */
export const name = 'Shuffle'

const { normal, uniform } = createStream(2_026)
const results = Float64Array.from({ length: 250 }, () => Math.round(normal() * 250 + 30) * 10_000)

const row = (order: 'shuffled' | 'resampled'): Row => {
  const begin = performance.now()
  const { drawdown, ruined } = pathsOf(results, { order, paths: 100_000, ruin: dollars(2_000), random: uniform })
  const took = performance.now() - begin
  return {
    what: `100,000 paths ${order}`,
    ours: `${took.toFixed(0)} ms, drawdown of one in twenty ${(drawdown.p95 / 10_000).toFixed(0)} $, ruined ${(100 * ruined).toFixed(1)} %`,
  }
}

export const run = async (): Promise<Row[]> => [row('shuffled'), row('resampled')]
