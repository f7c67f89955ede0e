import { parameters } from './parameters.ts'
import { createThreeMeans, firstAbove, firstFrom } from './three-means.ts'
import type { VolatilityCluster } from './volatility.ts'

type Volatility = { readonly percentile: number; readonly cluster: VolatilityCluster }

const unknown: Volatility = { percentile: Number.NaN, cluster: 'MEDIUM' }

export type KnownRanges = {
  /** Takes the range of one more bar, points, with the trade date it counts to. */
  readonly add: (tradeDate: string, value: number) => void
  /** Forgets what counts to a trade date before `oldest`. */
  readonly forget: (oldest: string) => void
  /** Where the newest stands among all; NaN and MEDIUM while there are too few. */
  readonly volatility: Volatility
  /** The same ranges, apart from these. */
  readonly keep: () => KnownRanges
}

/** Values in the order they came and by size, and how many of each trade date: what `keep` takes over. */
type Column = {
  readonly values: Float64Array
  readonly sorted: Float64Array
  readonly length: number
  readonly dates: readonly { readonly tradeDate: string; count: number }[]
}

const startOf: Column = { values: new Float64Array(0), sorted: new Float64Array(0), length: 0, dates: [] }

/**
 * Creates the 5m ATRs of the last trade dates, kept in the order of time and of size, so that where the newest ranks and
 * which of three clusters it falls into is known without sorting them anew (see volatility.ts for both).
 */
export const createKnownRanges = (from: Column = startOf): KnownRanges => {
  let { length } = from
  let values: Float64Array = from.values.slice()
  let sorted: Float64Array = from.sorted.slice()
  let dates = from.dates.map((date) => ({ ...date }))
  let said: Volatility | undefined
  const clusters = createThreeMeans()

  const makeRoom = (): void => {
    if (length < values.length) return
    const wider = (column: Float64Array): Float64Array => {
      const next = new Float64Array(2 * length + 512)
      next.set(column)
      return next
    }
    values = wider(values)
    sorted = wider(sorted)
  }

  const judge = (): Volatility => {
    if (length < parameters.volatilityMinimum) return unknown
    const newest = values[length - 1] as number
    const percentile = firstFrom(sorted, length, newest) / (length - 1)
    const second = firstAbove(sorted, length, sorted[0] as number)
    const third = firstFrom(sorted, length, sorted[length - 1] as number)
    return { percentile, cluster: second < third ? clusters.clusterOf(sorted, length, newest) : 'MEDIUM' }
  }

  return {
    add: (tradeDate: string, value: number): void => {
      makeRoom()
      const place = firstAbove(sorted, length, value)
      sorted.copyWithin(place + 1, place, length)
      sorted[place] = value
      values[length++] = value
      clusters.add(value)
      const date = dates.at(-1)
      if (date?.tradeDate === tradeDate) date.count++
      else dates.push({ tradeDate, count: 1 })
      said = undefined
    },
    forget: (oldest: string): void => {
      // The dates ascend, and only the first bar of one makes another stale.
      if ((dates[0]?.tradeDate ?? oldest) >= oldest) return
      const stale = dates.filter(({ tradeDate }) => tradeDate < oldest).reduce((sum, { count }) => sum + count, 0)
      dates = dates.filter(({ tradeDate }) => tradeDate >= oldest)
      const leaving = values.slice(0, stale).sort()
      let left = 0
      for (let i = 0, gone = 0; i < length; i++)
        if (gone < stale && sorted[i] === leaving[gone]) gone++
        else sorted[left++] = sorted[i] as number
      values.copyWithin(0, stale, length)
      length = left
      clusters.reset()
      said = undefined
    },
    get volatility(): Volatility {
      said ??= judge()
      return said
    },
    keep: () =>
      createKnownRanges({ values: values.subarray(0, length), sorted: sorted.subarray(0, length), length, dates }),
  }
}
