import type { Money } from '../money.ts'

/** Quantiles of one number over all paths. */
type Spread = {
  readonly p5: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p95: number
  readonly p99: number
}

/** What the same results might as well have looked like. Money; `drawdown` ≥ 0 is the largest fall from a peak. */
export type Paths = {
  readonly paths: number
  readonly drawdown: Spread
  readonly end: Spread
  /** Losing results in a row. */
  readonly losingStreak: Spread
  /** The share of paths that fell by `ruin` below the start. */
  readonly ruined: number
}

/** What the same trades would have asked of the trader in other orders; the drawdown is from trade to trade. */
export type Shuffled = Pick<Paths, 'paths' | 'drawdown' | 'losingStreak'>

/** The value below which a share of the paths lies, by the nearest rank. */
const spreadOf = (values: Float64Array): Spread => {
  values.sort()
  const at = (share: number): number => values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN
  return { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95), p99: at(0.99) }
}

/** Puts the results into a new order: dealt anew, or each drawn from all of them. */
const reorder = (cards: Int32Array, order: 'shuffled' | 'resampled', random: () => number): void => {
  const n = cards.length
  if (order === 'resampled') for (let i = 0; i < n; i++) cards[i] = Math.floor(random() * n)
  else
    for (let left = n; left > 1; left--) {
      const j = Math.floor(random() * left)
      const card = cards[j] as number
      cards[j] = cards[left - 1] as number
      cards[left - 1] = card
    }
}

/**
 * Monte Carlo over the order of results (net Money of trades or days). 'shuffled' deals the very results in another order:
 * the end stays, the way there changes, and only luck of the order is asked about. 'resampled' draws as many with
 * replacement (Efron 1979), so that the end varies too. Both take the results as independent of each other.
 */
export const pathsOf = (
  results: Float64Array,
  { order, paths, ruin, random }: { order: 'shuffled' | 'resampled'; paths: number; ruin: Money; random: () => number },
): Paths => {
  const n = results.length
  const cards = Int32Array.from(results, (_, i) => i)
  const lost = Int32Array.from(results, (result) => (result < 0 ? -1 : 0))
  const drawdown = new Float64Array(paths)
  const end = new Float64Array(paths)
  const losingStreak = new Float64Array(paths)
  let ruined = 0
  for (let path = 0; path < paths; path++) {
    reorder(cards, order, random)
    let [balance, peak, deepest, lowest, streak, longest] = [0, 0, 0, 0, 0, 0]
    // No branch hangs on chance: a processor that guesses wrong every other time takes twice as long.
    for (let i = 0; i < n; i++) {
      const card = cards[i] as number
      balance += results[card] as number
      peak = Math.max(peak, balance)
      deepest = Math.max(deepest, peak - balance)
      lowest = Math.min(lowest, balance)
      streak = (streak + 1) & (lost[card] as number)
      longest = Math.max(longest, streak)
    }
    drawdown[path] = deepest
    end[path] = balance
    losingStreak[path] = longest
    if (lowest <= -ruin) ruined++
  }
  return {
    paths,
    drawdown: spreadOf(drawdown),
    end: spreadOf(end),
    losingStreak: spreadOf(losingStreak),
    ruined: ruined / paths,
  }
}

const orders = 1_000
/** So few trades have hardly an order. */
const fewestTrades = 20

/** The nets (Money) of a report's trades dealt in 1,000 orders; undefined of fewer than twenty. */
export const shuffledOf = (nets: Float64Array, random: () => number): Shuffled | undefined => {
  if (nets.length < fewestTrades) return undefined
  const terms = { order: 'shuffled', paths: orders, ruin: Number.POSITIVE_INFINITY, random } as const
  const { paths, drawdown, losingStreak } = pathsOf(nets, terms)
  return { paths, drawdown, losingStreak }
}
