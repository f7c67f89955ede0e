/** One parameter of a strategy: every value it may take, and the one it has until something better is proven. */
export type Dimension = {
  /** What the trader calls it: 'Stop in ATR'. */
  readonly words: string
  readonly default: number
  /** How a value is read: minutes after midnight as a clock, a share in percent; else as it is. */
  readonly unit?: 'clock' | 'percent'
} & (
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly step: number }
  | { readonly kind: 'choice'; readonly of: readonly number[] }
)

export type SearchSpace = Readonly<Record<string, Dimension>>

export type ParametersOf<S extends SearchSpace> = { readonly [name in keyof S]: number }

/** Values of a strategy's parameters by name. */
export type Parameters = Readonly<Record<string, number>>

/** Every value a dimension takes, its default always among them; sums of steps rounded to twelve digits (0.1 + 0.2 is 0.3). */
export const valuesOf = (dimension: Dimension): readonly number[] => {
  if (dimension.kind === 'choice') return [...new Set([...dimension.of, dimension.default])]
  const { from, to, step } = dimension
  const steps = Math.floor((to - from) / step + 1e-9)
  const values = Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toPrecision(12)))
  return [...new Set([...values, dimension.default])].sort((a, b) => a - b)
}

/** How many sets of parameters a space holds. */
export const sizeOf = (space: SearchSpace): number =>
  Object.values(space).reduce((size, dimension) => size * valuesOf(dimension).length, 1)

/** The parameters a strategy has until something better is proven. */
export const defaultsOf = <S extends SearchSpace>(space: S): ParametersOf<S> =>
  Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, dimension.default])) as ParametersOf<S>

/** A name of a set of parameters that does not depend on the order a database hands them back in. */
export const keyOf = (parameters: Parameters): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join(' ')
