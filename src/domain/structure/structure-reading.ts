import type { DealingRange } from './dealing-range.ts'
import type { LivingGap } from './fair-value-gap.ts'
import type { Finished } from './life.ts'
import type { LiquidityPool, LiquiditySweep } from './liquidity-pool.ts'
import type { OrderBlock } from './order-block.ts'
import type { StructureShift } from './structure-shift.ts'
import type { Swing } from './swing.ts'

/** The structure of one timeframe as known when its newest bar closed. Every list has its newest last. */
export type StructureReading = {
  /** The newest forty of each kind, and before them every one that is still the last beyond some price. */
  readonly swingHighs: readonly Swing[]
  readonly swingLows: readonly Swing[]
  /** The last shift; its side is the prevailing direction. */
  readonly shift: StructureShift | undefined
  readonly shifts: readonly StructureShift[]
  /** What is open. */
  readonly gaps: readonly LivingGap[]
  readonly blocks: readonly OrderBlock[]
  readonly pools: readonly LiquidityPool[]
  readonly sweeps: readonly LiquiditySweep[]
  readonly dealing: DealingRange | undefined
  /** What has ended lately, with when. */
  readonly finished: {
    readonly gaps: readonly Finished<LivingGap>[]
    readonly blocks: readonly Finished<OrderBlock>[]
    readonly pools: readonly Finished<LiquidityPool>[]
  }
}
