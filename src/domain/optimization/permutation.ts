/** One result against what chance makes of it in so many runs. */
export type ChanceTest = { readonly observed: number; readonly p: number; readonly runs: number }

/** p of a test by chance: the observed itself is one of the runs (Phipson & Smyth 2010), so it is never 0. */
export const shareAsGood = (asGood: number, runs: number): number => (1 + asGood) / (1 + runs)

/** Sums of the same numbers in another order differ in their last bits; that is no difference. */
const tolerance = 1e-12

/**
 * Whether daily results are better than a coin: in each of `runs` every day's result gets either sign at random. The null
 * says that a day was as likely to lose what it made as to make it; one-sided, `observed` is the mean of a day (Money).
 */
export const signFlipTest = (net: Float64Array, runs: number, random: () => number): ChanceTest => {
  const results = net.filter((one) => one !== 0)
  const total = results.reduce((sum, one) => sum + one, 0)
  const nearly = total - tolerance * results.reduce((sum, one) => sum + Math.abs(one), 0)
  let asGood = 0
  for (let run = 0; run < runs; run++) {
    let sum = 0
    for (let i = 0; i < results.length; i++) sum += random() < 0.5 ? (results[i] as number) : -(results[i] as number)
    if (sum >= nearly) asGood++
  }
  return { observed: net.length === 0 ? 0 : total / net.length, p: shareAsGood(asGood, runs), runs }
}

/** The best of many trials against the best of as many without an edge. */
export type RealityCheck = {
  /** Index of the best trial, and its t-statistic, √n·mean/deviation. */
  readonly best: number
  readonly statistic: number
  /** The chance that the best of so many trials without an edge does as well. */
  readonly p: number
  readonly runs: number
  /** The same of each trial as if it were the only one: for Benjamini and Hochberg. */
  readonly each: readonly number[]
}

const momentsOf = (row: Float64Array): { readonly mean: number; readonly deviation: number } => {
  const mean = row.reduce((sum, one) => sum + one, 0) / row.length
  const squares = row.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (row.length - 1)) }
}

/** How often each date is drawn by a stationary bootstrap: from a date on to the next ones, anew with chance 1/block. */
const drawDates = (drawn: Int32Array, block: number, random: () => number): void => {
  const n = drawn.length
  drawn.fill(0)
  let at = Math.floor(random() * n)
  for (let i = 0; i < n; i++) {
    drawn[at] = (drawn[at] as number) + 1
    at = random() * block < 1 ? Math.floor(random() * n) : at + 1 === n ? 0 : at + 1
  }
}

/** Each trial's results less their mean, in units of mean's own deviation; a row of trials per date. */
const centred = (rows: readonly Float64Array[], moments: ReturnType<typeof momentsOf>[]): Float64Array => {
  const trials = rows.length
  const n = rows[0]?.length ?? 0
  const table = new Float64Array(n * trials)
  for (const [t, row] of rows.entries()) {
    const { mean, deviation } = moments[t] as (typeof moments)[number]
    const scale = deviation > 0 ? 1 / (deviation * Math.sqrt(n)) : 0
    for (let d = 0; d < n; d++) table[d * trials + t] = ((row[d] as number) - mean) * scale
  }
  return table
}

/**
 * White's reality check (2000) of the best of many trials, each mean in units of its deviation (Hansen 2005) so that no wild
 * trial hides a steady one; rows are daily results over the same dates. The null says that no trial makes money: the dates
 * are drawn anew in blocks of `block` dates on average (Politis & Romano 1994), the same for all trials, so that what they
 * have in common stays, and every trial is measured from its own mean. NaN of no trials.
 */
export const realityCheck = (
  rows: readonly Float64Array[],
  { runs, random, block = Math.cbrt(rows[0]?.length ?? 1) }: { runs: number; random: () => number; block?: number },
): RealityCheck => {
  const trials = rows.length
  const n = rows[0]?.length ?? 0
  const moments = rows.map(momentsOf)
  const statistics = Float64Array.from(moments, ({ mean, deviation }) =>
    deviation > 0 ? (Math.sqrt(n) * mean) / deviation : 0,
  )
  const best = statistics.reduce((at, one, t) => (one > (statistics[at] as number) ? t : at), 0)
  const statistic = statistics[best] ?? Number.NaN
  const table = centred(rows, moments)
  const drawn = new Int32Array(n)
  const sums = new Float64Array(trials)
  const asGood = new Int32Array(trials)
  let bestAsGood = 0
  for (let run = 0; run < runs; run++) {
    drawDates(drawn, block, random)
    sums.fill(0)
    for (let d = 0; d < n; d++) {
      const times = drawn[d] as number
      if (times === 0) continue
      const row = d * trials
      for (let t = 0; t < trials; t++) sums[t] = (sums[t] as number) + times * (table[row + t] as number)
    }
    let most = Number.NEGATIVE_INFINITY
    for (let t = 0; t < trials; t++) {
      const sum = sums[t] as number
      if (sum > most) most = sum
      if (sum >= (statistics[t] as number) - tolerance) asGood[t] = (asGood[t] as number) + 1
    }
    if (most >= statistic - tolerance) bestAsGood++
  }
  const each = Array.from(asGood, (times) => shareAsGood(times, runs))
  return { best, statistic, p: trials === 0 ? Number.NaN : shareAsGood(bestAsGood, runs), runs, each }
}
