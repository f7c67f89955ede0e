import { z } from 'zod'
import type { Refused } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { looseOf } from './frames.ts'
import { pause } from './pause.ts'
import { captchaWaitMs, captchaWords, cleanWords, penaltyOf } from './penalty.ts'
import { createRest, type Reply } from './rest.ts'

/** What the account's owner got from the vendor; `deviceId` stays the same for one installation. */
export type TradovateCredentials = {
  readonly name: string
  readonly password: string
  readonly appId: string
  readonly appVersion: string
  readonly cid: string
  readonly secret: string
  readonly deviceId: string
}

/** Leave to speak: `access` on the account's hosts, `marketData` on the market-data host; `expiresAt` epoch ms. */
export type Token = {
  readonly ok: true
  readonly access: string
  readonly marketData: string
  readonly userId: number
  readonly expiresAt: number
}

/** No leave, and the wall-clock time before which nothing will be asked again. */
export type TokenRefused = Refused & { readonly retryAt: number }

export type TradovateSession = ReturnType<typeof createTradovateSession>

const renewBeforeMs = 15 * 60_000
const renewAgainMs = 60_000
/** Five failed logins within an hour lock the account: three is all this ever makes. */
const badKeyWaitMs = 20 * 60_000
/** A session opened closes the account's oldest: never more than one a minute, whoever is at fault. */
const betweenSessionsMs = 60_000
const longestBackOffMs = 10 * 60_000
const mostPenalties = 3

const grant = z.looseObject({
  accessToken: z.string().min(1),
  mdAccessToken: z.string().min(1).optional(),
  expirationTime: z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
  userId: z.number().int(),
  userStatus: z.string().optional(),
})

const toToken = (body: unknown): Token | undefined => {
  const { success, data } = grant.safeParse(body)
  if (!success || (data.userStatus ?? 'Active') !== 'Active') return undefined
  const { accessToken: access, mdAccessToken: marketData = access, userId, expirationTime: expiresAt } = data
  return { ok: true, access, marketData, userId, expiresAt }
}

/**
 * Creates the one session this process holds with the vendor. It renews itself 15 minutes before it expires, opens a new
 * one only where renewing fails, waits out penalties and back-offs, and tells every asker the same refusal meanwhile.
 */
