/** The last `size` inputs, oldest first; shorter while filling. */
export const slide = (window: readonly number[], size: number, input: number): readonly number[] => {
  if (window.length < size) return [...window, input]
  // A copy shifted in place: twice as fast as a slice spread into a new array.
  const next = window.slice()
  for (let i = 1; i < size; i++) next[i - 1] = window[i] as number
  next[size - 1] = input
  return next
}

/** Arithmetic mean of the values from an index on; NaN of nothing. */
export const mean = (values: readonly number[], from = 0): number => {
  let sum = 0
  // By index: an iterator over lists of whole and of broken numbers boxes each of them.
  for (let i = from; i < values.length; i++) sum += values[i] as number
  return sum / (values.length - from)
}
