import type { Bar } from '../market/bar.ts'
import type { Side } from '../signals/focus-card.ts'
import type { Swing } from './swing.ts'

/** A close beyond the last swing: BOS with the prevailing direction, CHoCH against it. `at` is the breaking bar's open time. */
export type StructureShift = {
  readonly kind: 'BOS' | 'CHoCH'
  readonly side: Side
  readonly price: number
  readonly swingAt: number
  readonly at: number
}

export type ShiftState = {
  readonly high: Swing | undefined
  readonly low: Swing | undefined
  readonly last: StructureShift | undefined
}

const shiftOf = (swing: Swing, side: Side, last: StructureShift | undefined, at: number): StructureShift => ({
  kind: last === undefined || last.side === side ? 'BOS' : 'CHoCH',
  side,
  price: swing.price,
  swingAt: swing.at,
  at,
})

/** Follows swings and closes; each swing can be broken once, and only by a bar after the one that made it known. */
export const structureShifts = {
  initial: { high: undefined, low: undefined, last: undefined } as ShiftState,
  step: (state: ShiftState, bar: Bar, confirmed: readonly Swing[]): ShiftState => {
    let { high, low, last } = state
    if (high !== undefined && bar.close > high.price) {
      last = shiftOf(high, 'long', last, bar.time)
      high = undefined
    } else if (low !== undefined && bar.close < low.price) {
      last = shiftOf(low, 'short', last, bar.time)
      low = undefined
    }
    if (last === state.last && confirmed.length === 0) return state
    for (const swing of confirmed) {
      if (swing.kind === 'high') high = swing
      else low = swing
    }
    return { high, low, last }
  },
}
