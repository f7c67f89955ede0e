import type { Logger } from 'pino'
import { z } from 'zod'
import { repeat } from '#src/adapters/clock.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { readSetting, writeSetting } from '#src/adapters/db/settings.ts'
import type { Config } from '#src/config.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { attendanceAt } from '#src/domain/instruments/feed-hours.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import type { Engine } from '#src/engine/engine.ts'
import type { Clock, LiveFeed } from '#src/engine/ports.ts'
import type { Attendance, Command } from './market-source.ts'

/** A connection that says it lives and brings nothing for this long is tried anew, at most this often. */
const stuckMs = 15_000
const unstickEveryMs = 60_000

const settingKey = 'live-feed'
/** What the trader ordered: nothing, awake until the day's hours take over, or rest until told otherwise. */
const orders = z.enum(['none', 'on', 'off'])
type Order = z.infer<typeof orders>

type Options = {
  readonly db: Db
  readonly config: Pick<Config, 'instruments' | 'boundaries' | 'feedSleeps'>
  readonly clock: Clock
  readonly feed: Pick<LiveFeed, 'sleep' | 'wake'>
  readonly engine: Pick<Engine, 'staleFor'>
  readonly log: Logger
  /** Called every second: the contracts may have changed with the trade date. */
  readonly follow: () => void
  readonly refresh: () => Promise<void>
  readonly stop: () => Promise<void>
}

const reasons = {
  phase: 'a phase of the day',
  open: 'the market is open',
  'off-hours': 'outside the trading day',
  maintenance: 'the exchange’s maintenance hour',
  closed: 'the market is closed',
  override: 'as ordered',
} as const

/** Until when it stays so, in New York; nothing where only another order ends it. */
const until = (at: number): readonly string[] => {
  if (!Number.isFinite(at)) return []
  const { date, minute } = easternAt(at)
  return [
    `until ${date} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')} ET`,
  ]
}

/** Sends the feed to sleep and wakes it with the trader's day, and shakes a connection that is stuck. */
export const createAttendance = (options: Options): Attendance => {
  const { db, config, clock, feed, engine, log, follow, refresh, stop } = options
  const groups = [...new Set(config.instruments.map((id) => specOf(id).group))]
  let order: Order = 'none'
  let awake: boolean | undefined
  let shaken = 0

  const hours = (override?: 'on' | 'off') =>
    attendanceAt(clock.now(), {
      boundaries: config.boundaries,
      groups,
      sleeps: config.feedSleeps,
      ...(override && { override }),
    })

  const keep = async (next: Order): Promise<void> => {
    order = next
    await writeSetting(db, settingKey, orders, next, clock.wall())
  }

  const look = (): void => {
    follow()
    // An order to be awake is over once the day's own hours would have it so.
    if (order === 'on' && hours().awake) order = 'none'
    const now = hours(order === 'none' ? undefined : order)
    if (now.awake !== awake) {
      awake = now.awake
      if (awake) feed.wake()
      else feed.sleep([reasons[now.reason], ...until(now.until)].join(', '))
    }
    if (!awake || engine.staleFor < stuckMs || clock.wall() - shaken < unstickEveryMs) return
    shaken = clock.wall()
    log.warn('The feed is connected and silent; it is connected anew')
    feed.sleep('silent for too long')
    feed.wake()
  }

  const obey = async (command: Command): Promise<void> => {
    if (command === 'refresh') return refresh()
    await keep(command === 'feed-stop' ? 'off' : 'on')
    look()
  }

  look()
  const stopLooking = repeat(look, 1_000)
  const recalled = readSetting(db, settingKey, orders)
    .then((kept) => {
      if (kept !== undefined && order === 'none') order = kept
      look()
    })
    .catch((error: unknown) => log.error({ err: error }, 'The order to the live feed could not be read'))
  return {
    obey,
    stop: async () => {
      stopLooking()
      await recalled
      await stop()
    },
  }
}
