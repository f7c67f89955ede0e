const keptSeconds = 12
const countedSeconds = 10

/** Counts events by the second of the machine's clock; memory does not grow with the rate. */
export const createRate = () => {
  const counts = new Float64Array(keptSeconds)
  const seconds = new Float64Array(keptSeconds)
  let newest: number | undefined
  return {
    /** One event at a wall-clock time, epoch ms. */
    count: (wall: number): void => {
      const second = Math.floor(wall / 1_000)
      const slot = second % keptSeconds
      if (seconds[slot] !== second) counts[slot] = 0
      seconds[slot] = second
      counts[slot] = (counts[slot] as number) + 1
      newest = wall
    },
    /** Events per second over the ten whole seconds before `wall`. */
    read: (wall: number): number => {
      const now = Math.floor(wall / 1_000)
      let sum = 0
      for (let slot = 0; slot < keptSeconds; slot++) {
        const age = now - (seconds[slot] as number)
        if (age >= 1 && age <= countedSeconds) sum += counts[slot] as number
      }
      return sum / countedSeconds
    },
    /** Wall clock of the newest event. */
    get newest() {
      return newest
    },
  }
}
