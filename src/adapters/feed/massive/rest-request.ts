import pThrottle from 'p-throttle'
import type { Refused } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { refusalWire } from './wire.ts'

/** The body of an answer, parsed and not yet looked at, or why there is none. */
export type Answer = { readonly ok: true; readonly body: unknown } | Refused

export type RequestDeps = {
  readonly apiKey: string
  readonly requestsPerMinute: number
  readonly fetch: typeof globalThis.fetch
  /** The machine's clock, epoch ms. */
  readonly wall: () => number
  readonly schedule: Schedule
  /** Chance, from 0 up to 1. */
  readonly random: () => number
  /** Hears what time the server has, and this machine had before and after asking; epoch ms. */
  readonly onServerTime?: (serverMs: number, wallBefore: number, wallAfter: number) => void
}

/** One try that may be worth another. */
type Miss = { readonly ok: 'perhaps'; readonly detail: string; readonly retryAfterMs: number }

const mostTries = 6
const timeoutMs = 30_000
/** The five waits come to at most 62 seconds: longer than the minute requests are counted in. */
const firstWaitMs = 2_000

/** Who is told to come back later than this is told 'unavailable' now. */
const patienceMs = 120_000

/** Those the vendor's own client tries again. */
const passing: ReadonlySet<number> = new Set([413, 429, 499, 500, 502, 503, 504])

export const refused = (reason: Refused['reason'], detail: string): Refused => ({ ok: false, reason, detail })
export const stopped = refused('stopped', 'the request was called off')

/** Retry-After in ms: seconds or an HTTP date; 0 when the header is absent or says nothing. */
const retryAfterOf = (header: string | null, wall: number): number => {
  const ms = /^\d+$/.test(header ?? '') ? Number(header) * 1_000 : Date.parse(header ?? '') - wall
  return Number.isFinite(ms) ? Math.max(0, ms) : 0
}

/** Exponential back-off with full jitter (Brooker, AWS Architecture Blog 2015), and never before the vendor's own word. */
const waitOf = (miss: Miss, tried: number, random: () => number): number =>
  miss.retryAfterMs + random() * firstWaitMs * 2 ** (tried - 1)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The vendor's words about a refusal, fit for a line of text; without the key, should they repeat it. */
const wordsOf = (text: string, apiKey: string): string => {
  const said = refusalWire.safeParse(parseJson(text))
  const words = said.success ? (said.data.message ?? said.data.error ?? '') : ''
  return words
    .replaceAll(apiKey, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}

const refusalOf = (status: number, words: string): Refused => {
  const saying = words === '' ? '' : `: ${words}`
  if (status === 401) return refused('bad-key', 'the key is not known')
  if (status === 403) return refused('not-entitled', `the plan does not include this${saying}`)
  return refused('garbage', `the request was answered with ${status}${saying}`)
}

/** The name of a network error; its message may hold an address. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'the connection broke'
}

/**
 * Makes GET requests, never more in any minute than allowed. What passes — a busy or failing server, a broken or silent
 * connection — is tried up to six times; the rest is refused at once. Never rejects, and no refusal holds the key.
 */
export const createRequest = (deps: RequestDeps) => {
  const { apiKey, requestsPerMinute, fetch, wall, schedule, random, onServerTime } = deps
  const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}` }

  const read = (response: Response, text: string): Answer | Miss => {
    if (passing.has(response.status))
      return {
        ok: 'perhaps',
        detail: `the server answers with ${response.status}`,
        retryAfterMs: retryAfterOf(response.headers.get('retry-after'), wall()),
      }
    if (response.status !== 200) return refusalOf(response.status, wordsOf(text, apiKey))
    const body = parseJson(text)
    return body === undefined ? refused('garbage', 'the answer is not JSON') : { ok: true, body }
  }

  const attempt = async (url: string, signal: AbortSignal): Promise<Answer | Miss> => {
    const patience = new AbortController()
    const calm = schedule(() => patience.abort(), timeoutMs)
    try {
      // Not followed: a redirect could lead to a stranger.
      const either = AbortSignal.any([signal, patience.signal])
      const before = wall()
      const response = await fetch(url, { headers, redirect: 'manual', signal: either })
      const serverMs = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(serverMs)) onServerTime?.(serverMs, before, wall())
      return read(response, await response.text())
    } catch (error) {
      const detail = patience.signal.aborted ? 'no answer within 30 seconds' : `no answer: ${codeOf(error)}`
      return signal.aborted ? stopped : { ok: 'perhaps', detail, retryAfterMs: 0 }
    } finally {
      calm()
    }
  }

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const callOff = schedule(resolve, ms)
      const leave = (): void => {
        callOff()
        resolve()
      }
      signal.addEventListener('abort', leave, { once: true })
    })

  const inTurn = pThrottle({ limit: requestsPerMinute, interval: 60_000, strict: true })(attempt)

  return async (url: string, signal: AbortSignal): Promise<Answer> => {
    for (let tried = 1; !signal.aborted; tried++) {
      const answer = await inTurn(url, signal)
      if (answer.ok !== 'perhaps') return answer
      if (tried === mostTries || answer.retryAfterMs > patienceMs) return refused('unavailable', answer.detail)
      await pause(waitOf(answer, tried, random), signal)
    }
    return stopped
  }
}
