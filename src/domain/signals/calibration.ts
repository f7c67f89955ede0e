/** What became of one past card that was entered: its quality when drawn, and whether the first target came before the stop. */
export type Outcome = { readonly quality: number; readonly won: boolean }

/** A share with its 95 % Wilson score interval (Wilson 1927). */
export type Proportion = { readonly n: number; readonly share: number; readonly low: number; readonly high: number }

const z = 1.959963984540054

/** The share of `hits` in `n` with the interval that holds the true share in 95 of 100 cases; NaN of nothing. */
export const proportionOf = (hits: number, n: number): Proportion => {
  const share = hits / n
  const square = (z * z) / n
  const middle = (share + square / 2) / (1 + square)
  const half = (z * Math.sqrt((share * (1 - share)) / n + square / (4 * n))) / (1 + square)
  return { n, share, low: middle - half, high: middle + half }
}

/** How often cards of one bucket of quality, [from, from + 10), reached their first target before their stop. */
export type Bucket = Proportion & { readonly from: number; readonly calibrated: boolean }

/** Below so many cards a bucket is a story, not a number. */
export const calibratedFrom = 100

/** The ten buckets of quality, 0–10 to 90–100; an empty one has n = 0 and NaN. */
export const calibrationOf = (outcomes: readonly Outcome[]): readonly Bucket[] =>
  Array.from({ length: 10 }, (_, tens) => {
    const own = outcomes.filter(({ quality }) => Math.min(9, Math.floor(quality / 10)) === tens)
    const hits = own.filter(({ won }) => won).length
    return { from: 10 * tens, ...proportionOf(hits, own.length), calibrated: own.length >= calibratedFrom }
  })

/** The bucket a quality falls into. */
export const bucketOf = (buckets: readonly Bucket[], quality: number): Bucket | undefined =>
  buckets[Math.min(9, Math.floor(quality / 10))]

/** Whether a higher quality went with a win more often than chance would have it. */
export type Permutation = {
  readonly n: number
  /** Chance that a random winner had the higher quality than a random loser (area under the ROC curve); 0.5 is a coin. */
  readonly auc: number
  /** Share of shuffles that did as well or better, the real order counted among them; NaN where nobody won or lost. */
  readonly p: number
  readonly runs: number
}

/** Mid-ranks, 1-based: equal values share the mean of their places. */
const ranksOf = (values: readonly number[]): Float64Array => {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++
    for (let i = from; i <= to; i++) ranks[order[i] as number] = (from + to) / 2 + 1
    from = to + 1
  }
  return ranks
}

/**
 * Permutation test of the score against chance: wins are dealt anew among the cards `runs` times and the area under the ROC
 * curve (Mann–Whitney U over n₁·n₂) compared; one-sided p = (1 + as good or better) / (1 + runs) (Phipson & Smyth 2010).
 */
export const permutationTest = (outcomes: readonly Outcome[], runs: number, random: () => number): Permutation => {
  const n = outcomes.length
  const ranks = ranksOf(outcomes.map(({ quality }) => quality))
  const wins = outcomes.filter(({ won }) => won).length
  const pairs = wins * (n - wins)
  const base = (wins * (wins + 1)) / 2
  const real = outcomes.reduce((sum, { won }, i) => (won ? sum + (ranks[i] as number) : sum), 0)
  if (pairs === 0) return { n, auc: Number.NaN, p: Number.NaN, runs }
  let asGood = 0
  for (let run = 0; run < runs; run++) {
    let sum = 0
    // The first `wins` places of a Fisher–Yates shuffle are a fair draw of winners.
    for (let i = 0; i < wins; i++) {
      const j = i + Math.floor(random() * (n - i))
      const drawn = ranks[j] as number
      ranks[j] = ranks[i] as number
      ranks[i] = drawn
      sum += drawn
    }
    if (sum >= real - 1e-9) asGood++
  }
  return { n, auc: (real - base) / pairs, p: (1 + asGood) / (1 + runs), runs }
}
