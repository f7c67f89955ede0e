/**
 * The largest distance, 0–1, between the empirical distributions of two samples given in ascending order (Smirnov 1948);
 * NaN where one is empty. Between two values of the one only the other rises, so the largest lies at a value or just
 * before it.
 */
export const smirnovDistance = (one: Float64Array, other: Float64Array): number => {
  const n = one.length
  const m = other.length
  if (n === 0 || m === 0) return Number.NaN
  let d = 0
  let j = 0
  for (let i = 0; i < n; ) {
    const value = one[i] as number
    while (j < m && (other[j] as number) < value) j++
    const before = Math.abs(i / n - j / m)
    // Equal values rise together before the distance is taken.
    while (i < n && one[i] === value) i++
    while (j < m && other[j] === value) j++
    d = Math.max(d, before, Math.abs(i / n - j / m))
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
