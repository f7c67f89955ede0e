/** Tests made together: of each its q-value, the smallest rate of false discoveries at which it is accepted. */
export type Discoveries = {
  readonly q: readonly number[]
  /** Indexes of the tests accepted at the rate, ascending. */
  readonly accepted: readonly number[]
}

/**
 * Which of many tests stand when of all that are accepted no more than `rate` may be false: q of the k-th smallest of m
 * p-values is the least of p·m/k from there on (Benjamini & Hochberg 1995). A p that is NaN counts as 1. A test by runs
 * cannot say less than 1/(1 + runs): for one alone to stand among m it needs m/rate runs.
 */
export const benjaminiHochberg = (p: readonly number[], rate: number): Discoveries => {
  const chance = p.map((one) => (Number.isNaN(one) ? 1 : one))
  const falling = chance.map((_, i) => i).sort((a, b) => (chance[b] as number) - (chance[a] as number))
  const q = chance.slice()
  let least = 1
  for (const [above, i] of falling.entries()) {
    least = Math.min(least, ((chance[i] as number) * p.length) / (p.length - above))
    q[i] = least
  }
  return { q, accepted: q.flatMap((one, i) => (one <= rate ? [i] : [])) }
}
