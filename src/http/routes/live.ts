import type { ServerResponse } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { securityHeaders } from '../guard.ts'
import type { Hub } from '../live.ts'
import { type Env, refuse } from '../refusal.ts'
import { wholeNumber } from '../whole-number.ts'

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // A buffering proxy would hold prices back until its buffer is full.
  'x-accel-buffering': 'no',
}
const alertId = wholeNumber('not-an-id').optional()

/** The stream ends by closing, so chunk heads are left out and one shared buffer is written as it is. */
const openStream = (outgoing: ServerResponse): ServerResponse => {
  outgoing.useChunkedEncodingByDefault = false
  return outgoing.writeHead(200, { ...securityHeaders, ...streamHeaders })
}

/** `GET /live?page=terminal`: the page's fragments as they change. A page names the last alert it heard by Last-Event-ID, or `after` on its first visit. */
export const live = (hub: Hub) =>
  new Hono<Env>().get('/live', (c) => {
    const page = c.req.query('page') ?? ''
    if (!hub.hasPage(page)) return refuse(c, 400, 'page', 'unknown-page')
    const after = alertId.safeParse(c.req.header('last-event-id') ?? c.req.query('after'))
    if (!after.success) return refuse(c, 400, 'after', 'not-an-id')
    if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders)
    // Under a server the Node response is written to directly: a web stream per page is three times as slow.
    const outgoing = c.env?.outgoing
    if (outgoing !== undefined) {
      hub.join(page, openStream(outgoing), after.data)
      return RESPONSE_ALREADY_SENT
    }
    const stream = new PassThrough()
    c.req.raw.signal.addEventListener('abort', () => stream.destroy(), { once: true })
    hub.join(page, stream, after.data)
    return c.body(Readable.toWeb(stream) as ReadableStream, 200, streamHeaders)
  })
