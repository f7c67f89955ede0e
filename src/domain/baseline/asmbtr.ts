import type { Indicator } from '../indicators/indicator.ts'
import type { Side } from '../signals/focus-card.ts'

/** Decayed counts of the moves that followed one pattern of moves. */
type Followers = { readonly up: number; readonly down: number }

export type MoveState = {
  readonly close: number
  /** The last moves as bits, the newest lowest: 1 up, 0 down. */
  readonly bits: number
  readonly moves: number
  /** Followers by the older and the newer half of the pattern, so that a step copies two short rows instead of all. */
  readonly followers: readonly (readonly Followers[])[]
}

/** The chance (0–1) that the next move is up, NaN before a whole pattern of moves; `side` where that is enough to act on. */
export type MoveChance = { readonly up: number; readonly side: Side | undefined }

const decay = 0.98
const actsAbove = 0.6
const never: Followers = { up: 0, down: 0 }

const count = ({ up, down }: Followers, isUp: boolean): Followers => ({
  up: up * decay + (isUp ? 1 : 0),
  down: down * decay + (isUp ? 0 : 1),
})

const chanceOf = ({ up, down }: Followers): number => (up + down === 0 ? 0.5 : up / (up + down))

/**
 * ASMBTR, a yardstick: the last `length` non-zero moves of the close make a pattern, and the moves that followed the same
 * pattern before say what comes next. Each time a pattern is met its counts fade by 0.98 before the new one is added; a
 * pattern never met gives 0.5. Acts above 0.60 either way.
 */
export const asmbtr = (length = 8): Indicator<MoveState, number, MoveChance> => {
  const half = length >> 1
  const newer = (1 << half) - 1
  const older = 1 << (length - half)
  const learn = (followers: MoveState['followers'], bits: number, isUp: boolean): MoveState['followers'] => {
    const row = followers[bits >> half] ?? []
    return followers.with(bits >> half, row.with(bits & newer, count(row[bits & newer] ?? never, isUp)))
  }
  return {
    warmup: length + 1,
    initial: {
      close: Number.NaN,
      bits: 0,
      moves: 0,
      followers: Array.from({ length: older }, () => Array.from({ length: newer + 1 }, () => never)),
    },
    step: (state, close) => {
      if (Number.isNaN(state.close) || close === state.close) return { ...state, close }
      const isUp = close > state.close
      return {
        close,
        bits: ((state.bits << 1) | (isUp ? 1 : 0)) & ((1 << length) - 1),
        moves: Math.min(state.moves + 1, length),
        followers: state.moves < length ? state.followers : learn(state.followers, state.bits, isUp),
      }
    },
    value: ({ bits, moves, followers }) => {
      if (moves < length) return { up: Number.NaN, side: undefined }
      const up = chanceOf(followers[bits >> half]?.[bits & newer] ?? never)
      return { up, side: up > actsAbove ? 'long' : 1 - up > actsAbove ? 'short' : undefined }
    },
  }
}
