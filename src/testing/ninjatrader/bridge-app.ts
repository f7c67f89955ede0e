import type { Hono } from 'hono'
import { createMemoryBus } from '#src/adapters/bus/memory.ts'
import { schedule } from '#src/adapters/clock.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { createInbox } from '#src/adapters/ninjatrader/inbox.ts'
import { createOutbox, type Outbox } from '#src/adapters/ninjatrader/outbox.ts'
import type { Picture } from '#src/domain/picture.ts'
import type { PlatformEvent, Snapshot, Speaker } from '#src/domain/trading/platform-event.ts'
import type { Bus } from '#src/engine/ports.ts'
import { createApp } from '#src/http/app.ts'
import type { Env } from '#src/http/refusal.ts'
import { quietLab } from '../lab.ts'
import { quietFloor } from '../quiet-floor.ts'

export const token = 'a-bridge-token-of-some-length'
export const apiKey = 'an-api-key-of-some-length'

/** What the engine of a test was told, and by whom. */
type Heard = { readonly event: PlatformEvent; readonly speaker: Speaker }

/** The web as a bridge meets it, on a real database; a new one on the same database is a restart. */
export type BridgeApp = {
  readonly app: Hono<Env>
  readonly outbox: Outbox
  readonly bus: Bus
  readonly heard: Heard[]
  readonly legacy: { readonly snapshots: Snapshot[]; forgotten: number }
  /** The books whose commands moved. */
  readonly changed: string[]
  /** Everything logged as an error. */
  readonly errors: unknown[]
}

export const createBridgeApp = ({
  db,
  wall,
  bus = createMemoryBus({ wall }),
  picture = {},
  tell,
  stored = () => {},
  isEngineLost = () => false,
}: {
  readonly db: Db
  readonly wall: () => number
  readonly bus?: Bus
  readonly picture?: Partial<Picture>
  readonly tell?: (events: readonly PlatformEvent[], speaker: Speaker) => void
  readonly stored?: () => void
  readonly isEngineLost?: () => boolean
}): BridgeApp => {
  const heard: Heard[] = []
  const changed: string[] = []
  const errors: unknown[] = []
  const legacy = { snapshots: [] as Snapshot[], forgotten: 0 }
  const log = { error: (what: unknown) => errors.push(what), warn: () => {} }
  const hear = (events: readonly PlatformEvent[], speaker: Speaker): void => {
    heard.push(...events.map((event) => ({ event, speaker })))
  }
  const inbox = createInbox({ db, wall, tell: tell ?? hear, stored, log })
  const outbox = createOutbox({ db, bus, token, wall, schedule, changed: (book) => changed.push(book), log })
  const app = createApp({
    bus: { picture: () => picture },
    clock: { now: wall, wall, speed: 1 },
    hub: { size: 0, hasPage: () => false, join: () => {}, close: () => {} },
    alerts: { latest: async () => [], acknowledge: async () => false },
    ask: async () => {},
    readBars: () => Promise.reject(new Error('no bars here')),
    instruments: [],
    floor: quietFloor,
    lab: quietLab,
    // No test that calls as a bridge asks for the trader's own pages.
    bridge: { token, inbox, outbox, isEngineLost },
    legacy: {
      hear: async (snapshot) => {
        legacy.snapshots.push(snapshot)
      },
      forget: async () => {
        legacy.forgotten++
      },
    },
    security: { hosts: ['localhost', '127.0.0.1'], apiKey },
    publicFolders: [],
    health: () => ({ ready: true, dependencies: [] }),
    log,
  })
  return { app, outbox, bus, heard, legacy, changed, errors }
}
