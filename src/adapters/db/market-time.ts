import { z } from 'zod'
import type { Seal } from './audit-seal.ts'
import type { Db } from './connect.ts'
import { readSetting, writeSetting } from './settings.ts'

type Options = {
  readonly db: Db
  readonly seal: Seal
  readonly book: string
  /** How long the machine has run, ms: nobody sets this clock. */
  readonly uptime: () => number
  /** Machine time, for the row. */
  readonly wall: () => number
  /** How much faster than the machine this market runs. */
  readonly speed: number
  readonly onError: (error: unknown) => void
}

const stored = z.strictObject({ time: z.number(), uptime: z.number().min(0), seal: z.string() })

/** At most this often is it stored, ms. */
const saveMs = 10_000

export type MarketTime = {
  /**
   * The market time locks may go by at what the clock says is `now`. While `isHeld` says that one holds, it never runs backward,
   * and forward no faster than the machine itself, so that neither way of setting the clock ends a lock.
   */
  readonly believe: (now: number, isHeld: (time: number) => boolean) => number
  /** Takes a time that is known to have passed for the one last seen. */
  readonly assume: (time: number) => void
  /** Stores it; resolves when it is on disk. */
  readonly save: () => Promise<void>
  /** 'changed' when what was stored was changed by hand, 'new' when nothing was. */
  readonly found: 'new' | 'kept' | 'changed'
}

/**
 * Opens the highest market time seen of a book. It is worth as much as the machine's uptime: after a restart of the whole machine
 * the clock is believed anew, though never below what was seen.
 */
export const openMarketTime = async ({
  db,
  seal,
  book,
  uptime,
  wall,
  speed,
  onError,
}: Options): Promise<MarketTime> => {
  const key = `market-time-high:${book}`
  const sealOf = (time: number, up: number): string => seal.of(['market-time', book, time, up])
  const row = await readSetting(db, key, stored.or(z.unknown()))
  const read = stored.safeParse(row)
  const isKept = read.success && read.data.seal === sealOf(read.data.time, read.data.uptime)
  let seen = isKept ? { time: read.data.time, uptime: read.data.uptime } : undefined
  let savedAt = Number.NEGATIVE_INFINITY

  let writing = Promise.resolve()
  const write = async (): Promise<void> => {
    if (seen === undefined) return
    await writeSetting(db, key, stored, { ...seen, seal: sealOf(seen.time, seen.uptime) }, wall())
  }
  const save = (): Promise<void> => {
    savedAt = uptime()
    // One after the other: an older time must not come to rest on a newer one.
    const done = writing.then(write)
    writing = done.catch(() => {})
    return done
  }
  /** What the clock may say at most; a smaller uptime than was seen is that of a machine started since. */
  const most = (up: number): number =>
    seen === undefined || up < seen.uptime ? Number.POSITIVE_INFINITY : seen.time + (up - seen.uptime) * speed

  return {
    believe: (now, isHeld) => {
      const up = uptime()
      const careful = Math.max(seen?.time ?? now, Math.min(now, most(up)))
      const time = isHeld(careful) ? careful : now
      seen = { time, uptime: up }
      if (up - savedAt >= saveMs || up < savedAt) save().catch(onError)
      return time
    },
    assume: (time) => {
      seen = { time, uptime: uptime() }
    },
    save,
    found: row === undefined ? 'new' : isKept ? 'kept' : 'changed',
  }
}
