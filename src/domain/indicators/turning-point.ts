import type { Bar } from '../market/bar.ts'
import type { Indicator } from './indicator.ts'
import { slide } from './window.ts'

/** Whether the input `right` places before the newest stands out from the `left` before it and the `right` after it. */
const turningPoint = (
  left: number,
  right: number,
  standsOut: (input: number, other: number) => boolean,
): Indicator<readonly number[], number> => ({
  warmup: left + right + 1,
  initial: [],
  step: (window, input) => slide(window, left + right + 1, input),
  value: (window) => {
    const middle = window[left]
    if (window.length <= left + right || middle === undefined) return Number.NaN
    return window.every((other, i) => i === left || standsOut(middle, other)) ? middle : Number.NaN
  },
})

/** The high that `right` later inputs have just confirmed, known now and made `right` inputs ago; NaN when none was. TradingView `ta.pivothigh`. */
export const pivotHigh = (left: number, right: number): Indicator<readonly number[], number> =>
  turningPoint(left, right, (input, other) => input > other)

/** The low that `right` later inputs have just confirmed, known now and made `right` inputs ago; NaN when none was. TradingView `ta.pivotlow`. */
export const pivotLow = (left: number, right: number): Indicator<readonly number[], number> =>
  turningPoint(left, right, (input, other) => input < other)

type FractalState = { readonly highs: readonly number[]; readonly lows: readonly number[] }
type Fractal = { readonly high: number; readonly low: number }

/** Williams' fractals in points: a high (low) beyond those of `reach` bars on either side, known `reach` bars later. */
export const fractal = (reach = 2): Indicator<FractalState, Pick<Bar, 'high' | 'low'>, Fractal> => {
  const [top, bottom] = [pivotHigh(reach, reach), pivotLow(reach, reach)]
  return {
    warmup: top.warmup,
    initial: { highs: top.initial, lows: bottom.initial },
    step: ({ highs, lows }, { high, low }) => ({ highs: top.step(highs, high), lows: bottom.step(lows, low) }),
    value: ({ highs, lows }) => ({ high: top.value(highs), low: bottom.value(lows) }),
  }
}
