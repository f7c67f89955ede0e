import { type Context, Hono } from 'hono'
import { answerRefused, answerTaken, askFirst, type FieldRefusal, whoAsks } from '../form.ts'
import type { Env } from '../refusal.ts'

/** What became of what was asked: kept to be done, or why it cannot be. */
export type ActAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** 'not-locked': everything is being closed, and the lock could not be stored. */
      readonly reason: Extract<FieldRefusal, 'unknown-account' | 'not-reachable' | 'engine-not-ready' | 'not-locked'>
    }

type Act = (account: string, who: string) => Promise<ActAnswer>

/** What may be asked of the platform from a page; each resolves when the request is kept and audited, not when it is done. */
export type KillDeps = {
  /** Blocks entries in every account and flattens everything. */
  readonly kill: (who: string) => Promise<ActAnswer>
  readonly flatten: Act
  readonly cancelAll: Act
  /** Takes the platform's positions for ours, where the two do not agree. */
  readonly adopt: Act
}

/**
 * `POST /kill`, `/accounts/:name/flatten`, `/accounts/:name/cancel` and `/accounts/:name/adoption`, each with `confirmed=yes`: a
 * plain form without it is led to the page that asks.
 */
export const kill = (deps: KillDeps) => {
  const act = (run: Act) => async (c: Context<Env>) => {
    const fields = await askFirst(c)
    if (fields instanceof Response) return fields
    const form = c.req.path
    if (!fields.ok) return answerRefused(c, '/', { form, ...fields })
    const done = await run(c.req.param('name') ?? '', whoAsks(c))
    if (done.ok) return answerTaken(c, '/')
    const field = done.reason === 'not-locked' ? 'lock' : done.reason === 'engine-not-ready' ? 'engine' : 'account'
    return answerRefused(c, '/', { form, field, reason: done.reason })
  }
  return new Hono<Env>()
    .post(
      '/kill',
      act((_, who) => deps.kill(who)),
    )
    .post('/accounts/:name/flatten', act(deps.flatten))
    .post('/accounts/:name/cancel', act(deps.cancelAll))
    .post('/accounts/:name/adoption', act(deps.adopt))
}
