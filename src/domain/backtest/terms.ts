import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { FirmRules } from '../risk/firm-rules.ts'
import type { NewsRule } from '../risk/news.ts'

/**
 * What trading costs and how an order meets a bar. Where a bar hides the order of its prices the unkind one is taken: every
 * default is the worse for the trader.
 */
export type Terms = {
  readonly ticksPerPoint: number
  /** What one tick is worth on one contract. */
  readonly tickValue: Money
  /** Commission and exchange fees of one contract and one side. */
  readonly feePerSide: Money
  /** A commission as a share of the value traded, for markets that charge so; 0 in futures. */
  readonly feeShare: number
  /** Ticks by which market and stop orders fill worse; a limit never slips. */
  readonly slippageTicks: number
  /** Ticks between bid and ask: a market or stop order pays half of it, rounded up. */
  readonly spreadTicks: number
  /** Ticks a price must trade beyond a limit before it fills: 0 at the touch, 1 by default. */
  readonly limitThrough: number
  /**
   * The order of prices within a bar: 'stop-first' — whatever hurts comes first; 'nearest-extreme' — open, the extreme nearer
   * to the open, the other extreme, close (TradingView's emulator).
   */
  readonly path: 'stop-first' | 'nearest-extreme'
  /** Realism: an order reaches the market this long after the close that made it, ms; 0 for the next bar's open. */
  readonly latencyMs: number
  /** Realism: the share of a bar's volume an order may take, the rest waits for the next; 1 fills it all at once. */
  readonly volumeShare: number
}

/** The account a run is played on: a firm's plan by its name, and what it asks. */
export type AccountRules = {
  readonly plan: string
  readonly instrument: InstrumentId
  readonly rules: FirmRules
}

/** When a day trader may enter and when he stops; minutes of the New York day. Absent limits do not hold. */
export type Discipline = {
  readonly entriesFrom: number
  readonly entriesUntil: number
  /** Whatever is open is sold at the open of the first bar that begins here or later on its trade date. */
  readonly flatBy: number
  readonly tradesPerDay?: number
  /** No entry on a date after so many losing trades in a row. */
  readonly lossesInRow?: number
  /** No entry on a date that has lost so much; fees counted. */
  readonly dailyLoss?: Money
  /** No entry on a date that has made so much. */
  readonly dailyGoal?: Money
  /** No entry for so many minutes after a trade of the same date that lost. */
  readonly cooldownMinutes?: number
  /** No entry around what the calendar knows of this market's news. */
  readonly news?: { readonly instrument: InstrumentId; readonly rules: readonly NewsRule[] }
  /** Its firm's limits hold beside these; where one breaks the account the run trades no more. */
  readonly account?: AccountRules
}
