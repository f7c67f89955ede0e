import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Parameters } from '../optimization/search-space.ts'
import type { Realism } from './realism.ts'
import type { Discipline, Terms } from './terms.ts'

/** Everything that fixes the outcome of a backtest: the same spec gives the same report, byte for byte. */
export type BacktestSpec = {
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly parameters: Parameters
  /** First and last trade date. */
  readonly from: string
  readonly to: string
  readonly terms: Terms
  readonly discipline: Discipline
  /** Whether its terms cost twice what trading costs: a test of endurance, no picture of the trader. */
  readonly costsDoubled?: true
  /** What of its terms somebody wanted other than usual; costs before they were doubled. */
  readonly realism?: Realism
  readonly accountSize: Money
  /** Of the bootstrap. */
  readonly seed: number
  /** SHA-256 over the bars, and the version of the code. */
  readonly dataHash: string
  readonly codeVersion: string
}

/** A report in a line of a list. Money; R per trade; null where there is nothing to tell. */
export type ReportSummary = {
  readonly trades: number
  readonly net: Money
  readonly expectancyR: number | null
  readonly profitFactor: number | null
  readonly sharpe: number | null
  readonly maxDrawdown: Money
}
