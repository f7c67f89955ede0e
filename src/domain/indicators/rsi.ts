import type { Indicator } from './indicator.ts'
import { rma, type Smoothed } from './smoothed.ts'

type RsiState = { readonly close: number; readonly gain: Smoothed; readonly loss: Smoothed }

/** Relative strength index, 0–100: 100 − 100/(1 + RMA(gains)/RMA(losses)); 100 without a loss (Wilder 1978). TradingView `ta.rsi`. */
export const rsi = (length = 14): Indicator<RsiState, number> => {
  const average = rma(length)
  return {
    warmup: length + 1,
    initial: { close: Number.NaN, gain: average.initial, loss: average.initial },
    step: ({ close: before, gain, loss }, close) =>
      Number.isNaN(before)
        ? { close, gain, loss }
        : {
            close,
            gain: average.step(gain, Math.max(close - before, 0)),
            loss: average.step(loss, Math.max(before - close, 0)),
          },
    value: ({ gain, loss }) => {
      const [up, down] = [average.value(gain), average.value(loss)]
      return down === 0 ? 100 : 100 - 100 / (1 + up / down)
    },
  }
}
