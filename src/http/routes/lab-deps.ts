import type { Champion } from '#src/adapters/db/champions.ts'
import type { KeptPaper } from '#src/adapters/db/night-papers.ts'
import type { KeptReport, ListedReport } from '#src/adapters/db/reports.ts'
import type { Study } from '#src/adapters/db/studies.ts'
import type { Realism } from '#src/domain/backtest/realism.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { NightPaper } from '#src/domain/night-paper.ts'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import type { SearchMethod, Trial, Windows } from '#src/domain/optimization/trial.ts'
import type { ShadowBook } from '#src/domain/trading/shadow-book.ts'
import type { FieldRefusal } from '../form.ts'

/** An optimization somebody wants. */
export type StudyWish = {
  readonly kind: 'study'
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly method: SearchMethod
  readonly budget: number
  /** Months learned on, tried on and moved by. */
  readonly windows?: Windows
}

/** A backtest somebody wants: without dates all that is stored, without parameters those in force. */
export type BacktestWish = {
  readonly kind: 'backtest'
  readonly instrument: InstrumentId
  readonly strategy: string
  readonly parameters?: Parameters
  readonly from?: string
  readonly to?: string
  /** Fills other than usual, and the id of a shipped plan whose account it is played on. */
  readonly realism?: Realism
  readonly account?: string
}

/** What is asked of the off-hours work, wherever it is done. */
export type LabWish =
  | StudyWish
  | BacktestWish
  | { readonly kind: 'cancel'; readonly study: string }
  | { readonly kind: 'night' }

/** Kept to be done, with the id of the study or report where one is known; or why it cannot be. */
export type LabAnswer =
  | { readonly ok: true; readonly id?: string }
  | {
      readonly ok: false
      readonly field: string
      readonly reason: Extract<FieldRefusal, 'nothing-stored' | 'study-over' | 'night-running' | 'engine-not-ready'>
    }

/** What the lab's pages read, of the market that is shown, and where they ask. Lists have the newest first. */
export type LabDeps = {
  readonly study: (id: string) => Promise<Study | undefined>
  readonly trials: (study: string) => Promise<readonly Trial[]>
  readonly report: (id: string) => Promise<KeptReport | undefined>
  readonly reports: (limit: number) => Promise<readonly ListedReport[]>
  readonly champions: (limit: number) => Promise<readonly Champion[]>
  readonly papers: <K extends NightPaper['kind']>(kind: K, limit: number) => Promise<readonly KeptPaper<K>[]>
  readonly shadowBook: () => Promise<ShadowBook>
  /** Resolves when the wish is kept. */
  readonly ask: (wish: LabWish) => Promise<LabAnswer>
}
