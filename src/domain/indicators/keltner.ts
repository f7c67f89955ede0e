import type { Indicator } from './indicator.ts'
import { ema, type Smoothed } from './smoothed.ts'
import { type Range, trueRange } from './true-range.ts'

type SpanState = { readonly close: number; readonly range: Smoothed }
type KeltnerState<Span> = { readonly middle: Smoothed; readonly span: Span }
type Keltner = { readonly middle: number; readonly upper: number; readonly lower: number }

/** EMA of the true range in points, counted from the second bar, the first with a close before it, as `ta.kc` does. */
export const smoothedRange = (length: number): Indicator<SpanState, Range> => {
  const average = ema(length)
  return {
    warmup: length + 1,
    initial: { close: Number.NaN, range: average.initial },
    step: ({ close, range }, bar) => ({
      close: bar.close,
      range: Number.isNaN(close) ? range : average.step(range, trueRange(bar, close)),
    }),
    value: ({ range }) => average.value(range),
  }
}

/**
 * Keltner channel in points: EMA(close, length) ± `multiple` times the span. TradingView `ta.kc` with
 * `smoothedRange(length)`; with `atr(n)` the channel of Linda Raschke.
 */
export const keltner = <Span>(
  length: number,
  multiple: number,
  span: Indicator<Span, Range>,
): Indicator<KeltnerState<Span>, Range, Keltner> => {
  const center = ema(length)
  return {
    warmup: Math.max(length, span.warmup),
    initial: { middle: center.initial, span: span.initial },
    step: (state, bar) => ({ middle: center.step(state.middle, bar.close), span: span.step(state.span, bar) }),
    value: (state) => {
      const middle = center.value(state.middle)
      const reach = multiple * span.value(state.span)
      return { middle, upper: middle + reach, lower: middle - reach }
    },
  }
}
