import type { Refused } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { looseOf } from './frames.ts'
import { pause } from './pause.ts'
import { captchaWords, penaltyOf } from './penalty.ts'
import { createRest, type Reply } from './rest.ts'
import type { TradovateSession } from './session.ts'

const mostTries = 5
const stopped: Refused = { ok: false, reason: 'stopped', detail: 'stopped' }

/** One thing of the vendor's REST interface, or why not. */
export type Read = (
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<{ readonly ok: true; readonly value: unknown } | Refused>

/**
 * Creates the reader of the vendor's REST interface: `read('/contract/find', { name: 'MNQZ6' }, signal)`. It waits out
 * penalties and back-offs and asks again in a new session when the old one was taken back. Never throws.
 */
export const createReader = ({
  restUrl,
  session,
  fetch = globalThis.fetch,
  schedule,
  random,
}: {
  readonly restUrl: string
  readonly session: TradovateSession
  readonly fetch?: typeof globalThis.fetch
  readonly schedule: Schedule
  readonly random: () => number
}): Read => {
  const rest = createRest({ restUrl, fetch, schedule })

  const refusalOf = (reply: Reply): Refused => {
    const status = reply?.status ?? 503
    const said = session.words(looseOf(reply?.body)?.['errorText'] ?? '')
    if (status === 401 || status === 403)
      return { ok: false, reason: 'not-entitled', detail: `Tradovate denies this. ${said}`.trim() }
    if (status === 429 || status >= 500)
      return { ok: false, reason: 'unavailable', detail: 'Tradovate does not answer' }
    return { ok: false, reason: 'garbage', detail: `Tradovate answers ${status}. ${said}`.trim() }
  }

  const backOffMs = (firstMs: number, tries: number): number => firstMs * 2 ** tries * (0.5 + random() / 2)

  return async (path, query, signal) => {
    const asked = new URLSearchParams(query)
    let reply: Reply
    for (let tries = 0; tries < mostTries; tries++) {
      const leave = await session.token()
      if (signal.aborted) return stopped
      if (!leave.ok) return { ok: false, reason: leave.reason, detail: leave.detail }
      reply = await rest.get(`${path}?${asked}`, leave.access, signal)
      if (signal.aborted) return stopped
      const status = reply?.status ?? 503
      const penalty = penaltyOf(reply?.body)
      if (penalty?.captcha === true) return { ok: false, reason: 'unavailable', detail: captchaWords }
      if (penalty !== undefined) {
        asked.set('p-ticket', penalty.ticket)
        await pause(penalty.waitMs, schedule, signal)
      } else if (status === 401) session.discard(leave.access)
      else if (status === 429) await pause(backOffMs(5_000, tries), schedule, signal)
      else if (status >= 500) await pause(backOffMs(1_000, tries), schedule, signal)
      else if (status === 200 && reply?.body !== undefined && looseOf(reply.body)?.['errorText'] === undefined)
        return { ok: true, value: reply.body }
      else break
    }
    return refusalOf(reply)
  }
}
