import { Hono } from 'hono'
import { BridgePage } from '#views/bridge/page.tsx'
import { answerRefused, answerTaken, whoAsks } from '../form.ts'
import type { Env } from '../refusal.ts'
import type { ActAnswer } from './kill.ts'
import { type PageDeps, pagePropsOf } from './page-props.ts'
import type { RoomDeps } from './rooms.tsx'

export type BridgeRoomDeps = PageDeps &
  Pick<RoomDeps, 'bridgeUrl'> & {
    /** What the AddOn shows; told to whoever sits at this machine and asks for it by a form. */
    readonly token: string
    readonly ping: (who: string) => Promise<ActAnswer>
    /** The sources as NinjaTrader imports them. */
    readonly archive: () => Uint8Array<ArrayBuffer>
  }

/** `POST /bridge/token` shows the token in its one answer, `/bridge/ping` tries the way there and back, and the archive is a download. */
export const bridgeRoom = ({ token, ping, archive, bridgeUrl: url, ...deps }: BridgeRoomDeps) =>
  new Hono<Env>()
    .post('/bridge/token', (c) => {
      c.header('cache-control', 'no-store')
      return c.html(<BridgePage {...pagePropsOf(c, deps)} setup={{ url, token }} />)
    })
    .post('/bridge/ping', async (c) => {
      const done = await ping(whoAsks(c))
      return done.ok
        ? answerTaken(c, '/bridge')
        : answerRefused(c, '/bridge', { form: 'ping', field: 'bridge', reason: done.reason })
    })
    .get('/bridge/copilot-bridge.zip', (c) => {
      c.header('content-disposition', 'attachment; filename="copilot-bridge.zip"')
      return c.body(archive(), 200, { 'content-type': 'application/zip' })
    })
