import type { Gap } from '#src/adapters/db/coverage.ts'
import type { Schedule } from '#src/adapters/feed/schedule.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteOf } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Clock } from '#src/engine/ports.ts'

/** Minutes of a market that begin in [from, to), known in part or not at all; found at a time of the machine's clock. */
export type Doubt = {
  readonly from: number
  readonly to: number
  readonly reason: Gap['reason']
  readonly foundAt: number
}

type Options = {
  readonly clock: Clock
  readonly schedule: Schedule
  /** Asks the source; answers up to where (epoch ms) it has answered. A source that does not answer has not moved. */
  readonly ask: (instrument: InstrumentId, doubt: Doubt) => Promise<number>
}

/** A source needs this long after a minute to have it; market time. */
const settleMs = 5_000
/** A market is asked about at most this often, and less and less often while the source does not answer; machine time. */
const betweenMs = 2_000
const firstRetryMs = 5_000
const longestRetryMs = 300_000

const join = (a: Doubt, b: Doubt): Doubt => ({ ...a, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) })

const retryMs = (tries: number): number =>
  tries === 0 ? betweenMs : Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1))

/** Has the doubtful minutes of one market asked for once they are over; however many come, they are asked for together. */
const createMarketDoubts = (instrument: InstrumentId, { clock, schedule, ask }: Options) => {
  let pending: Doubt | undefined
  let cancel: (() => void) | undefined
  let asking: Promise<void> | undefined
  let asked = Number.NEGATIVE_INFINITY
  let tries = 0
  let stopped = false

  const add = (doubt: Doubt): void => {
    if (doubt.to <= doubt.from) return
    pending = pending === undefined ? doubt : join(pending, doubt)
    arm()
  }

  /** Waits for the oldest doubtful minute, not for the newest: a storm that goes on may not put off what is over. */
  const arm = (): void => {
    if (stopped || pending === undefined || cancel !== undefined || asking !== undefined) return
    const over = minuteOf(pending.from) + minuteMs + settleMs
    const wait = Math.max((over - clock.now()) / clock.speed, asked + retryMs(tries) - clock.wall(), 0)
    cancel = schedule(() => {
      cancel = undefined
      asking = run().finally(() => {
        asking = undefined
        arm()
      })
    }, wait)
  }

  const run = async (): Promise<void> => {
    const over = minuteOf(clock.now() - settleMs)
    if (pending === undefined || over <= pending.from) return
    const { from, to, ...how } = pending
    const now = { ...how, from, to: Math.min(to, over) }
    pending = to > over ? { ...how, from: over, to } : undefined
    const reached = await ask(instrument, now)
    asked = clock.wall()
    tries = reached >= now.to ? 0 : reached > from ? 1 : tries + 1
    if (reached < now.to) add({ ...now, from: Math.max(from, reached) })
  }

  return {
    add,
    stop: async (): Promise<void> => {
      stopped = true
      cancel?.()
      await asking
    },
  }
}

/** Keeps the doubtful minutes of every market until its source has answered for them. */
export const createDoubts = (options: Options) => {
  const markets = new Map<InstrumentId, ReturnType<typeof createMarketDoubts>>()
  return {
    add: (instrument: InstrumentId, doubt: Doubt): void => {
      const market = markets.get(instrument) ?? createMarketDoubts(instrument, options)
      markets.set(instrument, market)
      market.add(doubt)
    },
    stop: async (): Promise<void> => {
      await Promise.all([...markets.values()].map(({ stop }) => stop()))
    },
  }
}
