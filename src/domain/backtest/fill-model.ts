import type { Terms } from './terms.ts'

/** +1 buys, −1 sells. */
export type Direction = 1 | -1

/** What a market or stop order pays beyond its price, ticks: the slippage, and half the spread rounded up. */
export const slipOf = ({ slippageTicks, spreadTicks }: Terms): number => slippageTicks + Math.ceil(spreadTicks / 2)

/** Every cost twice. Half of a doubled spread is one spread: what rounding up took of the single one is slippage here. */
export const doubled = (terms: Terms): Terms => ({
  ...terms,
  feePerSide: terms.feePerSide * 2,
  feeShare: terms.feeShare * 2,
  slippageTicks: 2 * slipOf(terms) - terms.spreadTicks,
  spreadTicks: terms.spreadTicks * 2,
})

/**
 * The price of an order that is filled wherever the market stands: a market order is a stop the market is always beyond. What
 * is left of a stop once it was reached becomes one.
 */
export const anyPrice = (side: Direction): number => (side > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)

/** Whether a stop is reached when the market trades at `at`; never when it has no price (NaN). All prices in ticks. */
export const isStopReached = (side: Direction, price: number, at: number): boolean =>
  side > 0 ? at >= price : at <= price

/** Where the market must trade to reach a limit, ticks: `through` beyond it, as others stand in the queue before. */
export const limitTrigger = (side: Direction, price: number, through: number): number => price - side * through

/** Whether a limit is reached when the market trades at `at`. */
export const isLimitReached = (side: Direction, price: number, at: number, through: number): boolean =>
  side > 0 ? at <= limitTrigger(side, price, through) : at >= limitTrigger(side, price, through)

/** Where a stop fills that is reached on the way from `from`: there when the market has jumped over it, else at its price. */
export const stopFill = (side: Direction, price: number, from: number): number =>
  isStopReached(side, price, from) ? from : price

/** Where a limit fills that is reached on the way from `from`: there when that is better than its price. */
export const limitFill = (side: Direction, price: number, from: number): number =>
  side > 0 ? Math.min(price, from) : Math.max(price, from)

/**
 * Whether a bar goes to its high before its low when it visits the extreme nearer to its open first; to the low when both are
 * as near. TradingView's broker emulator.
 */
export const isHighFirst = (open: number, high: number, low: number): boolean => high - open < open - low
