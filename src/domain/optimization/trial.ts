import type { Discipline, Terms } from '../backtest/terms.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Parameters } from './search-space.ts'

/**
 * What one set of parameters made on each trade date of the history, as columns by date. As every trade ends on the date it
 * began, any stretch of dates is judged by its rows alone, and one run serves every window of a walk-forward.
 */
export type DayColumns = {
  /** Net Money. */
  readonly net: Float64Array
  /** Sum of the trades' net in R, and of its squares. */
  readonly r: Float64Array
  readonly rSquared: Float64Array
  readonly trades: Int32Array
  readonly wins: Int32Array
}

/** One set of parameters tried; `number` counts from 0 within its study. */
export type Trial = { readonly number: number; readonly parameters: Parameters; readonly days: DayColumns }

/** What a study maximises over a stretch of dates. */
const objectives = ['expectancy', 'net', 'sharpe'] as const
export type Objective = (typeof objectives)[number]

export const searchMethods = ['grid', 'random', 'model'] as const
export type SearchMethod = (typeof searchMethods)[number]

/** Lengths in months of what a walk-forward learns on, is tried on, and moves by. */
export type Windows = { readonly train: number; readonly test: number; readonly step: number }

/** Everything that fixes the outcome of an optimisation: the same study gives the same bytes on every machine. */
export type StudySpec = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly method: SearchMethod
  readonly objective: Objective
  readonly seed: number
  /** Sets of parameters to try. */
  readonly budget: number
  /** Sets proposed at once: the model learns after each round, whoever computes it. */
  readonly round: number
  readonly windows: Windows
  /** What was asked for, where the history was too short for it. */
  readonly wantedWindows?: Windows
  /** First and last trade date. */
  readonly from: string
  readonly to: string
  readonly terms: Terms
  readonly discipline: Discipline
  readonly accountSize: Money
  /** What it is measured against: the parameters in force when it was asked. */
  readonly champion: Parameters
  /** SHA-256 over the bars, and the version of the code. */
  readonly dataHash: string
  readonly codeVersion: string
}
