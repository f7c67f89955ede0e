import type { InstrumentId } from './instruments/instrument.ts'
import type { Money } from './money.ts'

/** What may become of an account. Shares of all paths, 0–1; `pass` absent where nothing can be passed. */
export type Chances = {
  readonly pass?: number
  readonly bust: number
  readonly running: number
  /** Traded days of the median path among those that pass. */
  readonly medianDays?: number
  /** Money paid out within the horizon on average, and the share of paths with a payout; absent where no plan says when. */
  readonly payout?: Money
  readonly paid?: number
  /** Of `pass`, or of `bust` where nothing can be passed: what drawing so many paths leaves to chance. */
  readonly standardError: number
  /** Where the days come from: 'from 48 own days'. */
  readonly from: string
}

/** Why nothing is said of an account: there are no days to draw from, it is over already, or it has nothing left to pass. */
export type Undrawn = 'no-days' | 'broken' | 'passed'

/** An account by its platform's name, and what may become of it from where it stands. */
export type AccountOdds = { readonly account: string; readonly alias: string } & (
  | { readonly chances: Chances }
  | { readonly undrawn: Undrawn }
)

/** What taking a card would do to an account: the chance to pass, or to break where nothing can be passed. */
export type CardOddsReading = {
  readonly cardId: string
  readonly instrument: InstrumentId
  readonly account: string
  readonly alias: string
  readonly contracts: number
  readonly of: 'pass' | 'bust'
  readonly before: number
  readonly after: number
  /** Of the difference. */
  readonly standardError: number
  /** 'taking this card with 3 MNQ moves pass 62 % → 58 %'; absent where the change could be chance. */
  readonly words?: string
}

/** The firm's odds: of every watched account, and of every drawn card that may still be taken. */
export type OddsReading = {
  /** Market time at which they were reckoned, epoch ms. */
  readonly at: number
  readonly paths: number
  /** Traded days a path lasts at most. */
  readonly horizonDays: number
  readonly accounts: readonly AccountOdds[]
  readonly cards: readonly CardOddsReading[]
}
