import type { Schedule } from '#src/adapters/feed/schedule.ts'

/** Resolves after `ms` milliseconds of machine time, or at once when the signal is aborted. */
export const pause = (ms: number, schedule: Schedule, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const finish = (): void => {
      cancel()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = schedule(finish, ms)
    signal.addEventListener('abort', finish)
  })
