import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { isOnGrid, roundToGrid } from '#src/domain/instruments/ticks.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'

/** Why a row is not taken as a minute. */
type Fault = 'off-minute' | 'outside' | 'price' | 'off-grid' | 'inconsistent'

/** The minutes of one page by their start, epoch ms. */
export type Minutes = ReadonlyMap<number, Bar>

/** What is asked for, and the instant before which a minute must have ended. */
type Asked = { readonly spec: ContractSpec; readonly from: number; readonly to: number; readonly now: number }

/** Only oil has ever been worth nothing or less. */
const isPossible = ({ group }: ContractSpec, price: number): boolean => price > 0 || group === 'energy'

const faultOf = ({ spec, from, to }: Asked, { time, open, high, low, close }: Bar): Fault | undefined => {
  const prices = [open, high, low, close]
  if (time % minuteMs !== 0) return 'off-minute'
  if (time < from || time >= to) return 'outside'
  if (!prices.every((price) => isPossible(spec, price))) return 'price'
  if (!prices.every((price) => isOnGrid(spec, price))) return 'off-grid'
  return high < Math.max(open, close) || low > Math.min(open, close) ? 'inconsistent' : undefined
}

/** The vendor writes 240.00000000000003 for 240. */
const cleaned = (spec: ContractSpec, { time, open, high, low, close, volume }: Bar): Bar => ({
  time,
  open: roundToGrid(spec, open, 'nearest'),
  high: roundToGrid(spec, high, 'nearest'),
  low: roundToGrid(spec, low, 'nearest'),
  close: roundToGrid(spec, close, 'nearest'),
  volume,
})

const isSame = (a: Bar, b: Bar): boolean =>
  a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume

/**
 * The sound minutes of a page that are over. Of a minute that comes again, here or after the page `before`, the later
 * account stands; one that says the same is not given twice. What is not taken is counted by kind.
 */
export const sift = (asked: Asked, rows: readonly Bar[], before: Minutes) => {
  const minutes = new Map<number, Bar>()
  const dropped: Record<string, number> = {}
  const drop = (kind: Fault | 'duplicate'): void => {
    dropped[kind] = (dropped[kind] ?? 0) + 1
  }
  for (const row of rows) {
    const fault = faultOf(asked, row)
    if (fault !== undefined) drop(fault)
    else if (row.time + minuteMs <= asked.now) {
      const bar = cleaned(asked.spec, row)
      const known = minutes.get(bar.time) ?? before.get(bar.time)
      if (known !== undefined) drop('duplicate')
      if (known === undefined || !isSame(bar, known)) minutes.set(bar.time, bar)
    }
  }
  return { minutes, dropped }
}
