import type { Clock } from '#src/engine/ports.ts'

type Timer = { readonly due: number; readonly run: () => void }

/** A clock and its timers moved by hand: market time starts at `startAt` and runs `speed` times as fast as the wall. */
export const createHandClock = (startAt: number, speed = 1) => {
  const begun = 1_000_000
  let wall = begun
  let timers: readonly Timer[] = []
  const clock: Clock = { now: () => startAt + (wall - begun) * speed, wall: () => wall, speed }

  return {
    clock,
    schedule: (run: () => void, ms: number): (() => void) => {
      const timer = { due: wall + ms, run }
      timers = [...timers, timer]
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    /** Lets `ms` pass on the wall in one jump, then runs what is due, promises included, until nothing more is. */
    pass: async (ms: number): Promise<void> => {
      wall += ms
      for (let due = timers.find((timer) => timer.due <= wall); due; due = timers.find((timer) => timer.due <= wall)) {
        const now = due
        timers = timers.filter((timer) => timer !== now)
        now.run()
        await new Promise(setImmediate)
      }
    },
    pending: (): number => timers.length,
  }
}
