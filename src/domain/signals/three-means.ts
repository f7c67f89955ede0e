import type { VolatilityCluster } from './volatility.ts'

/** Indexes, both ends included. */
type Span = { readonly from: number; readonly to: number }

/** What is left of rounding in a sum of squares, as a share of it: costs closer than this are not told apart. */
const blur = 1e-9
/** After so many more values a search of everything costs less than the wider searches it saves. */
const staleAfter = 300

/** The first index whose value is not below `value`. */
export const firstFrom = (sorted: Float64Array, length: number, value: number): number => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The first index whose value is above `value`. */
export const firstAbove = (sorted: Float64Array, length: number, value: number): number => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** The columns of a search: what it is told, and what it finds for each start of the third cluster. */
type Columns = {
  /** Sums of the first values. */
  readonly sum: Float64Array
  /** What the first cluster explains, by the start of the second. */
  readonly heads: Float64Array
  /** The most that is explained, and the start of the second that explains it. */
  readonly explained: Float64Array
  readonly seconds: Int32Array
}

const columnsFor = (n: number): Columns => ({
  sum: new Float64Array(n),
  heads: new Float64Array(n),
  explained: new Float64Array(n),
  seconds: new Int32Array(n),
})

/** The starts of the third from `low` to `high`, whose best second starts lie from `from` to `to`. */
const explainThirds = (columns: Columns, n: number, low: number, high: number, from: number, to: number): void => {
  // Columns, not captured variables: this loop is most of what all ranges cost.
  const { sum, heads, explained, seconds } = columns
  let first = low
  let at = from
  while (first <= high) {
    const third = (first + high) >> 1
    const whole = sum[third] as number
    const last = Math.min(third - 1, to)
    const start = at
    let most = Number.NEGATIVE_INFINITY
    for (let second = start; second <= last; second++) {
      const rest = whole - (sum[second] as number)
      const both = (heads[second] as number) + (rest * rest) / (third - second)
      if (both > most) {
        most = both
        at = second
      }
    }
    const tail = (sum[n] as number) - whole
    explained[third] = most + (tail * tail) / (n - third)
    seconds[third] = at
    explainThirds(columns, n, first, third - 1, start, at)
    first = third + 1
  }
}

/**
 * Where three clusters of the values behind these prefix sums may be cut: for each start of the third in `thirds` the
 * most they explain, Σ (sum of a cluster)² / its size, and the start of the second that does. Divide and conquer, for the
 * best second start never falls as the third rises.
 */
const explain = (columns: Columns, n: number, thirds: Span, cuts: Span): void => {
  const { sum, heads } = columns
  for (let second = cuts.from; second <= cuts.to; second++) heads[second] = (sum[second] as number) ** 2 / second
  explainThirds(columns, n, Math.max(thirds.from, cuts.from + 1), thirds.to, cuts.from, cuts.to)
}

