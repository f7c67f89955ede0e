import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Clock } from '#src/engine/ports.ts'

/** How far the delayed host is behind until it has been measured, ms (observed: about 604 s). */
const usualDelayMs = 604_000
/** How long a minute waits for its last trades, and for its bar where there are no trades; ms of market time. */
const graceMs = { tick: 1_500, bar: 2_500 }
/** The way over the wire and the turn of the machine take this much of the machine's time, however fast the market runs. */
const wayMs = 250

const nextMinute = (at: number): number => minuteOf(at) + minuteMs

/**
 * What time it is on the vendor's host. The delayed host's clock is ours less its delay: the smallest distance between an
 * event and its arrival, within the last one to two minutes in which anything came.
 */
export const createFeedTime = (clock: Clock, isDelayed: () => boolean, grain: () => 'tick' | 'bar') => {
  let since = Number.NEGATIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  let leastBefore = Number.POSITIVE_INFINITY
  let reached: number | undefined

  const delayMs = (): number => {
    if (!isDelayed()) return 0
    const measured = Math.min(least, leastBefore)
    return Number.isFinite(measured) ? Math.max(0, measured) : usualDelayMs
  }

  return {
    delayMs,
    /** An event of this market time, epoch ms, has just arrived. */
    measure: (eventTime: number): void => {
      const now = clock.now()
      if (now - since >= minuteMs) {
        since = now
        leastBefore = least
        least = Number.POSITIVE_INFINITY
      }
      least = Math.min(least, now - eventTime)
    },
    /** Tells `onTime` how far the market has come since the last call, each whole minute by itself; never back. */
    advance: (onTime: (now: number) => void): void => {
      const to = clock.now() - delayMs() - Math.max(graceMs[grain()], wayMs * clock.speed)
      if (reached !== undefined) for (let minute = nextMinute(reached); minute < to; minute += minuteMs) onTime(minute)
      if (reached !== undefined && to <= reached) return
      reached = to
      onTime(to)
    },
  }
}
