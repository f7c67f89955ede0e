import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import type { Inbox } from '#src/adapters/ninjatrader/inbox.ts'
import type { Outbox } from '#src/adapters/ninjatrader/outbox.ts'
import { complaintOfCall } from '#src/adapters/ninjatrader/signature.ts'
import { type Env, type Refusal, refuse, refuseInput } from '../refusal.ts'
import { wholeNumber } from '../whole-number.ts'

export type BridgeDeps = {
  /** Shown and used for signing by every bridge; while it is empty none gets in. */
  readonly token: string
  readonly inbox: Inbox
  readonly outbox: Pick<Outbox, 'poll'>
  /** Whether the engine has been gone for long; a watchdog has none. */
  readonly isEngineLost?: () => boolean
}

/** The bridge's name, which the signature check has read before. */
const bridgeOf = (c: Context<Env>): string => c.req.header('x-copilot-bridge') ?? ''

/** Tells every answer's reader our clock, refused or not: expiry and skew are by it. */
export const stampTime =
  (wall: () => number): MiddlewareHandler<Env> =>
  async (c, next) => {
    await next()
    c.header('x-copilot-time', String(wall()))
  }

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** The path and query of an address, as they were sent. */
const target = (url: string): string => url.slice(url.indexOf('/', url.indexOf('//') + 2))

/** Lets only a bridge pass: its token, its signature over what it sent, and a clock within 30 s of ours. */
export const requireBridge =
  (token: string, wall: () => number): MiddlewareHandler<Env> =>
  async (c, next) => {
    const body = isReading(c.req.method) ? target(c.req.url) : new Uint8Array(await c.req.arrayBuffer())
    const now = wall()
    const complaint = complaintOfCall(
      token,
      {
        authorization: c.req.header('authorization'),
        bridge: c.req.header('x-copilot-bridge'),
        timestamp: c.req.header('x-copilot-timestamp'),
        signature: c.req.header('x-copilot-signature'),
        body,
      },
      now,
    )
    if (complaint !== undefined) {
      const { field, reason } = complaint
      return refuse(c, 401, field, reason, reason === 'clock-skew' ? { serverTime: now } : {})
    }
    return next()
  }

const longestWaitS = 30
const ask = z.strictObject(
  {
    after: wholeNumber('not-an-id'),
    wait: wholeNumber('not-a-wait').refine((seconds) => seconds <= longestWaitS, 'not-a-wait' satisfies Refusal),
  },
  'unknown-field' satisfies Refusal,
)

const refuseLost = (c: Context<Env>): Response => refuse(c, 503, 'engine', 'engine-not-ready')

/**
 * Where NinjaTrader's bridge calls, and nobody else. `POST /events`: a batch of what happened, answered once it is kept.
 * `GET /commands?after=&wait=`: what is asked of it, waited for up to `wait` seconds. Without an engine both are refused: the
 * bridge keeps what it has to say, and misses the co-pilot as its watchdog does.
 */
export const bridge = ({ inbox, outbox, isEngineLost = () => false }: BridgeDeps) =>
  new Hono<Env>()
    .basePath('/api/bridge/v1')
    .post('/events', async (c) => {
      if (isEngineLost()) return refuseLost(c)
      const taken = await inbox.take(bridgeOf(c), new Uint8Array(await c.req.arrayBuffer()))
      if (!taken.ok) return refuse(c, taken.status, taken.field, taken.reason)
      if (taken.resend) c.header('x-copilot-resend', 'hello')
      return c.json(taken.answer)
    })
    .get('/commands', async (c) => {
      const asked = ask.safeParse(c.req.query())
      if (!asked.success) return refuseInput(c, asked.error)
      const { after, wait } = asked.data
      const { signal } = c.req.raw
      // Looked at again after the wait, in which the engine may have gone.
      const commands = isEngineLost()
        ? []
        : await outbox.poll({ bridge: bridgeOf(c), after, waitMs: wait * 1_000, signal })
      if (commands.length === 0 && isEngineLost()) return refuseLost(c)
      return c.json({ commands })
    })
