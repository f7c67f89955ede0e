import type { Indicator } from '../indicators/indicator.ts'
import { dayOf, easternOffset } from '../instruments/zone.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { type PriorRange, type PriorState, priorRange } from '../structure/prior-levels.ts'
import { type BlockSetup, beginSetups, stepSetup } from './block-setup.ts'
import type { MarkerSource } from './markers.ts'

/** How long the blocks are whose highs and lows are traded; four hours begin at 18:00 New York. */
export type BlockKind = '4h' | 'day' | '5m'

/** A block taken up at a marker (epoch ms): the lines are the high and low, points, of the last one over by then. */
export type TimeBlock = {
  readonly kind: BlockKind
  readonly marker: number
  readonly high: number
  readonly low: number
  /** Sweep of the high, of the low, break of the high, of the low. */
  readonly setups: readonly BlockSetup[]
}

type BlockMinute = { readonly bar: Bar; readonly tradeDate: string }

export type BlockTradesState = {
  readonly tradeDate: string
  readonly markers: readonly number[]
  /** How many of them have passed. */
  readonly passed: number
  readonly block: TimeBlock | undefined
}

export type TimeBlockState = {
  readonly tradeDate: string
  /** The trade date in days since 1970-01-01. */
  readonly day: number
  readonly blocks: PriorState
  readonly close: number
  readonly trades: BlockTradesState
}

const none: readonly number[] = []
const lengths = { '4h': 240, '5m': 5 } as const

/** A number that changes when a block of New York's clock begins, counted from 1969-12-31 18:00. */
const clockBlock = (time: number, minutes: number): number =>
  Math.floor((time / minuteMs + easternOffset(time) + 360) / minutes)

const follow = (block: TimeBlock | undefined, bar: Bar): TimeBlock | undefined => {
  if (block === undefined) return undefined
  let { setups } = block
  for (let i = 0; i < setups.length; i++) {
    const before = block.setups[i] as BlockSetup
    const after = stepSetup(before, bar)
    if (after !== before) setups = setups.with(i, after)
  }
  return setups === block.setups ? block : { ...block, setups }
}

/** What is traded of blocks that someone else keeps: `over` is the last one over by the bar, `close` that of the bar before. */
export const blockTrades = (kind: BlockKind, markersOf: MarkerSource) => {
  const take = (over: PriorRange | undefined, close: number, marker: number): TimeBlock | undefined => {
    if (over === undefined) return undefined
    const { high, low } = over
    return { kind, marker, high, low, setups: beginSetups({ high, low }, close, marker) }
  }

  return {
    initial: { tradeDate: '', markers: none, passed: 0, block: undefined } as BlockTradesState,
    step: (
      state: BlockTradesState,
      { bar, tradeDate }: BlockMinute,
      over: PriorRange | undefined,
      close: number,
    ): BlockTradesState => {
      const isSameDate = state.tradeDate === tradeDate
      const markers = isSameDate ? state.markers : markersOf(tradeDate)
      const before = isSameDate ? state.passed : 0
      let passed = before
      while (passed < markers.length && (markers[passed] as number) <= bar.time) passed++
      const taken = passed > before ? take(over, close, markers[passed - 1] as number) : state.block
      const block = follow(taken, bar)
      // Most minutes change nothing, and then nothing is made anew.
      return isSameDate && passed === before && block === state.block ? state : { tradeDate, markers, passed, block }
    },
  }
}

/**
 * Time blocks over closed 1m bars. With the first bar that opens at or after a marker the high and low of the last block
 * over become the lines, and both ways to trade both begin anew, whatever became of those before; that bar is the first
 * they see. Of markers passed at once the last counts.
 */
export const timeBlocks = (
  kind: BlockKind,
  markersOf: MarkerSource,
): Indicator<TimeBlockState, BlockMinute, TimeBlock | undefined> => {
  const traded = blockTrades(kind, markersOf)
  return {
    warmup: 1,
    initial: {
      tradeDate: '',
      day: Number.NaN,
      blocks: priorRange.initial,
      close: Number.NaN,
      trades: traded.initial,
    },
    step: (state, input) => {
      const { bar, tradeDate } = input
      const day = state.tradeDate === tradeDate ? state.day : dayOf(tradeDate)
      const blocks = priorRange.step(state.blocks, bar, kind === 'day' ? day : clockBlock(bar.time, lengths[kind]))
      const trades = traded.step(state.trades, input, blocks.prior, state.close)
      return { tradeDate, day, blocks, close: bar.close, trades }
    },
    value: ({ trades }) => trades.block,
  }
}