/** The index of the largest value, the first of several. */
const largest = (values: Float64Array, { from, to }: Span): number => {
  let best = from
  for (let i = from + 1; i <= to; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

/** Turns costs into bounds: the least cost at or beyond each index, seen from the best one. */
const bound = (costs: Float64Array, { from, to }: Span, best: number): void => {
  for (let i = from + 1; i < best; i++) costs[i] = Math.min(costs[i] as number, costs[i - 1] as number)
  for (let i = to - 1; i > best; i--) costs[i] = Math.min(costs[i] as number, costs[i + 1] as number)
}

/** The indexes around the best one whose bound is within `cost`. */
const within = (bounds: Float64Array, span: Span, best: number, cost: number): Span => {
  let from = best
  for (let low = span.from; low < from; ) {
    const middle = (low + from) >> 1
    if ((bounds[middle] as number) <= cost) from = middle
    else low = middle + 1
  }
  let to = best
  for (let high = span.to; to < high; ) {
    const middle = (to + high + 1) >> 1
    if ((bounds[middle] as number) <= cost) to = middle
    else high = middle - 1
  }
  return { from, to }
}

/** A share of the reach of all values: two ways to cut that differ by less in a middle are both tried. */
const closeCall = 1e-9

/**
 * The best cut with its third start in `thirds` and its second in `cuts`; of several the first. Only where every value lies
 * with the nearest mean can a cut be best, so the middle between the means of the second and the third cluster must lie
 * between the two values the third start parts: for each of those few second starts are worth a look.
 */
const bestWithin = ({ sum, seconds }: Columns, sorted: Float64Array, n: number, thirds: Span, cuts: Span): number => {
  const margin = closeCall * ((sorted[n - 1] as number) - (sorted[0] as number))
  const shift = sorted[n >> 1] as number
  let best = thirds.from
  let most = Number.NEGATIVE_INFINITY
  let start = cuts.from
  for (let third = thirds.from; third <= thirds.to; third++) {
    const whole = sum[third] as number
    const tail = (sum[n] as number) - whole
    const mean = tail / (n - third)
    const lowest = 2 * ((sorted[third - 1] as number) - shift) - mean - margin
    const highest = 2 * ((sorted[third] as number) - shift) - mean + margin
    const last = Math.min(third - 1, cuts.to)
    start = Math.min(start, last)
    // The mean of the second cluster rises with its start: from where the last one was, it is never far.
    while (start > cuts.from && whole - (sum[start - 1] as number) >= lowest * (third - start + 1)) start--
    while (start <= last && whole - (sum[start] as number) < lowest * (third - start)) start++
    for (let second = start; second <= last; second++) {
      const rest = whole - (sum[second] as number)
      if (rest > highest * (third - second)) break
      const all = (sum[second] as number) ** 2 / second + (rest * rest) / (third - second) + (tail * tail) / (n - third)
      if (all > most) {
        most = all
        best = third
        seconds[third] = second
      }
    }
  }
  return best
}

/** One cluster of the best cut known, as it grows. */
type Group = { count: number; mean: number }

const grow = (group: Group, value: number): number => {
  const off = value - group.mean
  group.count++
  group.mean += off / group.count
  return off * (value - group.mean)
}

/** The best cut of the values that were known when everything was searched, and what is known of every other one. */
type Search = {
  readonly sorted: Float64Array
  readonly second: number
  readonly third: number
  /** Whoever cuts at or beyond an index pays at least this. */
  readonly secondBounds: Float64Array
  readonly thirdBounds: Float64Array
  readonly groups: readonly [Group, Group, Group]
  /** What the best cut known costs with all values that came since. */
  cost: number
  slack: number
  since: number
}

const groupOf = (sum: Float64Array, from: number, to: number, shift: number): Group => ({
  count: to - from,
  mean: shift + ((sum[to] as number) - (sum[from] as number)) / (to - from),
})

/**
 * Creates the optimal 3-means (Ckmeans.1d.dp, Wang & Song 2011) of values that only grow in number. A value more can
 * make no cut cheaper, so what a search once found about the cost of a cut bounds it from below until values are
 * forgotten. Mostly that is enough to tell where the newest value falls; if not, only the cuts still in question are searched.
 */
export const createThreeMeans = () => {
  let search: Search | undefined
  let columns = columnsFor(0)
  let mirror = columnsFor(0)

  const prepare = (sorted: Float64Array, n: number): number => {
    if (columns.sum.length <= n) {
      columns = columnsFor(2 * n)
      mirror = columnsFor(2 * n)
    }
    // Shifted by the median: the sums stay small and keep their digits.
    const shift = sorted[n >> 1] as number
    const { sum } = columns
    let running = 0
    for (let i = 0; i < n; i++) {
      running += (sorted[i] as number) - shift
      sum[i + 1] = running
    }
    return shift
  }

  const searchAll = (sorted: Float64Array, n: number): Search => {
    const shift = prepare(sorted, n)
    let squares = 0
    for (let i = 0; i < n; i++) squares += ((sorted[i] as number) - shift) ** 2
    const thirds: Span = { from: 2, to: n - 1 }
    const cuts: Span = { from: 1, to: n - 2 }
    explain(columns, n, thirds, cuts)
    const { sum, explained, seconds } = columns
    const third = largest(explained, thirds)
    const second = seconds[third] as number
    const cost = squares - (explained[third] as number)
    const thirdBounds = explained.slice(0, n)
    for (let i = 2; i < n; i++) thirdBounds[i] = squares - (explained[i] as number)
    // The second start in the mirror is the third.
    for (let i = 0; i <= n; i++) mirror.sum[i] = (sum[n - i] as number) - (sum[n] as number)
    explain(mirror, n, thirds, cuts)
    const secondBounds = new Float64Array(n)
    for (let i = 1; i < n - 1; i++) secondBounds[i] = squares - (mirror.explained[n - i] as number)
    bound(thirdBounds, thirds, third)
    bound(secondBounds, cuts, second)
    return {
      sorted: sorted.slice(0, n),
      second,
      third,
      secondBounds,
      thirdBounds,
      groups: [groupOf(sum, 0, second, shift), groupOf(sum, second, third, shift), groupOf(sum, third, n, shift)],
      cost,
      slack: blur * squares,
      since: 0,
    }
  }

  return {
    /** Takes one more value into account. */
    add: (value: number): void => {
      if (search === undefined) return
      const { sorted, second, third, groups } = search
      const group =
        value < (sorted[second] as number) ? groups[0] : value < (sorted[third] as number) ? groups[1] : groups[2]
      const more = grow(group, value)
      search.cost += more
      search.slack += blur * more
      search.since++
    },
    /** Values were taken away: all is to be searched anew. */
    reset: (): void => {
      search = undefined
    },
    /** The cluster `value`, one of the `n` sorted values, falls into. Three of them at least must differ. */
    clusterOf: (sorted: Float64Array, n: number, value: number): VolatilityCluster => {
      if (search === undefined || search.since > staleAfter) search = searchAll(sorted, n)
      const { sorted: old, cost, slack } = search
      const size = old.length
      const inSecond = within(search.secondBounds, { from: 1, to: size - 2 }, search.second, cost + slack)
      const inThird = within(search.thirdBounds, { from: 2, to: size - 1 }, search.third, cost + slack)
      // A cut at either end of the values known then may also lie beyond them by now.
      const lowTo = inSecond.from > 1 ? (old[inSecond.from - 1] as number) : Number.NEGATIVE_INFINITY
      const mediumFrom = inSecond.to < size - 2 ? (old[inSecond.to] as number) : Number.POSITIVE_INFINITY
      const mediumTo = inThird.from > 2 ? (old[inThird.from - 1] as number) : Number.NEGATIVE_INFINITY
      const highFrom = inThird.to < size - 1 ? (old[inThird.to] as number) : Number.POSITIVE_INFINITY
      if (value < lowTo) return 'LOW'
      if (value >= highFrom) return 'HIGH'
      if (value >= mediumFrom && value < mediumTo) return 'MEDIUM'
      const cuts: Span = {
        from: firstFrom(sorted, n, lowTo) + 1,
        to: Math.min(firstAbove(sorted, n, mediumFrom) - 1, n - 2),
      }
      const thirds: Span = {
        from: Math.max(firstFrom(sorted, n, mediumTo), cuts.from) + 1,
        to: firstAbove(sorted, n, highFrom) - 1,
      }
      prepare(sorted, n)
      const third = bestWithin(columns, sorted, n, thirds, cuts)
      const { seconds } = columns
      if (value >= (sorted[third] as number)) return 'HIGH'
      return value >= (sorted[seconds[third] as number] as number) ? 'MEDIUM' : 'LOW'
    },
  }
}
