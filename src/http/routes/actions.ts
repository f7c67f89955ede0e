import { Hono } from 'hono'
import type { Bus } from '#src/engine/ports.ts'
import { type Env, refuse } from '../refusal.ts'

export type ActionDeps = {
  readonly bus: Pick<Bus, 'picture'>
  /** Asks the engine, wherever it runs; resolves when the request is kept. */
  readonly ask: (command: 'feed-start' | 'feed-stop' | 'refresh') => Promise<void>
}

/**
 * What a program may ask of the engine; 202 when the request is kept. `/actions/live_feed/start` wakes the live feed outside
 * the trader's hours, `/stop` lets it rest until it is started, `/status` tells how it stands.
 * `/actions/force_refresh` asks the source for everything of today again.
 */
export const actions = ({ bus, ask }: ActionDeps) => {
  const isLive = (): boolean =>
    ['LIVE', 'DELAYED'].includes(bus.picture().feed?.mode ?? '') || bus.picture().history !== undefined
  return new Hono<Env>()
    .basePath('/actions')
    .get('/live_feed/status', (c) => {
      const { feed } = bus.picture()
      return feed === undefined ? refuse(c, 503, 'engine', 'engine-not-ready') : c.json(feed)
    })
    .post('/live_feed/:order{start|stop}', async (c) => {
      if (!isLive()) return refuse(c, 409, 'feed', 'feed-not-live')
      await ask(c.req.param('order') === 'start' ? 'feed-start' : 'feed-stop')
      return c.json({ accepted: true }, 202)
    })
    .post('/force_refresh', async (c) => {
      if (!isLive()) return refuse(c, 409, 'feed', 'feed-not-live')
      await ask('refresh')
      return c.json({ accepted: true }, 202)
    })
}
