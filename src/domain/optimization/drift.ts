import { type Parameters, type SearchSpace, valuesOf } from './search-space.ts'

/** Parameters that move by more than this share of their range from one fold to the next do not describe the market. */
const driftAlert = 0.3

/** How far parameters moved between two folds. */
export type ParameterDrift = {
  /** Of each parameter the distance as a share of its range (0–1); of a choice the share of its places. */
  readonly shares: Readonly<Record<string, number>>
  /** Names of those beyond the alert. */
  readonly alerts: readonly string[]
}

const shareOf = (dimension: SearchSpace[string], before: number, after: number): number => {
  const values = valuesOf(dimension)
  if (values.length < 2 || before === after) return 0
  if (dimension.kind === 'choice') {
    return Math.abs(values.indexOf(after) - values.indexOf(before)) / (values.length - 1)
  }
  return Math.abs(after - before) / ((values.at(-1) as number) - (values[0] as number))
}

/** How far parameters moved, by the ranges of their space. */
export const driftOf = (space: SearchSpace, before: Parameters, after: Parameters): ParameterDrift => {
  const shares = Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [
      name,
      shareOf(dimension, before[name] as number, after[name] as number),
    ]),
  )
  return { shares, alerts: Object.keys(shares).filter((name) => (shares[name] as number) > driftAlert) }
}
