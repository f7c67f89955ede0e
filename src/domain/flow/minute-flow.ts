import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import { minuteOf } from '../market/aggregate.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import type { Quote, Tick } from '../market/tick.ts'
import { classify, type FlowBasis, type TradeBefore } from './classify.ts'

/**
 * What traded in one minute by who crossed the spread; volumes in contracts. A minute of bars alone has none, nor has one
 * that was seen in part.
 */
export type MinuteFlow = {
  /** Start of the minute, epoch ms. */
  readonly time: number
  readonly buy: number
  readonly sell: number
  /** The weakest basis of any of its trades. */
  readonly basis: FlowBasis
  /** Contracts by price in ticks, those without a side too. */
  readonly levels?: ReadonlyMap<number, number>
  /** Start of the last minute traded in before this one on the same unbroken tape: what lies between was without a trade. */
  readonly after?: number | undefined
}

/** A closed 1m bar, its trade date, and its flow where the trades of the whole minute are known. */
export type FlowBar = {
  readonly bar: Bar
  readonly tradeDate: string
  readonly flow?: MinuteFlow | undefined
}

type FormingFlow = MinuteFlow & { readonly levels: Map<number, number> }

/** The minute still growing, the one this step finished, and the newest trade. */
export type TapeState = {
  /** Its levels grow in place: each state may be stepped once. */
  readonly forming: FormingFlow | undefined
  readonly closed: MinuteFlow | undefined
  readonly before: TradeBefore | undefined
  /** Start of the newest minute closed. */
  readonly after: number | undefined
}

/** The part of a trade that its flow needs. */
export type FlowTick = Pick<Tick, 'eventTime' | 'price' | 'size' | 'aggressor'>

const openMinute = (time: number, after: number | undefined): FormingFlow => ({
  time,
  buy: 0,
  sell: 0,
  basis: 'quotes',
  levels: new Map(),
  after,
})

/**
 * Folds trades, each with the quote that stood, into the flow of whole minutes. A minute closes with the first trade of a
 * later one or by the clock, `closeAt(state, now)` in epoch ms. A trade without a side counts in neither, only in the
 * levels. A trade older than the open minute is a broken invariant and throws RangeError. Where trades may have been
 * missed the tape begins anew, from `initial`.
 */
export const minuteFlow = (spec: ContractSpec) => {
  const initial: TapeState = { forming: undefined, closed: undefined, before: undefined, after: undefined }

  const closeAt = (state: TapeState, now: number): TapeState => {
    const { forming, before, after } = state
    if (forming !== undefined && forming.time + minuteMs <= now)
      return { forming: undefined, closed: forming, before, after: forming.time }
    return state.closed === undefined ? state : { forming, closed: undefined, before, after }
  }

  const step = (state: TapeState, tick: FlowTick, quote?: Quote): TapeState => {
    const time = minuteOf(tick.eventTime)
    const { forming, closed, before, after } = closeAt(state, time)
    if (time < (forming?.time ?? (after ?? Number.NEGATIVE_INFINITY) + minuteMs))
      throw new RangeError('trades must ascend in minutes')
    const minute = forming ?? openMinute(time, after)
    const { side, basis } = classify(spec, tick, quote, before)
    const ticks = toTicks(spec, tick.price)
    minute.levels.set(ticks, (minute.levels.get(ticks) ?? 0) + tick.size)
    return {
      forming: {
        time,
        buy: minute.buy + (side === 'buy' ? tick.size : 0),
        sell: minute.sell + (side === 'sell' ? tick.size : 0),
        basis: basis === 'estimated' ? basis : minute.basis,
        levels: minute.levels,
        after: minute.after,
      },
      closed,
      before: { ticks, side },
      after,
    }
  }

  return { initial, step, closeAt }
}
