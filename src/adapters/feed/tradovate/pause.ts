import type { Schedule } from '../schedule.ts'

/** Waits `ms` milliseconds, or until the signal is aborted if that is sooner. */
export const pause = (ms: number, schedule: Schedule, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = schedule(done, ms)
    if (signal?.aborted === true) done()
    else signal?.addEventListener('abort', done)
  })
