import type { Swing } from './swing.ts'

/** The range price is dealt in. `share` is where the close stands in it, 0 at the low and 1 at the high. */
export type DealingRange = {
  readonly low: number
  readonly high: number
  /** Open times of the bars of the two swings. */
  readonly lowAt: number
  readonly highAt: number
  readonly equilibrium: number
  readonly share: number
  readonly word: 'premium' | 'equilibrium' | 'discount'
}

/**
 * The range between the last confirmed swing high and low that bracket the close (points): above its middle price is at
 * a premium, below at a discount. Undefined while the close has no such swing on either side. Swings newest last.
 */
export const dealingRange = (
  swingHighs: readonly Swing[],
  swingLows: readonly Swing[],
  close: number,
): DealingRange | undefined => {
  const top = swingHighs.findLast(({ price }) => price >= close)
  const bottom = swingLows.findLast(({ price }) => price <= close)
  if (top === undefined || bottom === undefined || top.price === bottom.price) return undefined
  const [low, high] = [bottom.price, top.price]
  const equilibrium = (low + high) / 2
  const word = close > equilibrium ? 'premium' : close < equilibrium ? 'discount' : 'equilibrium'
  return { low, high, lowAt: bottom.at, highAt: top.at, equilibrium, share: (close - low) / (high - low), word }
}
