/** Why a trade ended. */
export const exitReasons = ['target', 'stop', 'signal', 'flat-by', 'end', 'limit', 'firm'] as const
export type ExitReason = (typeof exitReasons)[number]

/**
 * The closed trades of a run as columns, in the order they closed; the first `length` rows are filled. A position entered or
 * left in parts makes one row for each part, as a list of trades shows it. Bars are indexes into the history.
 */
export type TradeTape = {
  readonly length: number
  /** +1 long, −1 short. */
  readonly side: Int8Array
  readonly quantity: Float64Array
  /** The bars in which it was entered and left. */
  readonly enteredAt: Int32Array
  readonly leftAt: Int32Array
  /** Fill prices in ticks, slippage and spread included. */
  readonly entry: Float64Array
  readonly exit: Float64Array
  /** Money: of the price alone; the fees of both sides; what the slippage and the spread of both cost (inside `gross`). */
  readonly gross: Float64Array
  readonly fees: Float64Array
  readonly slipped: Float64Array
  /** The best and worst price seen while it was open, in ticks from the entry: `best` ≥ 0, `worst` ≤ 0. */
  readonly best: Float64Array
  readonly worst: Float64Array
  /** Money it would have lost at its first stop, fees included; NaN where it had none. One R. */
  readonly risked: Float64Array
  /** Index into `exitReasons`. */
  readonly reason: Uint8Array
  /** What the strategy said of the entry: index into `grades`, index into its regimes, −1 where it says nothing. */
  readonly grade: Int8Array
  readonly regime: Int8Array
  /** The strategy's own number of the setup: a card, a signal; parts of one position share it. */
  readonly setup: Int32Array
}
