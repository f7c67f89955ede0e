/** The last bar that begins at or before `at`, epoch ms; −1 when all begin later. `times` ascend. */
export const placeOf = (times: readonly number[], at: number): number => {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
