/** Whether choosing the best of the past found anything that lasts. */
export type Overfitting = {
  readonly trials: number
  readonly splits: number
  /** The share of splits in which the best of one half was no better than the median in the other. */
  readonly probability: number
  /** Logits of the winner's rank in the other half: how many splits fell into each bin of `width` from `from` on. */
  readonly logits: { readonly from: number; readonly width: number; readonly counts: readonly number[] }
  /** Daily Sharpe ratio of the winners in the other half by that in their own: negative where the better did the worse. */
  readonly degradation: { readonly slope: number; readonly intercept: number }
  /** The share of splits in which the winner lost money in the other half. */
  readonly lossShare: number
}

const blocks = 16
const half = blocks / 2
const subsets = 1 << half
const everyBlock = (1 << blocks) - 1
const binWidth = 0.5

/** The first date of each block and the end of the last; blocks differ by one date where they cannot be equal. */
const edgesOf = (dates: number): readonly number[] =>
  Array.from({ length: blocks + 1 }, (_, block) => Math.floor((block * dates) / blocks))

/** One number of every trial for each block, a row of trials each: the sum of `of` over the block's dates. */
const blockSums = (rows: readonly Float64Array[], edges: readonly number[], of: (result: number) => number) => {
  const sums = new Float64Array(blocks * rows.length)
  for (const [trial, row] of rows.entries())
    for (let block = 0; block < blocks; block++) {
      let sum = 0
      for (let d = edges[block] as number; d < (edges[block + 1] as number); d++) sum += of(row[d] as number)
      sums[block * rows.length + trial] = sum
    }
  return sums
}

/** The sums of every subset of eight neighbouring blocks: those of any half of the dates are then two rows added. */
const subsetSums = (sums: Float64Array, trials: number, first: number): Float64Array => {
  const subsetRows = new Float64Array(subsets * trials)
  for (let mask = 1; mask < subsets; mask++) {
    const rest = (mask & (mask - 1)) * trials
    const block = (first + 31 - Math.clz32(mask & -mask)) * trials
    for (let t = 0; t < trials; t++)
      subsetRows[mask * trials + t] = (subsetRows[rest + t] as number) + (sums[block + t] as number)
  }
  return subsetRows
}

const blocksIn = (mask: number): number => {
  let n = 0
  for (let rest = mask; rest > 0; rest &= rest - 1) n++
  return n
}

/** Every choice of half of the blocks that holds the first one; the others are their complements. */
const splitMasks = (): readonly number[] => {
  const masks: number[] = []
  for (let mask = 1; mask <= everyBlock; mask += 2) if (blocksIn(mask) === half) masks.push(mask)
  return masks
}

/** One half of the dates: of each trial the sum and the sum of squares there, and what orders it among the others. */
type Half = {
  days: number
  readonly sum: Float64Array
  readonly squares: Float64Array
  readonly score: Float64Array
}

const emptyHalf = (trials: number): Half => ({
  days: 0,
  sum: new Float64Array(trials),
  squares: new Float64Array(trials),
  score: new Float64Array(trials),
})

/** Fills a half by the mask of its blocks. */
const halvesOf = (rows: readonly Float64Array[]): ((into: Half, mask: number) => void) => {
  const trials = rows.length
  const edges = edgesOf((rows[0] as Float64Array).length)
  const sums = blockSums(rows, edges, (result) => result)
  const squares = blockSums(rows, edges, (result) => result * result)
  const [lowSums, highSums] = [subsetSums(sums, trials, 0), subsetSums(sums, trials, half)]
  const [lowSquares, highSquares] = [subsetSums(squares, trials, 0), subsetSums(squares, trials, half)]
  return (into, mask) => {
    const low = (mask & (subsets - 1)) * trials
    const high = (mask >> half) * trials
    into.days = edges.reduce((n, edge, block) => n + ((mask >> block) & 1) * ((edges[block + 1] ?? edge) - edge), 0)
    for (let t = 0; t < trials; t++) {
      const sum = (lowSums[low + t] as number) + (highSums[high + t] as number)
      const square = (lowSquares[low + t] as number) + (highSquares[high + t] as number)
      into.sum[t] = sum
      into.squares[t] = square
      // Over the same days s·|s|/Σx² orders the trials as their Sharpe ratios do; one that never traded has 0.
      into.score[t] = (sum * Math.abs(sum)) / (square + Number.MIN_VALUE)
    }
  }
}

