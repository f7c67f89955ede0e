/** The last `size` inputs, oldest first; shorter while filling. */
export const slide = (window: readonly number[], size: number, input: number): readonly number[] =>
  window.length < size ? [...window, input] : [...window.slice(1), input]

/** Arithmetic mean; NaN of nothing. */
export const mean = (values: readonly number[]): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
