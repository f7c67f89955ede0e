import type { InstrumentId } from '../instruments/instrument.ts'
import type { DateCoverage } from '../market/coverage.ts'
import type { Compared, FocusDraft, Parity } from '../night-paper.ts'
import { clockWords } from '../patterns/wording.ts'
import type { Bucket, Permutation } from '../signals/calibration.ts'

/** '1 trade', '2 trades', '1,204 trades'. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/** Markets that say the same stand together: 'MES, MNQ: every minute'. */
const together = (said: readonly { readonly instrument: InstrumentId; readonly words: string }[]): string => {
  const markets = new Map<string, InstrumentId[]>()
  for (const { instrument, words } of said) markets.set(words, [...(markets.get(words) ?? []), instrument])
  return [...markets].map(([words, ids]) => `${ids.join(', ')}: ${words}`).join('; ')
}

const shownHoles = 2

const holeWords = ({ holes }: DateCoverage, canLose: boolean): readonly string[] => {
  const minutes = holes.reduce((sum, { from, to }) => sum + (to - from) / 60_000, 0)
  if (minutes === 0) return []
  if (!canLose) return [`${counted(minutes, 'minute')} without a trade`]
  const stretches = holes.slice(0, shownHoles).map(({ from, to }) => `${clockWords(from)}–${clockWords(to)}`)
  const rest =
    holes.length > shownHoles ? ` and ${counted(holes.length - shownHoles, 'stretch', 'stretches')} more` : ''
  return [`${counted(minutes, 'minute')} missing (${stretches.join(', ')}${rest})`]
}

const faultsOf = (coverage: DateCoverage, canLose: boolean): string => {
  const { present, partial, offGrid, outliers } = coverage
  if (present === 0) return 'nothing is stored'
  const faults = [
    ...holeWords(coverage, canLose),
    ...(partial > 0 ? [`${counted(partial, 'minute')} in part`] : []),
    ...(offGrid > 0 ? [`${counted(offGrid, 'bar')} off the grid`] : []),
    ...(outliers > 0 ? [`${counted(outliers, 'bar')} far from the rest`] : []),
  ]
  return faults.length === 0 ? 'every minute' : faults.join(', ')
}

/**
 * What is held of a trade date, by market: 'MES, MNQ: every minute; MGC: 3 minutes missing (09:31 ET–09:34 ET)'. A market that
 * cannot lose what it was sent (`canLose` false) has no bar where nobody traded.
 */
export const qualityWords = (
  dates: readonly { readonly instrument: InstrumentId; readonly coverage: DateCoverage }[],
  canLose = true,
): string => together(dates.map(({ instrument, coverage }) => ({ instrument, words: faultsOf(coverage, canLose) })))

/** What became of a trade date's cards: '5 cards, 3 entered, 2 reached their first target'. */
export const shadowWords = (
  outcomes: readonly { readonly enteredAt?: number | undefined; readonly won: boolean }[],
): string => {
  const entered = outcomes.filter(({ enteredAt }) => enteredAt !== undefined)
  const won = entered.filter(({ won: has }) => has).length
  if (outcomes.length === 0) return 'no card was drawn'
  return `${counted(outcomes.length, 'card')}, ${entered.length} entered, ${won} reached ${won === 1 ? 'its' : 'their'} first target`
}

/** What the past says of the quality: '3 of 10 buckets calibrated; over 812 cards entered chance does as well with 0.012'. */
export const calibrationWords = (reading: {
  readonly n: number
  readonly buckets: readonly Pick<Bucket, 'calibrated'>[]
  readonly permutation?: Pick<Permutation, 'p'>
}): string => {
  const { n, buckets, permutation } = reading
  const calibrated = buckets.filter((bucket) => bucket.calibrated).length
  const chance =
    permutation === undefined ? 'nobody won or nobody lost yet' : `chance does as well with ${permutation.p.toFixed(3)}`
  return `${calibrated} of ${buckets.length} buckets calibrated; over ${counted(n, 'card')} entered ${chance}`
}

const comparedWords = ({ cards, transitions, differences }: Compared): string => {
  const over = `over ${counted(cards, 'card')} and ${counted(transitions, 'change')}`
  const open = differences.filter(({ explained }) => explained === undefined).length
  const rest =
    differences.length === 0
      ? ''
      : open === 0
        ? `, ${differences.length === 1 ? 'explained' : 'each explained'}`
        : `, ${open} unexplained`
  return `${counted(differences.length, 'difference')} ${over}${rest}`
}

/**
 * How live compares with its replay, and with the backtest where that was asked too:
 * '0 differences over 14 cards and 120 changes; backtest: 0 differences over 14 cards and 31 changes'.
 */
export const parityWords = ({ backtest, ...replay }: Parity): string =>
  `${comparedWords(replay)}${backtest ? `; backtest: ${comparedWords(backtest)}` : ''}`

/** Tomorrow in a line: 'MGC long 63, MES short 58; MNQ, MCL: nothing'. */
export const focusWords = (markets: readonly FocusDraft[]): string => {
  const carded = markets.filter(({ bias, excluded }) => bias !== 'neutral' && !excluded)
  const rest = markets.filter((each) => !carded.includes(each)).map(({ instrument }) => instrument)
  const drawn = carded.map(({ instrument, bias, quality }) => `${instrument} ${bias} ${Math.round(quality)}`).join(', ')
  return [...(drawn === '' ? [] : [drawn]), ...(rest.length === 0 ? [] : [`${rest.join(', ')}: nothing`])].join('; ')
}
