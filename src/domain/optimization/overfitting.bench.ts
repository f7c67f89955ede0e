import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import type { Row } from '#src/testing/bench.ts'
import { deflatedSharpe } from './deflated-sharpe.ts'
import { overfittingOf } from './overfitting.ts'
import { realityCheck, signFlipTest } from './permutation.ts'

/** What a study of 400 trials over a year of trade dates is asked: the splits and a permutation test of 1,000 runs. */
export const name = 'Overfitting'

const { normal, uniform } = createStream(2_026)
const rows = Array.from({ length: 400 }, () =>
  Float64Array.from({ length: 250 }, () => Math.round(normal() * 250) * 10_000),
)

const timed = <T>(work: () => T): readonly [number, T] => {
  const begin = performance.now()
  const made = work()
  return [performance.now() - begin, made]
}

export const run = async (): Promise<Row[]> => {
  const [splitMs, { splits, probability }] = timed(() => overfittingOf(rows))
  const [checkMs, { best, p }] = timed(() => realityCheck(rows, { runs: 1_000, random: uniform }))
  const [flipMs, flip] = timed(() => signFlipTest(rows[best] as Float64Array, 1_000, uniform))
  const [, luck] = timed(() => deflatedSharpe(rows, best))
  const ms = (value: number): string => `${value.toFixed(0)} ms`
  return [
    {
      what: `CSCV, 400 trials × 250 days, ${splits} splits`,
      ours: `${ms(splitMs)}, overfit ${probability.toFixed(2)}`,
    },
    {
      what: 'reality check of the best, 1,000 runs',
      ours: `${ms(checkMs)}, p ${p.toFixed(2)}, deflated ${luck.probability.toFixed(2)}`,
    },
    { what: 'signs of its days, 1,000 runs', ours: `${ms(flipMs)}, p ${flip.p.toFixed(3)} alone` },
    { what: 'together', ours: `${ms(splitMs + checkMs + flipMs)} (at most 2,000 ms)` },
  ]
}
