import { equityOf, underwaterOf, worstDrawdown } from '#src/domain/backtest/equity.ts'

/** Compounded returns since the start, one for each return; an unknown return counts 0. */
const compoundedOf = (returns: readonly number[]): number[] => {
  let worth = 1
  return returns.map((r) => {
    worth *= 1 + (Number.isNaN(r) ? 0 : r)
    return worth
  })
}

/** What `start` grew to after each return, or with a start of 0 the compounded return itself. */
export const cumulativeOf = (returns: readonly number[], start: number): number[] =>
  compoundedOf(returns).map((worth) => (start === 0 ? worth - 1 : worth * start))

/** Compound annual growth rate; NaN of nothing. */
export const growthOf = (returns: readonly number[], perYear: number): number =>
  (compoundedOf(returns).at(-1) ?? Number.NaN) ** (perYear / returns.length) - 1

/** Deepest fall as a share of its peak: that of the logarithms, taken back. NaN of nothing. */
export const compoundedDrawdownOf = (returns: readonly number[]): number => {
  if (returns.length === 0) return Number.NaN
  const logs = equityOf(returns.map((r) => (Number.isNaN(r) ? 0 : Math.log1p(r))))
  return Math.expm1(worstDrawdown(underwaterOf(logs))?.depth ?? 0)
}

/** Compound growth over the deepest fall (Young 1991); NaN without a fall. */
export const compoundedCalmarOf = (returns: readonly number[], perYear: number): number => {
  const fall = compoundedDrawdownOf(returns)
  return fall < 0 ? growthOf(returns, perYear) / -fall : Number.NaN
}

/** What lies between the extremes of the market against its middle (Taleb, Canetti et al. 2012); NaN below three pairs. */
export const fragilityOf = (returns: readonly number[], market: readonly number[]): number => {
  if (returns.length < 3) return Number.NaN
  const pairs = returns
    .map((y, i) => ({ y, x: market[i] ?? Number.NaN }))
    .filter(({ x, y }) => !Number.isNaN(x + y))
    .sort((a, b) => a.x - b.x)
  const n = pairs.length
  // Half of n, halves going to the even neighbor.
  const middle = pairs[n % 4 === 3 ? (n + 1) / 2 : Math.floor(n / 2)]
  const [first, last] = [pairs[0], pairs.at(-1)]
  if (first === undefined || middle === undefined || last === undefined) return Number.NaN
  const range = last.x - first.x
  const weight = range === 0 ? 0.5 : (middle.x - first.x) / range
  return weight * first.y + (1 - weight) * last.y - middle.y
}
