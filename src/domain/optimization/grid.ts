import { type Dimension, type Parameters, type SearchSpace, valuesOf } from './search-space.ts'

/** A dimension laid out: a set of parameters is one place on every axis. */
export type Axis = {
  readonly name: string
  readonly kind: Dimension['kind']
  readonly values: readonly number[]
  /** Place of the default. */
  readonly start: number
}

/** A place on every axis, in the order of the axes. */
export type Point = readonly number[]

/** The axes of a space, in its order. */
export const axesOf = (space: SearchSpace): readonly Axis[] =>
  Object.entries(space).map(([name, dimension]) => {
    const values = valuesOf(dimension)
    return { name, kind: dimension.kind, values, start: values.indexOf(dimension.default) }
  })

/** The parameters at a point. */
export const parametersAt = (axes: readonly Axis[], point: Point): Parameters =>
  Object.fromEntries(axes.map(({ name, values }, i) => [name, values[point[i] as number] as number]))

/** Where a set of parameters lies; −1 on an axis that does not have its value. */
export const pointOf = (axes: readonly Axis[], parameters: Parameters): Point =>
  axes.map(({ name, values }) => values.indexOf(parameters[name] as number))

/** How many values of each axis fit a budget of combinations: the axis with the fewest grows first. */
const levelsOf = (axes: readonly Axis[], budget: number): readonly number[] => {
  const levels = axes.map(() => 1)
  const sets = (): number => levels.reduce((product, level) => product * level, 1)
  for (;;) {
    const [next] = axes
      .map(({ values }, i) => ({ i, level: levels[i] as number, of: values.length }))
      .filter(({ level, of }) => level < of && (sets() / level) * (level + 1) <= budget)
      .sort((a, b) => a.level - b.level || a.i - b.i)
    if (next === undefined) return levels
    levels[next.i] = next.level + 1
  }
}

/** `level` places spread evenly over an axis, both ends among them; the default's alone where there is room for one. */
const spread = ({ values, start }: Axis, level: number): readonly number[] =>
  level === 1 ? [start] : Array.from({ length: level }, (_, i) => Math.round((i * (values.length - 1)) / (level - 1)))

/** A grid: its points, the last axis running fastest, and how many values of each axis it has. */
export type Grid = { readonly points: readonly Point[]; readonly levels: readonly number[] }

/** Every combination where no more than `budget`, otherwise a coarser grid whose axes are thinned evenly. */
export const gridOf = (axes: readonly Axis[], budget: number): Grid => {
  const levels = levelsOf(axes, budget)
  const points = axes.reduce<readonly Point[]>(
    (sets, axis, i) => sets.flatMap((set) => spread(axis, levels[i] as number).map((place) => [...set, place])),
    [[]],
  )
  return { points, levels }
}
