/** Running sums: what has been made by the end of each date. */
export const equityOf = (nets: ArrayLike<number>): Float64Array => {
  const equity = new Float64Array(nets.length)
  let sum = 0
  for (let i = 0; i < equity.length; i++) {
    sum += nets[i] as number
    equity[i] = sum
  }
  return equity
}

/** How far each value of a curve that starts from 0 lies below the highest before it; never above 0. */
export const underwaterOf = (equity: ArrayLike<number>): Float64Array => {
  const below = new Float64Array(equity.length)
  let peak = 0
  for (let i = 0; i < below.length; i++) {
    const value = equity[i] as number
    if (value > peak) peak = value
    below[i] = value - peak
  }
  return below
}

/** The deepest fall below a former high, as indexes. */
export type Drawdown = {
  /** Below 0. */
  readonly depth: number
  /** The first index below the high, the lowest, and the first back at it; the curve's length while it is not. */
  readonly from: number
  readonly bottom: number
  readonly until: number
}

/** The deepest of all falls, the first of equals; undefined of a curve that never fell. */
export const worstDrawdown = (underwater: ArrayLike<number>): Drawdown | undefined => {
  let worst: Drawdown | undefined
  for (let from = 0; from < underwater.length; from++) {
    if (underwater[from] === 0) continue
    let [until, bottom] = [from, from]
    for (; until < underwater.length && underwater[until] !== 0; until++)
      if ((underwater[until] as number) < (underwater[bottom] as number)) bottom = until
    const depth = underwater[bottom] as number
    if (worst === undefined || depth < worst.depth) worst = { depth, from, bottom, until }
    from = until
  }
  return worst
}