const bestOf = (score: Float64Array): number => {
  let best = 0
  for (let t = 1; t < score.length; t++) if ((score[t] as number) > (score[best] as number)) best = t
  return best
}

/** The rank of one score from the worst, 1; equal ones share the mean of their places. */
const rankOf = (score: Float64Array, one: number): number => {
  const reached = score[one] as number
  let below = 0
  let equal = 0
  for (let t = 0; t < score.length; t++) {
    if ((score[t] as number) < reached) below++
    else if (score[t] === reached) equal++
  }
  return below + (equal + 1) / 2
}

const sharpeIn = ({ days, sum, squares }: Half, trial: number): number => {
  const mean = (sum[trial] as number) / days
  const variance = ((squares[trial] as number) - mean * (sum[trial] as number)) / (days - 1)
  return variance > 0 ? mean / Math.sqrt(variance) : 0
}

const binsOf = (values: Float64Array): Overfitting['logits'] => {
  const bins = values.map((value) => Math.floor(value / binWidth))
  const first = bins.reduce((least, bin) => Math.min(least, bin), 0)
  const last = bins.reduce((most, bin) => Math.max(most, bin), 0)
  const counts = new Array<number>(last - first + 1).fill(0)
  for (const bin of bins) counts[bin - first] = (counts[bin - first] as number) + 1
  return { from: first * binWidth, width: binWidth, counts }
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The straight line of least squares. */
const lineThrough = (x: Float64Array, y: Float64Array): Overfitting['degradation'] => {
  const [meanX, meanY] = [meanOf(x), meanOf(y)]
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  const shared = x.reduce((sum, value, i) => sum + (value - meanX) * ((y[i] as number) - meanY), 0)
  const slope = spread > 0 ? shared / spread : 0
  return { slope, intercept: meanY - slope * meanX }
}

/**
 * The probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado &
 * Zhu 2017): the dates are cut into 16 blocks; for each of the 12,870 ways to take half of them the trial with the best daily
 * Sharpe ratio is chosen there and ranked in the other half, ω = rank/(N + 1), logit ln(ω/(1 − ω)). Each row holds the daily
 * results of one trial; throws RangeError on fewer than two trials or fewer than 32 days. Where all trials have the same
 * edge there is nothing to choose between them, and the probability is near a half although the edge is real.
 */
export const overfittingOf = (rows: readonly Float64Array[]): Overfitting => {
  const trials = rows.length
  if (trials < 2 || (rows[0] as Float64Array).length < 2 * blocks)
    throw new RangeError('two trials and 32 days are the least that can be split')
  const fill = halvesOf(rows)
  const masks = splitMasks()
  const splits = 2 * masks.length
  const [logits, own, other] = [new Float64Array(splits), new Float64Array(splits), new Float64Array(splits)]
  const [one, rest] = [emptyHalf(trials), emptyHalf(trials)]
  let [split, overfit, lost] = [0, 0, 0]
  const judge = (chosenIn: Half, triedIn: Half): void => {
    const winner = bestOf(chosenIn.score)
    const rank = rankOf(triedIn.score, winner)
    if (2 * rank <= trials + 1) overfit++
    if ((triedIn.sum[winner] as number) < 0) lost++
    logits[split] = Math.log(rank / (trials + 1 - rank))
    own[split] = sharpeIn(chosenIn, winner)
    other[split] = sharpeIn(triedIn, winner)
    split++
  }
  for (const mask of masks) {
    fill(one, mask)
    fill(rest, everyBlock ^ mask)
    judge(one, rest)
    judge(rest, one)
  }
  return {
    trials,
    splits,
    probability: overfit / splits,
    logits: binsOf(logits),
    degradation: lineThrough(own, other),
    lossShare: lost / splits,
  }
}