export const createTradovateSession = ({
  restUrl,
  credentials,
  fetch = globalThis.fetch,
  wall,
  schedule,
  random,
}: {
  /** 'https://live.tradovateapi.com/v1' */
  readonly restUrl: string
  readonly credentials: TradovateCredentials
  readonly fetch?: typeof globalThis.fetch
  readonly wall: () => number
  readonly schedule: Schedule
  readonly random: () => number
}) => {
  const rest = createRest({ restUrl, fetch, schedule })
  const { secret: sec, ...named } = credentials
  const login = { ...named, sec }
  const stopping = new AbortController()
  let token: Token | undefined
  let renewAt = 0
  let refused: TokenRefused | undefined
  let pending: Promise<Token | TokenRefused> | undefined
  let openedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let cancelRenewal = (): void => {}

  const secrets = (): readonly string[] => [
    credentials.password,
    credentials.secret,
    token?.access ?? '',
    token?.marketData ?? '',
  ]
  const words = (text: unknown): string => cleanWords(text, secrets())

  const refuse = (reason: Refused['reason'], detail: string, waitMs: number): TokenRefused => {
    refused = { ok: false, reason, detail, retryAt: wall() + waitMs }
    return refused
  }

  const backOff = (detail: string, firstMs: number): TokenRefused =>
    refuse('unavailable', detail, Math.min(longestBackOffMs, firstMs * 2 ** failures++) * (0.5 + random() / 2))

  const renewIn = (ms: number): void => {
    renewAt = wall() + ms
    cancelRenewal()
    cancelRenewal = schedule(() => void current(), ms)
  }

  const keep = (next: Token): Token => {
    token = next
    refused = undefined
    failures = 0
    renewIn(Math.max(renewAgainMs, next.expiresAt - wall() - renewBeforeMs))
    return next
  }

  /** What stands against a token in an answer to a login. */
  const judge = (reply: Reply): TokenRefused => {
    if (reply === undefined) return backOff('Tradovate does not answer', 1_000)
    const { status, body } = reply
    const { errorText, userStatus } = looseOf(body) ?? {}
    if (status === 429) return backOff('Tradovate asks for fewer requests', 30_000)
    if (status >= 500) return backOff(`Tradovate answers with an error of its own (${status})`, 1_000)
    if (status >= 300 && status < 400)
      return refuse('unavailable', 'the account lives on another host of Tradovate: live and demo are two', 300_000)
    if (typeof errorText === 'string' || status === 401 || status === 403)
      return refuse('bad-key', `Tradovate refuses the login: ${words(errorText)}`, badKeyWaitMs)
    if (typeof userStatus === 'string' && userStatus !== 'Active')
      return refuse('bad-key', `the account with Tradovate is not active: ${words(userStatus)}`, captchaWaitMs)
    return refuse('garbage', 'the answer to the login cannot be read', badKeyWaitMs)
  }

  const open = async (): Promise<Token | TokenRefused> => {
    const free = openedAt + betweenSessionsMs - wall()
    if (free > 0) return refuse('unavailable', 'the session with Tradovate was lost: a new one within a minute', free)
    let ticket: string | undefined
    for (let penalties = 0; penalties <= mostPenalties; penalties++) {
      const body = { ...login, ...(ticket !== undefined && { 'p-ticket': ticket }) }
      const reply = await rest.post('/auth/accesstokenrequest', body)
      if (stopping.signal.aborted) break
      const penalty = penaltyOf(reply?.body)
      if (penalty === undefined) {
        const next = reply?.status === 200 ? toToken(reply.body) : undefined
        if (next === undefined) return judge(reply)
        openedAt = wall()
        return keep(next)
      }
      if (penalty.captcha) return refuse('unavailable', captchaWords, captchaWaitMs)
      ticket = penalty.ticket
      await pause(penalty.waitMs, schedule, stopping.signal)
      if (stopping.signal.aborted) break
    }
    return stopping.signal.aborted
      ? refuse('stopped', 'stopped', Number.POSITIVE_INFINITY)
      : backOff('Tradovate lets us wait again and again', 60_000)
  }

  /** Renews what is held; a token that is still good outlives a renewal that did not come through. */
  const renew = async (held: Token): Promise<Token | TokenRefused> => {
    const reply = await rest.get('/auth/renewaccesstoken', held.access)
    const next = reply?.status === 200 ? toToken(reply.body) : undefined
    if (next !== undefined) return keep(next)
    const lost = reply?.status === 401 || looseOf(reply?.body)?.['errorText'] !== undefined
    if (!lost && wall() < held.expiresAt) {
      renewIn(renewAgainMs)
      return held
    }
    token = undefined
    return open()
  }

  /** Waits in one line with every other asker. */
  const current = (): Promise<Token | TokenRefused> => {
    if (token !== undefined && wall() < Math.min(renewAt, token.expiresAt)) return Promise.resolve(token)
    if (refused !== undefined && wall() < refused.retryAt) return Promise.resolve(refused)
    pending ??= (token === undefined ? open() : renew(token)).finally(() => {
      pending = undefined
    })
    return pending
  }

  return {
    /** Leave to speak, renewed where needed; a refusal says from when on it is worth asking again. */
    token: current,
    /** The vendor took the token back: the next asker gets a new one. */
    discard: (access: string): void => {
      if (token?.access === access || token?.marketData === access) token = undefined
    },
    /** A text of the vendor's with every secret of this session taken out. */
    words,
    close: (): void => {
      stopping.abort()
      cancelRenewal()
      token = undefined
      refuse('stopped', 'stopped', Number.POSITIVE_INFINITY)
    },
  }
}
