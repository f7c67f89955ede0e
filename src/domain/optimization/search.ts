import { axesOf, type Grid, gridOf, type Point, parametersAt, pointOf } from './grid.ts'
import { proposeByModel } from './model-search.ts'
import { drawFresh, nameOf } from './random-search.ts'
import { type Parameters, type SearchSpace, sizeOf } from './search-space.ts'
import type { SearchMethod } from './trial.ts'

/** A set of parameters and its score, higher is better; NaN where it could not be judged. */
export type Scored = { readonly parameters: Parameters; readonly score: number }

/** A stream of chance in [0, 1) wholly fixed by its key. */
type Chance = (key: number) => () => number

/** What there is to search, and how. */
export type SearchPlan = {
  readonly method: SearchMethod
  readonly space: SearchSpace
  /** Sets to try, and sets proposed at once. */
  readonly budget: number
  readonly round: number
  readonly chance: Chance
}

export type Search = {
  /** How many sets it will propose of how many there are. */
  readonly sets: number
  readonly of: number
  /** Which they are, for the trader. */
  readonly words: string
  /** The next round, given what came of all rounds before in the order they were proposed; empty when it is done. */
  readonly propose: (results: readonly Scored[]) => readonly Parameters[]
}

/** Draws before the model has enough to learn from. */
const learnFrom = (axes: number, budget: number): number => Math.min(Math.max(10, 4 * axes), Math.ceil(budget / 2))

const wordsOf = (method: SearchMethod, sets: number, of: number, levels: Grid['levels'], learned: number): string => {
  const number = (value: number): string => value.toLocaleString('en-US')
  const share = `${number(sets)} of ${number(of)} combinations`
  if (sets === of) return `all ${number(of)} combinations`
  if (method === 'grid')
    return `${share}: the parameters thinned evenly to ${levels.join(' × ')} values, and the defaults`
  if (method === 'random') return `${share}, drawn at random`
  return `${share}: ${learned} at random, then where earlier ones did well`
}

/**
 * A search through a space, the strategy's defaults first. What it proposes follows from the chance and the results alone,
 * so any number of machines, or the same one after a crash, tries the same sets. A space no larger than the budget is
 * tried whole whatever the method.
 */
export const createSearch = ({ method, space, budget, round, chance }: SearchPlan): Search => {
  const axes = axesOf(space)
  const of = sizeOf(space)
  const first: Point = axes.map(({ start }) => start)
  const listed = method === 'grid' || of <= budget
  // A thinned grid need not hold the defaults: one place is kept for them.
  const grid = listed ? gridOf(axes, of <= budget ? of : budget - 1) : { points: [], levels: [] }
  const list = [first, ...grid.points.filter((point) => nameOf(point) !== nameOf(first))]
  const sets = listed ? list.length : budget
  const learned = learnFrom(axes.length, budget)

  /** Every round is told all that came before it: a set is named once. */
  const names = new WeakMap<Parameters, string>()
  const named = ({ parameters }: Scored): string => {
    const name = names.get(parameters) ?? nameOf(pointOf(axes, parameters))
    names.set(parameters, name)
    return name
  }

  const drawn = (results: readonly Scored[], count: number): readonly Point[] => {
    const random = chance(results.length)
    if (method === 'model' && results.length >= learned) {
      const tried = results.map(({ parameters, score }) => ({ point: pointOf(axes, parameters), score }))
      return proposeByModel(axes, tried, count, random)
    }
    const known = new Set([nameOf(first), ...results.map(named)])
    return Array.from({ length: count }, (_, i) =>
      i === 0 && results.length === 0 ? first : drawFresh(axes, known, random),
    )
  }

  const propose = (results: readonly Scored[]): readonly Parameters[] => {
    const done = results.length
    const count = Math.min(round, sets - done)
    const points = listed ? list.slice(done, done + count) : drawn(results, count)
    return points.map((point) => parametersAt(axes, point))
  }
  return { sets, of, words: wordsOf(method, sets, of, grid.levels, learned), propose }
}
