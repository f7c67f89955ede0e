import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { WireReason } from '#src/adapters/ninjatrader/wire.ts'
import type { Preferences } from '#src/domain/preferences.ts'
import type { Drafts } from './drafts.ts'
import type { FieldRefusal, Fields } from './form.ts'

/** What every route knows of a request: the Node objects beneath it, its form as typed, and why it was refused if it was. */
export type Env = {
  Bindings: Partial<HttpBindings>
  Variables: { refusal?: Refusal; typed?: Fields; drafts?: Drafts; preferences?: Preferences }
}

/** Every reason a request can be refused for; a closed list, so that the counters stay few. */
export type Refusal =
  | 'unknown-host'
  | 'foreign-origin'
  | 'cross-site'
  | 'origin-missing'
  | 'key-missing'
  | 'key-wrong'
  | 'body-too-large'
  | 'unknown-field'
  | 'unknown-path'
  | 'unknown-page'
  | 'unknown-instrument'
  | 'unknown-timeframe'
  | 'unknown-account'
  | 'unknown-alert'
  | 'unknown-study'
  | 'unknown-report'
  | 'unknown-theme'
  | 'unknown-palette'
  | 'not-an-id'
  | 'not-a-time'
  | 'empty-range'
  | 'range-too-long'
  | 'engine-not-ready'
  | 'feed-not-live'
  | 'broken'
  | 'database-away'
  | 'token-missing'
  | 'token-wrong'
  | 'bridge-missing'
  | 'timestamp-missing'
  | 'clock-skew'
  | 'signature-missing'
  | 'signature-wrong'
  | 'bridge-differs'
  | 'batch-reused'
  | 'hello-missing'
  | 'not-a-wait'
  | WireReason
  | FieldRefusal

/** Answers with `{ error: { field, reason } }`, and with what else helps, and leaves the reason for the counter. */
export const refuse = (
  c: Context<Env>,
  status: ContentfulStatusCode,
  field: string,
  reason: Refusal,
  more: { readonly serverTime?: number; readonly line?: number } = {},
): Response => {
  c.set('refusal', reason)
  return c.json({ error: { field, reason, ...more } }, status)
}

/** Refuses input by the first thing wrong with it; the schema's messages must be words of Refusal. */
export const refuseInput = (c: Context<Env>, error: z.ZodError): Response => {
  const [issue] = error.issues
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0]
  return refuse(c, 400, String(field), issue?.message as Refusal)
}
