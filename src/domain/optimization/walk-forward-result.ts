import { driftOf, type ParameterDrift } from './drift.ts'
import { honestyLines } from './honesty.ts'
import { type DateSpan, pickDays, scoreOf, tallyOf } from './objective.ts'
import type { Parameters, SearchSpace } from './search-space.ts'
import type { DayColumns, Objective, Trial, Windows } from './trial.ts'
import { newestTraining, type WalkFold } from './walk-forward-windows.ts'

/** First and last trade date. */
type Dates = { readonly from: string; readonly to: string }

/** What a set of parameters came to on some dates: net Money, mean R a trade; null where there is none. */
type Sample = {
  readonly net: number
  readonly r: number | null
  readonly trades: number
  readonly score: number | null
}

/** What was learned on some dates; without parameters where no set made trades enough to be judged. */
type Choice = { readonly train: Dates; readonly number: number | null; readonly parameters: Parameters | null }

type FoldResult = Choice & {
  readonly test: Dates
  readonly inSample: Sample
  readonly outOfSample: Sample
  /** Out-of-sample ÷ in-sample mean R a trade; null where less than `leastPromise` was there to retain. */
  readonly retention: number | null
  /** Against the fold before that chose; null in the first. */
  readonly drift: ParameterDrift | null
}

/** How a way of choosing parameters fared on dates it had not seen. Plain JSON. */
export type WalkForward = {
  readonly windows: Windows
  readonly objective: Objective
  /** Oldest first. */
  readonly folds: readonly FoldResult[]
  /** The dates tried on, each once. */
  readonly outOfSample: Sample
  /**
   * R made out of sample ÷ R the same trades would have made at their folds' in-sample mean. A fold that lost in sample
   * promised nothing: it adds what it made, not a negative promise that would flatter the others. null where all
   * promised less than `leastPromise` a trade.
   */
  readonly retention: number | null
  /** Whether `retention` reaches the line of the honesty checks. */
  readonly retained: boolean
  /** Whether a parameter moved by more than the alert from one fold to the next. */
  readonly drifted: boolean
  /** Chosen on the newest dates: what the next trade date would be played with. */
  readonly next: Choice
}

/** The dates tried on, each with what the parameters chosen before it made of it. */
export type OutOfSample = { readonly dates: readonly string[]; readonly days: DayColumns }

export type Walked =
  | { readonly ok: true; readonly walkForward: WalkForward; readonly outOfSample: OutOfSample }
  /** `needs` trade dates for one fold. */
  | { readonly ok: false; readonly reason: 'too-short'; readonly needs: number }

/** How a walk is laid and judged. */
export type Walk = {
  readonly space: SearchSpace
  /** Trade dates, ascending; the rows of every trial. */
  readonly dates: readonly string[]
  readonly windows: Windows
  readonly objective: Objective
  /** Trades a set must have made in a training window to be chosen there. */
  readonly minimumTrades: number
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

const nothing: Sample = { net: 0, r: null, trades: 0, score: null }

const sampleOf = (days: DayColumns, span: DateSpan, objective: Objective): Sample => {
  const { net, r, trades } = tallyOf(days, span)
  return { net, r: finite(r / trades), trades, score: finite(scoreOf(days, span, objective, 1)) }
}

/** What a fold promised and made in R: its in-sample mean, never below nothing, over the trades out of sample. */
const promised = ({ inSample, outOfSample }: FoldResult): number => Math.max(0, inSample.r ?? 0) * outOfSample.trades
const made = ({ outOfSample }: FoldResult): number => (outOfSample.r ?? 0) * outOfSample.trades
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** A share of nearly nothing says nothing: in-sample mean R a trade from which on there is an edge to retain. */
export const leastPromise = 0.05

const retentionOf = (folds: readonly FoldResult[]): number | null => {
  const promise = sum(folds.map(promised))
  const trades = sum(folds.map(({ outOfSample }) => outOfSample.trades))
  return trades > 0 && promise / trades >= leastPromise ? sum(folds.map(made)) / promise : null
}

const datesOf = (dates: readonly string[], { from, to }: DateSpan): Dates => ({
  from: dates[from] as string,
  to: dates[to - 1] as string,
})

const choiceOf = (dates: readonly string[], train: DateSpan, chosen: Trial | undefined): Choice => ({
  train: datesOf(dates, train),
  number: chosen?.number ?? null,
  parameters: chosen?.parameters ?? null,
})

const foldResultOf = (
  { dates, objective, space }: Walk,
  { train, test }: WalkFold,
  chosen: Trial | undefined,
  before: Trial | undefined,
): FoldResult => {
  const fold = {
    ...choiceOf(dates, train, chosen),
    test: datesOf(dates, test),
    inSample: chosen === undefined ? nothing : sampleOf(chosen.days, train, objective),
    outOfSample: chosen === undefined ? nothing : sampleOf(chosen.days, test, objective),
    retention: null,
    drift: chosen && before ? driftOf(space, before.parameters, chosen.parameters) : null,
  }
  return { ...fold, retention: retentionOf([fold]) }
}

/** Joins the folds' tests; where they overlap a date is judged by the newest fold, and a fold without a choice stays flat. */
const joined = (
  dates: readonly string[],
  folds: readonly WalkFold[],
  chosen: readonly (Trial | undefined)[],
): OutOfSample => {
  const rows = folds.flatMap(({ test }, i) => {
    const to = Math.min(test.to, folds[i + 1]?.test.from ?? test.to)
    return Array.from({ length: Math.max(0, to - test.from) }, (_, k) => ({
      date: test.from + k,
      days: chosen[i]?.days,
    }))
  })
  return { dates: rows.map(({ date }) => dates[date] as string), days: pickDays(rows) }
}

/** Lays out what the choices came to; `chosen` has one of each fold and, last, that of the newest training. */
export const walkedOf = (walk: Walk, folds: readonly WalkFold[], chosen: readonly (Trial | undefined)[]): Walked => {
  const { dates, windows, objective } = walk
  const results = folds.map((fold, i) =>
    foldResultOf(
      walk,
      fold,
      chosen[i],
      chosen.slice(0, i).findLast((trial) => trial !== undefined),
    ),
  )
  const outOfSample = joined(dates, folds, chosen)
  const retention = retentionOf(results)
  const { train, test, step } = windows
  return {
    ok: true,
    outOfSample,
    walkForward: {
      windows: { train, test, step },
      objective,
      folds: results,
      outOfSample: sampleOf(outOfSample.days, { from: 0, to: outOfSample.dates.length }, objective),
      retention,
      retained: retention !== null && retention >= honestyLines.retention,
      drifted: results.some(({ drift }) => drift !== null && drift.alerts.length > 0),
      next: choiceOf(dates, newestTraining(dates, windows), chosen[folds.length]),
    },
  }
}
