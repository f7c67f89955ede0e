import type { Schedule } from '../schedule.ts'

/** Timers that all end together, so that what is over leaves none behind. */
export const createTimers = (schedule: Schedule) => {
  const running = new Set<() => void>()
  return {
    later: (run: () => void, ms: number): void => {
      const cancel = schedule(() => {
        running.delete(cancel)
        run()
      }, ms)
      running.add(cancel)
    },
    clear: (): void => {
      for (const cancel of running) cancel()
      running.clear()
    },
  }
}
