import type { BarColumns } from '../market/series.ts'

/** A column for the answers: NaN up to the first that is warm. */
const prepare = (out: Float64Array, cold: number): Float64Array => out.fill(Number.NaN, 0, Math.min(cold, out.length))

/** A running sum is begun anew after so many values: what rounding leaves in it cannot grow further. */
const renewed = 1024

/**
 * `sma(length)` of a whole column, NaN until warm. The fold sums every window anew; here a sum runs along for 1,024 values
 * at most, which leaves it within 1e-12 of the largest value it has met.
 */
export const smaOf = (values: Float64Array, length: number, out = new Float64Array(values.length)): Float64Array => {
  prepare(out, length - 1)
  const size = values.length
  const share = 1 / length
  for (let start = length - 1; start < size; start += renewed) {
    let sum = 0
    for (let i = start - length + 1; i <= start; i++) sum += values[i] as number
    out[start] = sum * share
    const end = Math.min(start + renewed, size)
    for (let i = start + 1; i < end; i++) {
      sum += (values[i] as number) - (values[i - length] as number)
      out[i] = sum * share
    }
  }
  return out
}

/** `ema(length)` of a whole column, NaN until warm; the fold's arithmetic, to the last digit. */
export const emaOf = (values: Float64Array, length: number, out = new Float64Array(values.length)): Float64Array => {
  prepare(out, length - 1)
  const size = values.length
  if (size < length) return out
  const alpha = 2 / (length + 1)
  const rest = 1 - alpha
  let sum = 0
  for (let i = 0; i < length; i++) sum += values[i] as number
  let average = sum / length
  out[length - 1] = average
  for (let i = length; i < size; i++) {
    average = alpha * (values[i] as number) + rest * average
    out[i] = average
  }
  return out
}

/** `rsi(length)` of a whole column of closes, 0–100, NaN until warm; the fold's arithmetic, to the last digit. */
export const rsiOf = (closes: Float64Array, length = 14, out = new Float64Array(closes.length)): Float64Array => {
  prepare(out, length)
  const size = closes.length
  if (size <= length) return out
  const alpha = 1 / length
  const rest = 1 - alpha
  let up = 0
  let down = 0
  let before = closes[0] as number
  // Half of |move| ± move is the gain or the loss exactly, and spares a branch nobody can predict.
  for (let i = 1; i <= length; i++) {
    const move = (closes[i] as number) - before
    before = closes[i] as number
    up += (Math.abs(move) + move) / 2
    down += (Math.abs(move) - move) / 2
  }
  up /= length
  down /= length
  out[length] = down === 0 ? 100 : 100 - 100 / (1 + up / down)
  for (let i = length + 1; i < size; i++) {
    const move = (closes[i] as number) - before
    before = closes[i] as number
    up = alpha * ((Math.abs(move) + move) / 2) + rest * up
    down = alpha * ((Math.abs(move) - move) / 2) + rest * down
    out[i] = down === 0 ? 100 : 100 - 100 / (1 + up / down)
  }
  return out
}

/** `atr(length)` of whole columns of bars, points, NaN until warm; the fold's arithmetic, to the last digit. */
export const atrOf = (
  { high, low, close }: Pick<BarColumns, 'high' | 'low' | 'close'>,
  length: number,
  out = new Float64Array(close.length),
): Float64Array => {
  prepare(out, length - 1)
  const size = close.length
  if (size < length) return out
  const alpha = 1 / length
  const rest = 1 - alpha
  let before = close[0] as number
  let sum = (high[0] as number) - (low[0] as number)
  for (let i = 1; i < length; i++) {
    const top = high[i] as number
    const bottom = low[i] as number
    sum += Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before))
    before = close[i] as number
  }
  let average = sum / length
  out[length - 1] = average
  for (let i = length; i < size; i++) {
    const top = high[i] as number
    const bottom = low[i] as number
    const range = Math.max(top - bottom, Math.abs(top - before), Math.abs(bottom - before))
    before = close[i] as number
    average = alpha * range + rest * average
    out[i] = average
  }
  return out
}
