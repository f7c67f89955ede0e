/** Runs `work` for every call but never two at once; calls made during a run share one run after it. */
export const oneAtATime = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined
    })
    return running
  }
  // Whoever awaited the last run may have started another before this one's turn came; that one will do.
  const startNext = (): Promise<void> => {
    next = undefined
    return running ?? start()
  }
  return () => {
    if (running === undefined) return start()
    next ??= running.then(startNext, startNext)
    return next
  }
}
