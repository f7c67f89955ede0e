import { uptime } from 'node:os'
import type { Clock } from '#src/engine/ports.ts'

/** The machine's clock, epoch ms. The only place that reads it. */
export const machineTime = (): number => Date.now()

/**
 * How long the machine has run, its sleep included, ms. Linux keeps that in a file: read for every question it would cost a
 * fill a tenth of a millisecond, so between two readings, a tenth of a second at most, `elapsed` (ms) goes on from the last.
 */
export const createUptime = (
  read: () => number = () => uptime() * 1_000,
  elapsed: () => number = () => performance.now(),
): (() => number) => {
  let readAt = Number.NEGATIVE_INFINITY
  let then = 0
  return () => {
    const now = elapsed()
    if (now - readAt >= 100) {
      // The file knows hundredths of a second only, and this never goes back.
      then = Math.max(read(), then + Math.min(now - readAt, 100))
      readAt = now
    }
    return Math.round(then + now - readAt)
  }
}

/** Market time that starts at `startAt` when the clock is made and runs `speed` times as fast as the machine; 0 holds it still. */
export const createClock = (startAt: number, speed: number, wall: () => number = machineTime): Clock => {
  const began = wall()
  return { now: () => startAt + (wall() - began) * speed, wall, speed }
}

/** Runs a function once after `ms` milliseconds of machine time; what it returns calls that off. */
export const schedule = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Runs a function every `ms` milliseconds of machine time until what it returns is called. */
export const repeat = (run: () => void, ms: number): (() => void) => {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}

/** A number in [0, 1) nobody can foresee; for waits that must not fall together. */
export const chance = (): number => Math.random()
