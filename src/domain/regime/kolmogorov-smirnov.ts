/** A sample in ascending order; of each value, how many of a reference lie below it and how many up to it. */
export type Ranked = {
  readonly values: Float64Array
  readonly below: Int32Array
  readonly upTo: Int32Array
  /** How many values the reference holds. */
  readonly of: number
}

const emptyRanks = (values: Float64Array): Ranked => ({
  values,
  below: new Int32Array(values.length),
  upTo: new Int32Array(values.length),
  of: 0,
})

/** A sample and a reference of nothing. */
export const nothingRanked: Ranked = emptyRanks(new Float64Array(0))

/** Counts the values of one more part of the reference, in place. */
const countPart = ({ values, below, upTo }: Ranked, part: Float64Array): void => {
  const { length } = part
  for (let i = 0, less = 0, most = 0; i < values.length; i++) {
    const value = values[i] as number
    while (less < length && (part[less] as number) < value) less++
    if (most < less) most = less
    while (most < length && part[most] === value) most++
    below[i] = (below[i] as number) + less
    upTo[i] = (upTo[i] as number) + most
  }
}

/** Takes the ranks of one value over, in place. */
const copyRank = (to: Ranked, i: number, from: Ranked, j: number): void => {
  to.values[i] = from.values[j] as number
  to.below[i] = from.below[j] as number
  to.upTo[i] = from.upTo[j] as number
}

/** Two samples ranked in the same reference, as one. */
const join = (one: Ranked, other: Ranked): Ranked => {
  const joined = emptyRanks(new Float64Array(one.values.length + other.values.length))
  for (let i = 0, j = 0; i + j < joined.values.length; ) {
    const isOne = j === other.values.length || (one.values[i] as number) <= (other.values[j] as number)
    if (isOne) copyRank(joined, i + j, one, i++)
    else copyRank(joined, i + j, other, j++)
  }
  return joined
}

/**
 * A sample with `more` values, ranked in a reference of which it knew the first `known` parts and which now has all of
 * `parts`; everything ascending. What was counted is not counted again, and the parts are never merged.
 */
export const rankMore = (ranked: Ranked, more: Float64Array, parts: readonly Float64Array[], known: number): Ranked => {
  const fresh = emptyRanks(more)
  for (const part of parts.slice(0, known)) countPart(fresh, part)
  const { values, below, upTo } = join(ranked, fresh)
  let { of } = ranked
  for (const part of parts.slice(known)) {
    countPart({ values, below, upTo, of }, part)
    of += part.length
  }
  return { values, below, upTo, of }
}

/**
 * The largest distance, 0–1, between the empirical distributions of a sample and the reference it is ranked in (Smirnov
 * 1948); NaN where one is empty. Between two values of the sample only the reference rises, so the largest lies at a
 * value or just before it.
 */
export const smirnovDistance = ({ values, below, upTo, of: m }: Ranked): number => {
  const n = values.length
  if (n === 0 || m === 0) return Number.NaN
  let d = 0
  for (let i = 0; i < n; ) {
    const value = values[i]
    const before = Math.abs(i / n - (below[i] as number) / m)
    // Equal values rise together before the distance is taken.
    while (i < n && values[i] === value) i++
    d = Math.max(d, before, Math.abs(i / n - (upTo[i - 1] as number) / m))
  }
  return d
}

/**
 * The chance of a distance at least as large as `d` between samples of `n1` and `n2` values of one distribution:
 * Kolmogorov's Q(λ) = 2 Σ (−1)^(j−1) e^(−2j²λ²) at λ = (√n + 0.12 + 0.11/√n)·d, n = n1·n2/(n1+n2) (Stephens 1970).
 * Asymptotic, good from n = 4; NaN of a distance that is NaN.
 */
export const kolmogorovP = (d: number, n1: number, n2: number): number => {
  const root = Math.sqrt((n1 * n2) / (n1 + n2))
  const lambda = (root + 0.12 + 0.11 / root) * d
  // Below, the sum needs hundreds of terms to say what is 1 to twelve digits.
  if (lambda < 0.2) return 1
  let sum = 0
  for (let j = 1; j <= 20; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * (j * lambda) ** 2)
  return Math.min(Math.max(sum, 0), 1)
}
