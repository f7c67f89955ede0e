import type { Bar } from '../market/bar.ts'
import { dealingRange } from './dealing-range.ts'
import { fairValueGaps, type GapState } from './fair-value-gap.ts'
import { type KnownSwings, knownSwings } from './known-swings.ts'
import { append, keptFinished } from './life.ts'
import { liquidityPools, type PoolState } from './liquidity-pool.ts'
import { type BlockState, orderBlocks } from './order-block.ts'
import type { StructureReading } from './structure-reading.ts'
import { type ShiftState, type StructureShift, structureShifts } from './structure-shift.ts'
import { type SwingState, swings } from './swing.ts'

export type StructureState = {
  readonly last: Bar | undefined
  readonly turned: SwingState
  readonly highs: KnownSwings
  readonly lows: KnownSwings
  readonly breaks: ShiftState
  readonly shifts: readonly StructureShift[]
  readonly gaps: GapState
  readonly blocks: BlockState
  readonly pools: PoolState
}

const turns = swings()
const highs = knownSwings('high')
const lows = knownSwings('low')
const gaps = fairValueGaps()

/**
 * The fold from closed bars of one timeframe, with the ATR of each in points (NaN until known), to its structure: swings
 * with n = 3, shifts, gaps, order blocks, pools and sweeps. Every item is stamped with the bar that made it known.
 */
export const structure = {
  warmup: 7,
  initial: {
    last: undefined,
    turned: turns.initial,
    highs: highs.initial,
    lows: lows.initial,
    breaks: structureShifts.initial,
    shifts: [],
    gaps: gaps.initial,
    blocks: orderBlocks.initial,
    pools: liquidityPools.initial,
  } as StructureState,
  step: (state: StructureState, bar: Bar, atr: number): StructureState => {
    const turned = turns.step(state.turned, bar)
    const { confirmed } = turned
    const breaks = structureShifts.step(state.breaks, bar, confirmed)
    const shift = breaks.last === state.breaks.last ? undefined : breaks.last
    return {
      last: bar,
      turned,
      highs: highs.step(state.highs, bar, confirmed),
      lows: lows.step(state.lows, bar, confirmed),
      breaks,
      shifts: shift === undefined ? state.shifts : append(state.shifts, [shift], keptFinished),
      gaps: gaps.step(state.gaps, bar),
      blocks: orderBlocks.step(state.blocks, bar, turned, shift),
      pools: liquidityPools.step(state.pools, bar, confirmed, atr),
    }
  },
  value: ({ last, highs, lows, breaks, shifts, gaps, blocks, pools }: StructureState): StructureReading => ({
    swingHighs: highs.all,
    swingLows: lows.all,
    shift: breaks.last,
    shifts,
    gaps: gaps.open,
    blocks: blocks.open,
    pools: pools.open,
    sweeps: pools.sweeps,
    dealing: last && dealingRange(highs.all, lows.all, last.close),
    finished: { gaps: gaps.finished, blocks: blocks.finished, pools: pools.finished },
  }),
}
