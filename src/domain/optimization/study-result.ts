import type { Money } from '../money.ts'
import type { ChampionDecision } from './champion.ts'
import type { DeflatedSharpe } from './deflated-sharpe.ts'
import type { Honesty } from './honesty.ts'
import type { Overfitting } from './overfitting.ts'
import type { ChanceTest } from './permutation.ts'
import type { RandomControl } from './random-control.ts'
import type { Parameters } from './search-space.ts'
import type { WalkForward } from './walk-forward-result.ts'

/** What chance makes of every set that was tried, each by its R a date over all dates as if it were the only one. */
type TrialTests = {
  /** By the trial's number. */
  readonly p: readonly number[]
  readonly runs: number
  /** The number of the challenger; null where nothing was chosen. */
  readonly chosen: number | null
}

/** The tests behind the verdict; absent where there was too little to test. */
export type StudyTests = {
  readonly deflatedSharpe?: DeflatedSharpe
  readonly overfitting?: Overfitting
  /** Of the out-of-sample dates. */
  readonly permutation?: ChanceTest
  readonly randomEntry?: RandomControl
  /** For the decision, which counts the trials of other studies as well. */
  readonly trials?: TrialTests
}

/** What an optimisation came to; plain JSON, the same bytes whoever computed the trials. */
export type StudyResult = {
  /** Sets tried, of how many there are. */
  readonly tried: number
  readonly of: number
  /** Trade dates of the bars. */
  readonly dates: { readonly from: string; readonly to: string; readonly count: number }
  /** The best over all dates: what a search without a walk-forward would have believed. Score null where none could be judged. */
  readonly best: { readonly number: number; readonly parameters: Parameters; readonly score: number | null }
  /** The parameters the next trade date would be played with: chosen by the newest training window. */
  readonly challenger: Parameters | null
  readonly walkForward: WalkForward | null
  /** Trade dates one fold would take, where the history is too short for a walk-forward. */
  readonly needs: number | null
  /** What the parameters chosen before made on each date tried on. */
  readonly outOfSample: { readonly dates: readonly string[]; readonly net: readonly Money[] }
  /** The same dates with the champion's parameters. */
  readonly championNet: readonly Money[]
  readonly tests: StudyTests
  readonly honesty: Honesty
  readonly decision: ChampionDecision
}
