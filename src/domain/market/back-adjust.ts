import { contractMonth } from '../instruments/contract-code.ts'
import type { Contract, ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import type { Bar } from './bar.ts'

/** The bars that one contract was the front for, oldest first. */
export type ContractBars = { readonly contract: Contract; readonly bars: readonly Bar[] }

/** A change of contract in a joined series: `at` is the first bar in the new one, contracts are yyyymm. */
export type RollMark = {
  readonly at: number
  readonly from: number
  readonly to: number
  /** The old contract's price less the new one's; everything before was shifted by as much the other way. */
  readonly gapTicks: number
}

/**
 * The old contract's close less the new one's, in ticks, at the last minute both traded; undefined when there was none.
 * Both ascend in time.
 */
export const priceGap = (spec: ContractSpec, older: readonly Bar[], newer: readonly Bar[]): number | undefined => {
  const closes = new Map(newer.map(({ time, close }) => [time, close]))
  const last = older.findLast(({ time }) => closes.has(time))
  return last === undefined ? undefined : toTicks(spec, last.close) - toTicks(spec, closes.get(last.time) ?? last.close)
}

const shifted = (spec: ContractSpec, bar: Bar, ticks: number): Bar => {
  const move = (price: number): number => toPrice(spec, toTicks(spec, price) + ticks)
  return { ...bar, open: move(bar.open), high: move(bar.high), low: move(bar.low), close: move(bar.close) }
}

/**
 * Joins the contracts of a market, oldest first, into one series without the jumps of its rolls: older bars are moved by
 * the price gap (`gapOf`, ticks, see `priceGap`) of every roll after them, the newest contract stays as it traded. The
 * series begins after the last roll whose gap is unknown. Panama method; differences stay true, ratios and old levels do not.
 */
export const backAdjust = (
  spec: ContractSpec,
  parts: readonly ContractBars[],
  gapOf: (older: Contract, newer: Contract) => number | undefined,
): { readonly bars: readonly Bar[]; readonly rolls: readonly RollMark[] } => {
  const traded = parts.filter(({ bars }) => bars.length > 0)
  const newest = traded.at(-1)
  if (newest === undefined) return { bars: [], rolls: [] }
  const runs = [newest.bars]
  const rolls: RollMark[] = []
  let newer = newest
  let shift = 0
  for (const older of traded.slice(0, -1).reverse()) {
    const gapTicks = gapOf(older.contract, newer.contract)
    if (gapTicks === undefined) break
    shift -= gapTicks
    const by = shift
    runs.unshift(older.bars.map((bar) => shifted(spec, bar, by)))
    rolls.unshift({
      at: (newer.bars[0] as Bar).time,
      from: contractMonth(older.contract),
      to: contractMonth(newer.contract),
      gapTicks,
    })
    newer = older
  }
  return { bars: runs.flat(), rolls }
}
