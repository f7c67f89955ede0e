import { Hono } from 'hono'
import { readLegacy } from '#src/adapters/ninjatrader/legacy.ts'
import type { Snapshot } from '#src/domain/trading/platform-event.ts'
import type { Bus, Clock } from '#src/engine/ports.ts'
import { type Env, refuse } from '../refusal.ts'

export type PositionsDeps = {
  readonly bus: Pick<Bus, 'picture'>
  readonly clock: Pick<Clock, 'wall'>
  readonly legacy: {
    /** Shows what an older bridge says an account holds; resolves when the engine will hear of it. */
    readonly hear: (snapshot: Snapshot, receivedAt: number) => Promise<void>
    /** Forgets what older bridges said; what a bridge of the protocol said stays. */
    readonly forget: () => Promise<void>
  }
}

const root = ['/positions', '/positions/']

/**
 * The older route, by X-API-Key. `POST /positions/update`: live positions of one account, no orders and no fills.
 * `GET /positions/`: every position on the screen. `DELETE /positions/`: forgets what this route was told, nothing else.
 */
export const positions = ({ bus, clock, legacy }: PositionsDeps) =>
  new Hono<Env>()
    .post('/positions/update', async (c) => {
      const receivedAt = clock.wall()
      const read = readLegacy(new Uint8Array(await c.req.arrayBuffer()), receivedAt)
      if (!read.ok) return refuse(c, 400, read.field, read.reason)
      await legacy.hear(read.value, receivedAt)
      return c.json({ accepted: true }, 202)
    })
    .on('GET', root, (c) => {
      const { account } = bus.picture()
      return account === undefined ? refuse(c, 503, 'engine', 'engine-not-ready') : c.json(account.positions)
    })
    .on('DELETE', root, async (c) => {
      await legacy.forget()
      return c.body(null, 204)
    })
