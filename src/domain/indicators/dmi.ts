import type { Indicator } from './indicator.ts'
import { rma, type Smoothed } from './smoothed.ts'
import { type Range, trueRange } from './true-range.ts'

export type DmiState = {
  readonly last: Range | undefined
  readonly range: Smoothed
  readonly plus: Smoothed
  readonly minus: Smoothed
  readonly adx: Smoothed
}
export type Dmi = { readonly plus: number; readonly minus: number; readonly adx: number }

const directional = (last: Range | undefined, { high, low }: Range): { up: number; down: number } => {
  const up = last === undefined ? Number.NaN : high - last.high
  const down = last === undefined ? Number.NaN : last.low - low
  return { up: up > down && up > 0 ? up : 0, down: down > up && down > 0 ? down : 0 }
}

/** Directional movement and ADX, 0–100: Wilder's DX smoothed by RMA. TradingView `ta.dmi(length, smoothing)`. */
export const dmi = (length = 14, smoothing = length): Indicator<DmiState, Range, Dmi> => {
  const average = rma(length)
  const trend = rma(smoothing)
  const share = (move: Smoothed, range: Smoothed): number => (100 * average.value(move)) / average.value(range)
  return {
    warmup: length + smoothing,
    initial: {
      last: undefined,
      range: average.initial,
      plus: average.initial,
      minus: average.initial,
      adx: trend.initial,
    },
    step: (state, bar) => {
      // The first bar has no movement; its true range is not counted either, as ta.dmi's na would not be.
      if (state.last === undefined) return { ...state, last: bar }
      const { up, down } = directional(state.last, bar)
      const range = average.step(state.range, trueRange(bar, state.last.close))
      const plus = average.step(state.plus, up)
      const minus = average.step(state.minus, down)
      const sum = share(plus, range) + share(minus, range)
      const dx = sum === 0 ? 0 : (100 * Math.abs(share(plus, range) - share(minus, range))) / sum
      return { last: bar, range, plus, minus, adx: Number.isNaN(sum) ? state.adx : trend.step(state.adx, dx) }
    },
    value: ({ range, plus, minus, adx }) => ({
      plus: share(plus, range),
      minus: share(minus, range),
      adx: trend.value(adx),
    }),
  }
}
