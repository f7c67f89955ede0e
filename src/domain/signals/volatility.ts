/** Where the newest of `values` ranks among all of them, 0–1: the share of the others below it. NaN of fewer than two. */
export const percentileRank = (values: Float64Array): number => {
  const newest = values[values.length - 1]
  if (newest === undefined || values.length < 2) return Number.NaN
  let below = 0
  for (const value of values) if (value < newest) below++
  return below / (values.length - 1)
}

/**
 * Optimal one-dimensional k-means (Ckmeans.1d.dp, Wang & Song 2011): where each cluster of the sorted values begins.
 * Divide and conquer over the monotone split points, O(k·n·log n). Throws RangeError when there are fewer values than clusters.
 */
export const clusterStarts = (sorted: Float64Array, clusters: number): readonly number[] => {
  const n = sorted.length
  if (n < clusters) throw new RangeError('fewer values than clusters')
  // Shifted by the median: sums of squares stay small, so the differences below keep their digits.
  const shift = sorted[n >> 1] as number
  const sum = new Float64Array(n + 1)
  const squares = new Float64Array(n + 1)
  for (let i = 0; i < n; i++) {
    const value = (sorted[i] as number) - shift
    sum[i + 1] = (sum[i] as number) + value
    squares[i + 1] = (squares[i] as number) + value * value
  }
  const cost = (from: number, to: number): number => {
    const total = (sum[to + 1] as number) - (sum[from] as number)
    const spread = (squares[to + 1] as number) - (squares[from] as number) - (total * total) / (to - from + 1)
    return Math.max(spread, 0)
  }
  let previous = new Float64Array(n)
  for (let i = 0; i < n; i++) previous[i] = cost(0, i)
  const splits: Int32Array[] = []
  for (let k = 1; k < clusters; k++) {
    const best = new Float64Array(n)
    const split = new Int32Array(n)
    const before = previous
    const solve = (low: number, high: number, splitLow: number, splitHigh: number): void => {
      if (low > high) return
      const middle = (low + high) >> 1
      const last = Math.min(middle, splitHigh)
      let least = Number.POSITIVE_INFINITY
      let at = 0
      for (let s = Math.max(k, splitLow); s <= last; s++) {
        const total = (before[s - 1] as number) + cost(s, middle)
        if (total < least) {
          least = total
          at = s
        }
      }
      best[middle] = least
      split[middle] = at
      solve(low, middle - 1, splitLow, split[middle] as number)
      solve(middle + 1, high, split[middle] as number, splitHigh)
    }
    // Only the whole counts in the end, so the last layer needs one split, not all of them.
    if (k === clusters - 1) solve(n - 1, n - 1, k, n - 1)
    else solve(k, n - 1, k, n - 1)
    splits.push(split)
    previous = best
  }
  const starts = [0]
  let end = n - 1
  for (const split of splits.reverse()) {
    const start = split[end] as number
    starts.splice(1, 0, start)
    end = start - 1
  }
  return starts
}

export type VolatilityCluster = 'LOW' | 'MEDIUM' | 'HIGH'

const hasThreeValues = (sorted: Float64Array): boolean => {
  const second = sorted.find((value) => value !== sorted[0])
  return second !== undefined && second !== sorted.at(-1)
}

/** The cluster the newest value falls into, of three by k-means; MEDIUM where fewer than three distinct values exist. */
export const volatilityCluster = (values: Float64Array): VolatilityCluster => {
  const newest = values[values.length - 1]
  const sorted = Float64Array.from(values).sort()
  if (newest === undefined || !hasThreeValues(sorted)) return 'MEDIUM'
  const [, medium = 0, high = 0] = clusterStarts(sorted, 3)
  return newest >= (sorted[high] as number) ? 'HIGH' : newest >= (sorted[medium] as number) ? 'MEDIUM' : 'LOW'
}

/** How the size budget follows the cluster. */
export const sizeMultiplier: Readonly<Record<VolatilityCluster, number>> = { LOW: 1.2, MEDIUM: 1, HIGH: 0.6 }
