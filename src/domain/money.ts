/** An amount in integer ten-thousandths of a US dollar, so that sums of ticks and fees are exact. */
export type Money = number

/** Converts dollars to Money, rounded to the nearest ten-thousandth. */
export const dollars = (amount: number): Money => Math.round(amount * 10_000)
