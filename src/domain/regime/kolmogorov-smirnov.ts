/** A sample in ascending order, ranked in a reference. */
export type Ranked = {
  /**
   * Three numbers for each value: itself, how many of the reference lie below it and how many up to it. In one column,
   * because to make a column costs more than to fill it.
   */
  readonly rows: Float64Array
  /** How many values the sample holds. */
  readonly length: number
  /** How many values the reference holds. */
  readonly of: number
}

/** A sample and a reference of nothing. */
export const nothingRanked: Ranked = { rows: new Float64Array(0), length: 0, of: 0 }

/** Rows of values that nothing was counted for yet. */
const rowsOf = (values: Float64Array): Float64Array => {
  const rows = new Float64Array(3 * values.length)
  for (let i = 0; i < values.length; i++) rows[3 * i] = values[i] as number
  return rows
}

/** Counts the values of one more part of the reference, in place. */
const countPart = (rows: Float64Array, part: Float64Array): void => {
  const { length } = part
  for (let i = 0, less = 0, most = 0; i < rows.length; i += 3) {
    const value = rows[i] as number
    while (less < length && (part[less] as number) < value) less++
    if (most < less) most = less
    while (most < length && part[most] === value) most++
    rows[i + 1] = (rows[i + 1] as number) + less
    rows[i + 2] = (rows[i + 2] as number) + most
  }
}

/** The rows of two samples ranked in the same reference, as one. */
const join = (one: Float64Array, other: Float64Array): Float64Array => {
  const joined = new Float64Array(one.length + other.length)
  for (let i = 0, j = 0; i + j < joined.length; ) {
    const isOne = j === other.length || (i < one.length && (one[i] as number) <= (other[j] as number))
    const at = i + j
    const from = isOne ? one : other
    const row = isOne ? i : j
    joined[at] = from[row] as number
    joined[at + 1] = from[row + 1] as number
    joined[at + 2] = from[row + 2] as number
    if (isOne) i += 3
    else j += 3
  }
  return joined
}

/**
 * A sample with `more` values, ranked in a reference of which it knew the first `known` parts and which now has all of
 * `parts`; everything ascending. What was counted is not counted again, and the parts are never merged.
 */
export const rankMore = (ranked: Ranked, more: Float64Array, parts: readonly Float64Array[], known: number): Ranked => {
  const fresh = rowsOf(more)
  for (let i = 0; i < known; i++) countPart(fresh, parts[i] as Float64Array)
  const rows = join(ranked.rows, fresh)
  let { of } = ranked
  for (const part of parts.slice(known)) {
    countPart(rows, part)
    of += part.length
  }
  return { rows, length: ranked.length + more.length, of }
}

/**
 * The largest distance, 0–1, between the empirical distributions of a sample and the reference it is ranked in (Smirnov
 * 1948); NaN where one is empty. Between two values of the sample only the reference rises, so the largest lies at a
 * value or just before it.
 */
export const smirnovDistance = ({ rows, length: n, of: m }: Ranked): number => {
  if (n === 0 || m === 0) return Number.NaN
  let d = 0
  for (let i = 0; i < n; ) {
    const value = rows[3 * i]
    const before = Math.abs(i / n - (rows[3 * i + 1] as number) / m)
    // Equal values rise together before the distance is taken.
    while (i < n && rows[3 * i] === value) i++
    d = Math.max(d, before, Math.abs(i / n - (rows[3 * i - 1] as number) / m))
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
