/** One parameter of a strategy: every value it may take, and the one it has until something better is proven. */
export type Dimension = {
  /** What the trader calls it: 'Stop in ATR'. */
  readonly words: string
  readonly default: number
} & (
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly step: number }
  | { readonly kind: 'choice'; readonly of: readonly number[] }
)

export type SearchSpace = Readonly<Record<string, Dimension>>

export type ParametersOf<S extends SearchSpace> = { readonly [name in keyof S]: number }

/** Values of a strategy's parameters by name. */
export type Parameters = Readonly<Record<string, number>>
