/** Runs a function once after `ms` milliseconds; what it returns calls that off. */
export type Schedule = (run: () => void, ms: number) => () => void

/** Timers that end together. */
export type Timers = {
  readonly after: (ms: number, run: () => void) => void
  readonly every: (ms: number, run: () => void) => void
  /** Resolves after `ms`; once the timers are stopped never, so that whoever waits ends there. */
  readonly pause: (ms: number) => Promise<void>
  readonly stop: () => void
}

/** Creates timers on a schedule; once stopped nothing runs any more. */
export const createTimers = (schedule: Schedule): Timers => {
  const cancels = new Set<() => void>()
  let stopped = false
  const after = (ms: number, run: () => void): void => {
    if (stopped) return
    const cancel = schedule(() => {
      cancels.delete(cancel)
      run()
    }, ms)
    cancels.add(cancel)
  }
  const every = (ms: number, run: () => void): void =>
    after(ms, () => {
      run()
      every(ms, run)
    })
  const pause = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve))
  const stop = (): void => {
    stopped = true
    for (const cancel of cancels) cancel()
    cancels.clear()
  }
  return { after, every, pause, stop }
}
