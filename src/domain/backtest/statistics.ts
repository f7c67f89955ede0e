/** Trade dates of a year, with which daily figures are annualized. */
export const datesPerYear = 252

/**
 * Arithmetic mean; NaN of nothing. A second pass takes out what rounding left in the first, so that equal values have no
 * deviation at all (Chan, Golub & LeVeque 1983).
 */
export const meanOf = (values: ArrayLike<number>): number => {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] as number
  const rough = sum / n
  let left = 0
  for (let i = 0; i < n; i++) left += (values[i] as number) - rough
  return rough + left / n
}

/** Sample standard deviation, with n − 1; NaN below two values. */
export const deviationOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2
  return values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1))
}

/** Mean over deviation, annualized: √perYear · mean ÷ s (Sharpe 1994, no riskless rate: the margin earns its own); infinite without deviation. */
export const sharpeOf = (returns: ArrayLike<number>, perYear = datesPerYear): number =>
  (meanOf(returns) / deviationOf(returns)) * Math.sqrt(perYear)

/** Downside deviation from zero over all values, annualized: √(perYear · mean(min(r, 0)²)) (Sortino & Price 1994). */
export const downsideOf = (returns: ArrayLike<number>, perYear = datesPerYear): number => {
  let squares = 0
  for (let i = 0; i < returns.length; i++) squares += Math.min(returns[i] as number, 0) ** 2
  return Math.sqrt((squares / returns.length) * perYear)
}

/** Annual mean over the annual downside deviation (Sortino & Price 1994); NaN below two values, infinite without a loss. */
export const sortinoOf = (returns: ArrayLike<number>, perYear = datesPerYear): number =>
  returns.length < 2 ? Number.NaN : (meanOf(returns) * perYear) / downsideOf(returns, perYear)

/**
 * What the winners made over what the losers lost; NaN without a loser. Of returns beyond a threshold it is Omega (Keating &
 * Shadwick 2002).
 */
export const profitFactorOf = (values: ArrayLike<number>): number => {
  let won = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value > 0) won += value
    else lost -= value
  }
  return lost > 0 ? won / lost : Number.NaN
}

/** System quality number √n · mean ÷ s of the trades' results (Tharp 2008), without his cap of n at 100; it is their t-statistic. */
export const sqnOf = (results: ArrayLike<number>): number => sharpeOf(results, results.length)

/** The value below which `share` of the ascending values lie, interpolated (type 7 of Hyndman & Fan 1996); NaN of nothing. */
export const quantileOf = (ascending: ArrayLike<number>, share: number): number => {
  const place = (ascending.length - 1) * share
  const below = Math.floor(place)
  const value = ascending[below] ?? Number.NaN
  return place === below ? value : value + (place - below) * ((ascending[below + 1] ?? Number.NaN) - value)
}

/** How far the best twentieth of the values reaches against the worst: |q95| ÷ |q5|. */
export const tailRatioOf = (values: ArrayLike<number>): number => {
  const ascending = Float64Array.from(values).sort()
  return Math.abs(quantileOf(ascending, 0.95) / quantileOf(ascending, 0.05))
}

/** The straight line through points and how much of `y` it explains. */
export type Line = { readonly slope: number; readonly intercept: number; readonly rSquared: number }

/** Ordinary least squares of `y` on `x`; the slope is NaN where x does not vary, r² where either does not. */
export const lineOf = (y: ArrayLike<number>, x: ArrayLike<number>): Line => {
  const [meanX, meanY] = [meanOf(x), meanOf(y)]
  let [xx, xy, yy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [(x[i] as number) - meanX, (y[i] as number) - meanY]
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  const slope = xy / xx
  return { slope, intercept: meanY - slope * meanX, rSquared: (xy * xy) / (xx * yy) }
}

/** How straight a curve rises or falls: r² of its line over time (Kestner 1996 calls for it beside the slope); 1 is a ruler. */
export const straightnessOf = (curve: ArrayLike<number>): number =>
  lineOf(
    curve,
    Array.from(curve, (_, i) => i),
  ).rSquared
