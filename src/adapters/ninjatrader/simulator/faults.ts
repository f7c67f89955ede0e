/** What may go wrong by chance: shares of orders, 0 to 1, and a broken connection every so many seconds (0: never). */
export type Faults = {
  readonly partial: number
  readonly reject: number
  /** Cancels that come too late: the order fills first. */
  readonly race: number
  readonly disconnectEveryS: number
}

export const noFaults: Faults = { partial: 0, reject: 0, race: 0, disconnectEveryS: 0 }
