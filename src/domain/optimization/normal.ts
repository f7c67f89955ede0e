const rootTwoPi = Math.sqrt(2 * Math.PI)

/**
 * The share of a standard normal distribution below `z`: its series about 0 (Marsaglia 2004, Evaluating the Normal
 * Distribution), exact to 1e-15 everywhere.
 */
export const normalShare = (z: number): number => {
  if (!(Math.abs(z) < 8)) return z < 0 ? 0 : z > 0 ? 1 : Number.NaN
  let sum = z
  let term = z
  for (let k = 3; sum + term !== sum || k === 3; k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / rootTwoPi
}

/** The point below which a `share` (0–1) of a standard normal distribution lies. */
export const normalQuantile = (share: number): number => {
  if (!(share > 0 && share < 1)) return share === 0 ? Number.NEGATIVE_INFINITY : share === 1 ? Infinity : Number.NaN
  if (share < 0.5) return -normalQuantile(1 - share)
  // Above 0 the distribution is concave, so Newton's steps climb to the root and never past it.
  for (let z = 0; ; ) {
    const next = z + (share - normalShare(z)) * rootTwoPi * Math.exp((z * z) / 2)
    if (!(next > z)) return z
    z = next
  }
}
