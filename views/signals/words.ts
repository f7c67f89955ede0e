import type { CalibrationReading, PastCard, ShadowJob } from '#src/domain/picture.ts'
import { bucketOf, calibratedFrom, type Permutation } from '#src/domain/signals/calibration.ts'
import { ageText } from '../age.ts'
import { formatFixed, formatMoment, formatNumber } from '../format.ts'

/** Whose cards they were, as the end of a sentence; of the real market nothing is said. */
export const ofMarket = (market: string): string => {
  if (market === 'real') return ''
  return market.startsWith('sim-') ? ' of the simulated market' : ' of the rehearsed market'
}

/** A share as whole percent: 0.583 is '58'. */
const percent = (share: number): string => formatFixed(share * 100, 0)

/** A bucket by its quality: '60–70 %'. */
export const bucketWords = (from: number): string => `${from}–${from + 10} %`

/** What past cards of a quality say of it: a few words for the card, and the sentence behind them. */
export const recordWords = (
  calibration: CalibrationReading | undefined,
  quality: number,
): { readonly brief: string; readonly whole: string } => {
  const market = calibration?.market ?? 'real'
  const bucket = calibration && bucketOf(calibration.buckets, quality)
  const { n = 0, from = 10 * Math.min(9, Math.floor(quality / 10)) } = bucket ?? {}
  const whose = `cards${ofMarket(market)} drawn at ${bucketWords(from)}`
  if (bucket === undefined || !bucket.calibrated)
    return {
      brief: `uncalibrated: ${n} of ${calibratedFrom} cards`,
      whole: `Uncalibrated: of ${calibratedFrom} ${whose} ${n} are known. A score, not yet a probability.`,
    }
  const share = `${percent(bucket.share)} % of ${formatNumber(n)}${market === 'real' ? '' : ' sim'}`
  const interval = `${percent(bucket.low)}–${percent(bucket.high)} %`
  return {
    brief: `TP1 first ${share} (${interval})`,
    whole: `Past ${whose} reached TP1 first, once entered: ${share} (95 % interval ${interval}).`,
  }
}

/** The most a shuffle may be as good for a score to count as better than chance. */
const significant = 0.05

/** What the permutation test found, in one sentence. */
export const permutationWords = ({ p, runs, n, auc }: Permutation): string => {
  const asGood = Math.round(p * (1 + runs)) - 1
  const of = `${formatNumber(n)} cards entered, area under the curve ${formatFixed(auc, 2)}`
  return p <= significant && auc > 0.5
    ? `The score ordered winners before losers better than ${formatNumber(runs - asGood)} of ${formatNumber(runs)} shuffles, p = ${formatFixed(p, 3)} (${of}).`
    : `No better than chance: ${formatNumber(asGood)} of ${formatNumber(runs)} shuffles ordered winners before losers as well as the score, p = ${formatFixed(p, 3)} (${of}).`
}

const endWords: Readonly<Record<PastCard['endedAs'], string>> = {
  'target-1': 'TP1 first',
  stopped: 'stop first',
  expired: 'flat-by',
  invalid: 'never entered',
}

/** How a card ended; one that waited until flat-by was never entered either. */
export const endOf = ({ endedAs, enteredAt }: PastCard): string =>
  enteredAt === undefined ? endWords.invalid : endWords[endedAs]

const lastRunWords = ({ startedAt, endedAt, state, played, from, to }: NonNullable<ShadowJob['last']>): string => {
  const when = `Last run ${formatMoment(startedAt)}`
  if (state === 'failed') return `${when}: cut off; what was done is kept, the next run does the rest.`
  const dates = from === undefined || to === undefined || from === to ? (to ?? '') : `${from} to ${to}`
  return `${when}: ${formatNumber(played)} market dates (${dates}) in ${ageText(Math.max(1_000, endedAt - startedAt))}.`
}

/** What the work on past cards is doing, and what it did last. */
export const jobWords = ({ state, last }: ShadowJob): string => {
  const now = {
    waiting: 'Waiting until the stored history is whole.',
    running: 'Playing past trade dates.',
    idle:
      last === undefined ? 'Past trade dates are played a minute after the start, and every night at 17:40 ET.' : '',
    failed: 'It failed; the log says why. The next run tries again.',
  }[state]
  return [now, last && lastRunWords(last)].filter((each) => each).join(' ')
}
