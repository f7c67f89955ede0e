import { type Bar, minuteMs, type Timeframe } from './bar.ts'
import type { Tick } from './tick.ts'

/** The bar still growing, and the bars this step finished, oldest first. */
export type Rolling = { readonly forming: Bar | undefined; readonly closed: readonly Bar[] }

/** Folds finer bars into coarser ones. A bucket is named by the epoch ms of its start. */
export type RollUp = {
  readonly initial: Rolling
  readonly step: (state: Rolling, bar: Bar) => Rolling
}

const none: readonly Bar[] = []

const join = (left: Bar, right: Bar): Bar => ({
  time: left.time,
  open: left.open,
  high: Math.max(right.high, left.high),
  low: Math.min(right.low, left.low),
  close: right.close,
  volume: left.volume + right.volume,
})

/**
 * Rolls bars up by bucket. A bucket closes with the first bar of a later one, or at once with the bar that ends
 * exactly where the bucket ends. A bar older than the forming bucket is a broken invariant and throws RangeError.
 */
const rollUp = (startOf: (time: number) => number, stepMs?: number, bucketMs?: number): RollUp => ({
  initial: { forming: undefined, closed: none },
  step: ({ forming }, bar) => {
    const time = startOf(bar.time)
    if (forming !== undefined && time < forming.time) throw new RangeError('bars must ascend in time')
    const grown = forming?.time === time ? join(forming, bar) : bar.time === time ? bar : { ...bar, time }
    const before = forming === undefined || forming.time === time ? none : [forming]
    const ends = stepMs !== undefined && bucketMs !== undefined && bar.time + stepMs === time + bucketMs
    return ends ? { forming: undefined, closed: [...before, grown] } : { forming: grown, closed: before }
  },
})

/** Start of the span of the clock's grid an instant falls into, epoch ms: a whole quotient, for `%` is slow beyond 2³¹. */
export const bucketOf = (time: number, spanMs: number): number => Math.floor(time / spanMs) * spanMs

/** Start of the minute an instant falls into, epoch ms. */
export const minuteOf = (time: number): number => bucketOf(time, minuteMs)

/** A trade as a bar of its own: the finest step of the one fold. */
export const tickBar = (tick: Pick<Tick, 'eventTime' | 'price' | 'size'>): Bar => ({
  time: tick.eventTime,
  open: tick.price,
  high: tick.price,
  low: tick.price,
  close: tick.price,
  volume: tick.size,
})

/** Trades to one-minute bars. */
export const minuteBars: RollUp = rollUp(minuteOf)

const spanMs: Record<Exclude<Timeframe, '1d'>, number> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '60m': 60 * minuteMs,
}

/** One-minute bars to an intraday timeframe on the clock's grid (every zone of the exchange keeps whole hours). */
export const intradayBars = (timeframe: Exclude<Timeframe, '1d'>): RollUp => {
  const span = spanMs[timeframe]
  return rollUp((time) => bucketOf(time, span), minuteMs, span)
}

/** One-minute bars to one bar per trade date; `sessionOpenOf` gives the epoch ms at which the bar's trade date opened. */
export const dailyBars = (sessionOpenOf: (time: number) => number): RollUp => rollUp(sessionOpenOf)

/** Rolls a whole run of bars up, the unfinished last one included. */
export const rollAll = (fold: RollUp, bars: Iterable<Bar>): readonly Bar[] => {
  const out: Bar[] = []
  let state = fold.initial
  for (const bar of bars) {
    state = fold.step(state, bar)
    for (const closed of state.closed) out.push(closed)
  }
  if (state.forming !== undefined) out.push(state.forming)
  return out
}
