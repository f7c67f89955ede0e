import { type DateSpan, scoreOf } from './objective.ts'
import type { Objective, Trial } from './trial.ts'

/** Scores over two parameters. */
export type Heat = {
  /** The values tried, ascending. */
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** A row for each value of y, a cell for each of x; null where nothing was tried or could be judged. */
  readonly cells: readonly (readonly (number | null)[])[]
}

export type HeatOptions = {
  readonly x: string
  readonly y: string
  readonly dates: DateSpan
  readonly objective: Objective
  readonly minimumTrades: number
  /** What a cell shows of the sets that differ in other parameters: a plateau is seen in the mean, a peak in the best. */
  readonly over: 'best' | 'mean'
}

const valuesTried = (trials: readonly Trial[], name: string): readonly number[] =>
  [...new Set(trials.map(({ parameters }) => parameters[name] as number))].sort((a, b) => a - b)

/** The scores of trials laid out over two of their parameters. */
export const heatOf = (
  trials: readonly Trial[],
  { x, y, dates, objective, minimumTrades, over }: HeatOptions,
): Heat => {
  const across = valuesTried(trials, x)
  const down = valuesTried(trials, y)
  const scores: number[][][] = down.map(() => across.map(() => []))
  for (const { parameters, days } of trials) {
    const score = scoreOf(days, dates, objective, minimumTrades)
    if (Number.isNaN(score)) continue
    scores[down.indexOf(parameters[y] as number)]?.[across.indexOf(parameters[x] as number)]?.push(score)
  }
  const cellOf = (own: readonly number[]): number | null => {
    if (own.length === 0) return null
    return over === 'best' ? Math.max(...own) : own.reduce((sum, score) => sum + score, 0) / own.length
  }
  return { x: across, y: down, cells: scores.map((row) => row.map(cellOf)) }
}
