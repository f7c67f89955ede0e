import { normalQuantile, normalShare } from './normal.ts'

/** A Sharpe ratio per day, not annualised, and the shape of the results it was measured on; `kurtosis` of a normal is 3. */
export type Sharpe = {
  readonly n: number
  readonly ratio: number
  readonly skew: number
  readonly kurtosis: number
}

/** Mean over sample standard deviation (n − 1) of daily results, with their moments; 0 where nothing ever varied. */
export const sharpeOf = (results: Float64Array): Sharpe => {
  const n = results.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += results[i] as number
  const mean = sum / n
  let two = 0
  let three = 0
  let four = 0
  for (let i = 0; i < n; i++) {
    const away = (results[i] as number) - mean
    const square = away * away
    two += square
    three += square * away
    four += square * square
  }
  if (!(two > 0)) return { n, ratio: 0, skew: 0, kurtosis: 3 }
  const variance = two / n
  return {
    n,
    ratio: mean / Math.sqrt(two / (n - 1)),
    skew: three / n / variance ** 1.5,
    kurtosis: four / n / variance ** 2,
  }
}

/**
 * The chance that the true Sharpe ratio lies above `benchmark` (per day, like the ratio):
 * Φ((SR − SR*)·√(n − 1) / √(1 − γ₃·SR + (γ₄ − 1)/4·SR²)) (Bailey & López de Prado 2012, The Sharpe Ratio Efficient Frontier).
 * NaN of fewer than two days.
 */
export const probabilisticSharpe = ({ n, ratio, skew, kurtosis }: Sharpe, benchmark: number): number => {
  const spread = 1 - skew * ratio + ((kurtosis - 1) / 4) * ratio * ratio
  return n < 2 ? Number.NaN : normalShare(((ratio - benchmark) * Math.sqrt(n - 1)) / Math.sqrt(spread))
}

const eulerMascheroni = 0.5772156649015329

/**
 * The Sharpe ratio the best of so many independent trials reaches when none has an edge; `variance` of the ratios across
 * trials: √V·((1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))) (Bailey & López de Prado 2014, The Deflated Sharpe Ratio). 0 for one.
 */
export const expectedMaximumSharpe = (trials: number, variance: number): number =>
  trials < 2
    ? 0
    : Math.sqrt(variance) *
      ((1 - eulerMascheroni) * normalQuantile(1 - 1 / trials) +
        eulerMascheroni * normalQuantile(1 - 1 / (trials * Math.E)))

const varianceOf = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}

/** What is left of the Sharpe ratio of the trial that was chosen once it is counted how many were tried. */
export type DeflatedSharpe = {
  readonly ratio: number
  /** What the best of so many would have shown by luck. */
  readonly benchmark: number
  readonly trials: number
  /** The chance that the true ratio lies above the benchmark, 0–1. */
  readonly probability: number
  /** Both by the published ratio, the variance across the trials as it is; absent in what an older version concluded. */
  readonly published?: { readonly benchmark: number; readonly probability: number }
}

/**
 * The deflated Sharpe ratio of `chosen` among all that was tried, each row the daily results of one trial. The variance
 * across trials is taken no larger than chance alone makes it where none has an edge, 1/(n − 1) (Lo 2002): a search tries
 * truly bad corners, and as published their distance from the good ones counts as luck, so that the better a true edge is
 * told from them the surer it is refused. Grouping the trials that resemble each other does not mend it, as the groups
 * differ the more. Trials are counted in full, which is the harder.
 */
export const deflatedSharpe = (rows: readonly Float64Array[], chosen: number): DeflatedSharpe => {
  const own = sharpeOf(rows[chosen] as Float64Array)
  const trials = rows.length
  const variance = trials < 2 ? 0 : varianceOf(rows.map((row) => sharpeOf(row).ratio))
  const against = (luck: number) => {
    const benchmark = expectedMaximumSharpe(trials, luck)
    return { benchmark, probability: probabilisticSharpe(own, benchmark) }
  }
  return { ratio: own.ratio, trials, ...against(Math.min(variance, 1 / (own.n - 1))), published: against(variance) }
}
