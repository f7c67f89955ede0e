import type { Indicator } from '../indicators/indicator.ts'
import { dayOf, easternOffset } from '../instruments/zone.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { type PriorState, priorRange } from '../structure/prior-levels.ts'
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

export type TimeBlockState = {
  readonly tradeDate: string
  /** The trade date in days since 1970-01-01. */
  readonly day: number
  readonly markers: readonly number[]
  /** How many of them have passed. */
  readonly passed: number
  readonly blocks: PriorState
  readonly close: number
  readonly block: TimeBlock | undefined
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

/**
 * Time blocks over closed 1m bars. With the first bar that opens at or after a marker the high and low of the last block
 * over become the lines, and both ways to trade both begin anew, whatever became of those before; that bar is the first
 * they see. Of markers passed at once the last counts.
 */
export const timeBlocks = (
  kind: BlockKind,
  markersOf: MarkerSource,
): Indicator<TimeBlockState, BlockMinute, TimeBlock | undefined> => {
  const dateOf = (state: TimeBlockState, tradeDate: string) =>
    state.tradeDate === tradeDate
      ? state
      : { tradeDate, day: dayOf(tradeDate), markers: markersOf(tradeDate), passed: 0, block: state.block }

  const take = (blocks: PriorState, close: number, marker: number): TimeBlock | undefined => {
    if (blocks.prior === undefined) return undefined
    const { high, low } = blocks.prior
    return { kind, marker, high, low, setups: beginSetups({ high, low }, close, marker) }
  }

  return {
    warmup: 1,
    initial: {
      tradeDate: '',
      day: Number.NaN,
      markers: none,
      passed: 0,
      blocks: priorRange.initial,
      close: Number.NaN,
      block: undefined,
    },
    step: (state, { bar, tradeDate }) => {
      const { day, markers, passed: before, block } = dateOf(state, tradeDate)
      const blocks = priorRange.step(state.blocks, bar, kind === 'day' ? day : clockBlock(bar.time, lengths[kind]))
      let passed = before
      while (passed < markers.length && (markers[passed] as number) <= bar.time) passed++
      const taken = passed > before ? take(blocks, state.close, markers[passed - 1] as number) : block
      return { tradeDate, day, markers, passed, blocks, close: bar.close, block: follow(taken, bar) }
    },
    value: ({ block }) => block,
  }
}
