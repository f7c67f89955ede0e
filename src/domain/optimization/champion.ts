import { nextTradeDate } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import { type HonestyCheck, honestyLines, honestyNames, inR } from './honesty.ts'
import { pickDays, tallyOf } from './objective.ts'
import { keyOf, type Parameters } from './search-space.ts'
import type { DayColumns } from './trial.ts'
import type { OutOfSample } from './walk-forward-result.ts'

/** By how much a challenger must be better out of sample, and how surely. */
type Margin = {
  /** Mean R a trade. */
  readonly r: number
  /** Standard errors of the dates' differences in R by which the mean difference must lie above zero. */
  readonly standardErrors: number
}

const usualMargin: Margin = { r: 0.03, standardErrors: 1 }

export type Challenge = {
  /** Its days are rows of `dates`, which hold all dates the challenger was tried on. */
  readonly champion: { readonly parameters: Parameters; readonly dates: readonly string[]; readonly days: DayColumns }
  /** What would be played, null where nothing could be chosen, and what the way of choosing it made on dates it had not seen. */
  readonly challenger: { readonly parameters: Parameters | null; readonly outOfSample: OutOfSample }
  /** The honesty checks the challenger did not pass. */
  readonly failed: readonly HonestyCheck[]
  /** The trade date of the decision: a change takes effect on the next one. */
  readonly group: MarketGroup
  readonly date: string
  readonly margin?: Margin
  /** Out-of-sample trades a challenger must have made. */
  readonly minimumTrades?: number
}

/** Why a champion was kept, or that it was not. */
type ChampionVerdict =
  | 'takes-over'
  | 'nothing-chosen'
  | 'same'
  | 'too-few-trades'
  | 'not-honest'
  | 'margin'
  | 'within-error'
  | 'overruled'

/** Mean R a trade, null of no trades. */
type TradeRecord = { readonly r: number | null; readonly trades: number }

export type ChampionDecision = {
  readonly verdict: ChampionVerdict
  readonly champion: TradeRecord
  readonly challenger: TradeRecord
  /** Challenger less champion in R a date: the mean over the dates, and its standard error; null of fewer than two dates. */
  readonly difference: number
  readonly standardError: number | null
  /** The first trade date of the new parameters, null where the champion is kept. */
  readonly effective: string | null
  /** What the trader reads. */
  readonly words: string
}

/** What sums of decimals leave: 0.10 − 0.07 is 0.03. */
const rounding = 1e-9

const recordOf = (days: DayColumns): TradeRecord => {
  const { r, trades } = tallyOf(days, { from: 0, to: days.net.length })
  return { r: trades > 0 ? r / trades : null, trades }
}

/** Mean and standard error of the dates' differences in R: what both did on one date they did in the same market. */
const differenceOf = (champion: DayColumns, challenger: DayColumns) => {
  const n = champion.r.length
  const differences = challenger.r.map((r, date) => r - (champion.r[date] as number))
  const mean = differences.reduce((sum, each) => sum + each, 0) / n
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return { difference: n > 0 ? mean : 0, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null }
}

/** What the champion made on the dates the challenger was tried on. */
const sameDates = ({ dates, days }: Challenge['champion'], tried: OutOfSample): DayColumns => {
  const rowOf = new Map(dates.map((date, row) => [date, row]))
  return pickDays(tried.dates.map((date) => ({ date: rowOf.get(date) ?? Number.NaN, days })))
}

/** A decision that was overruled afterwards, and why; as it was where it was not. */
export const overruledBy = (decision: ChampionDecision, words: string | undefined): ChampionDecision =>
  words === undefined ? decision : { ...decision, verdict: 'overruled', effective: null, words }

const rWords = (r: number | null): string => (r === null ? 'nothing' : inR(r))

/**
 * Decides whether a challenger takes over: it must be another set, have traded enough, have passed every honesty check, and
 * be better out of sample by the margin in R a trade and by standard errors of the paired difference. The champion is kept in
 * doubt; without a trade it counts as 0 R.
 */
export const challenge = ({
  champion,
  challenger,
  failed,
  group,
  date,
  margin = usualMargin,
  minimumTrades = honestyLines.trades,
}: Challenge): ChampionDecision => {
  const days = challenger.outOfSample.days
  const before = sameDates(champion, challenger.outOfSample)
  const ours = recordOf(before)
  const theirs = recordOf(days)
  const { difference, standardError } = differenceOf(before, days)
  const better = (theirs.r ?? 0) - (ours.r ?? 0)
  const against = `the challenger made ${rWords(theirs.r)} a trade against ${rWords(ours.r)} over ${theirs.trades} trades`
  const decided = (verdict: ChampionVerdict, words: string): ChampionDecision => ({
    verdict,
    champion: ours,
    challenger: theirs,
    difference,
    standardError,
    effective: null,
    words: `kept: ${words}`,
  })
  if (challenger.parameters === null) return decided('nothing-chosen', 'the newest dates are too few to choose by')
  if (keyOf(champion.parameters) === keyOf(challenger.parameters)) {
    return decided('same', 'the search found the champion again')
  }
  if (theirs.trades < minimumTrades) {
    return decided('too-few-trades', `${theirs.trades} trades out of sample, ${minimumTrades} are asked for`)
  }
  if (failed.length > 0)
    return decided(
      'not-honest',
      `the challenger failed ${failed.map((name) => honestyNames[name].toLowerCase()).join(', ')}`,
    )
  if (better < margin.r - rounding) return decided('margin', `${against}, not ${rWords(margin.r)} better`)
  if (standardError === null || difference < margin.standardErrors * standardError) {
    return decided(
      'within-error',
      `${against}, but day by day the difference of ${inR(difference, 3)} is within ${margin.standardErrors} × its error of ${standardError === null ? 'unknown size' : inR(standardError, 3)}`,
    )
  }
  const effective = nextTradeDate(group, date)
  return {
    ...decided('takes-over', ''),
    effective,
    words: `${against}: takes over on ${effective}`,
  }
}
