import type { Writable } from 'node:stream'
import type { Topic } from '#src/domain/picture.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import { alertFrame } from './frame.ts'

/** One open page. While it does not read it costs a set of topics and the id of an alert, never a queue of bytes. */
export type Reader = {
  /** Sends the shared frame of these topics, or remembers that they went stale. A beat has no topics. */
  readonly offer: (frame: Buffer, topics: readonly Topic[]) => void
  /** Sends an alert once and in order: now, or from the store when the page reads again. */
  readonly alert: (alert: Alert, frame: Buffer) => void
  /** Gives up on a page that read nothing for the stall limit; tries again a replay that failed. */
  readonly check: () => void
}

type ReaderDeps = {
  readonly outgoing: Writable
  readonly wall: () => number
  /** The alert this page is up to; undefined when nobody knows, and then nothing is replayed. */
  readonly alertId: number | undefined
  /** Alerts after an id, oldest first. */
  readonly alertsAfter: (id: number) => Promise<readonly Alert[]>
  /** The current frame of some topics. */
  readonly frameOf: (topics: ReadonlySet<Topic>) => Buffer
}

const stallLimitMs = 30_000
const retryMs = 2_000

/** Opens a reader on a stream whose head is written: first the whole picture, then what the page missed. */
export const createReader = (whole: Buffer, { outgoing, wall, alertId, alertsAfter, frameOf }: ReaderDeps): Reader => {
  const stale = new Set<Topic>()
  let lastAlert = alertId
  let behind = alertId !== undefined
  let replaying = false
  let retryAt = 0
  let stalledAt: number | undefined

  const isReady = (): boolean => stalledAt === undefined && !outgoing.destroyed && !outgoing.writableEnded
  const write = (frame: Buffer): void => {
    if (!outgoing.write(frame)) stalledAt = wall()
  }
  const deliver = (alert: Alert, frame: Buffer): void => {
    if (alert.id <= (lastAlert ?? 0)) return
    lastAlert = alert.id
    write(frame)
  }
  /** Asks the store until it has no more: a batch may be cut short, and an alert may be raised meanwhile. */
  const catchUp = async (): Promise<void> => {
    if (replaying) return
    replaying = true
    try {
      while (behind && isReady()) {
        behind = false
        const missed = await alertsAfter(lastAlert ?? 0)
        for (const alert of missed) if (isReady()) deliver(alert, alertFrame(alert))
        behind ||= missed.length > 0
      }
    } catch {
      behind = true
      retryAt = wall() + retryMs
    } finally {
      replaying = false
    }
  }
  outgoing.on('drain', () => {
    stalledAt = undefined
    if (stale.size > 0) write(frameOf(stale))
    stale.clear()
    void catchUp()
  })

  write(whole)
  void catchUp()
  return {
    offer: (frame, topics) => {
      if (isReady()) write(frame)
      else for (const topic of topics) stale.add(topic)
    },
    alert: (alert, frame) => {
      lastAlert ??= alert.id - 1
      if (isReady() && !behind && !replaying) deliver(alert, frame)
      else behind = true
    },
    check: () => {
      if (stalledAt !== undefined && wall() - stalledAt >= stallLimitMs) outgoing.destroy()
      else if (behind && wall() >= retryAt) void catchUp()
    },
  }
}
