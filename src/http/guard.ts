import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { every } from 'hono/combine'
import { type Env, refuse } from './refusal.ts'

export type Security = {
  /** The names this server answers to; one without a port stands for every port: '127.0.0.1:8000', 'desk.example'. */
  readonly hosts: readonly string[]
  /** Opens the paths for programs; while it is empty nothing does. */
  readonly apiKey: string
}

/** Read by programs, never by the browser's own pages. */
export const keyedPaths = [
  '/api/*',
  '/metrics',
  '/analysis/*',
  '/actions/*',
  '/positions/*',
  '/trades/*',
  '/journal/*',
  '/log_trade',
] as const

const bodyBytes = 64 * 1024
/** A bridge that was cut off brings many events at once. */
const bridgeBodyBytes = 256 * 1024

/** Everything below this path is the bridge's, which has a token and signs what it sends. */
export const bridgePaths = '/api/bridge/*'

export const isBridge = (path: string): boolean => path.startsWith('/api/bridge/')

/**
 * Sent with every answer. The referrer stays inside this origin instead of going nowhere at all: under `no-referrer` a
 * browser sends `Origin: null` with a plain form, and the origin is what tells our form from a stranger's.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

const sendSecurityHeaders: MiddlewareHandler<Env> = (c, next) => {
  for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value)
  return next()
}

/** A request names the host it believes it talks to; app.request in tests names it in the URL alone. */
const hostOf = (c: Context): string => c.req.header('host') ?? new URL(c.req.url).host

const nameOf = (host: string): string => host.replace(/:\d+$/, '')

/** Stops DNS rebinding: a stranger's name that resolves to this machine is still a stranger's name. */
const onlyOurHosts = (hosts: readonly string[]): MiddlewareHandler<Env> => {
  const ours = new Set(hosts)
  return async (c, next) => {
    const host = hostOf(c)
    return ours.has(host) || ours.has(nameOf(host)) ? next() : refuse(c, 421, 'Host', 'unknown-host')
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const givenKey = (c: Context): string | undefined =>
  c.req.header('x-api-key') ?? /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]

/** Compares digests, so that the time taken tells neither the key's length nor how much of it was right. */
const createKeyCheck = (apiKey: string): ((given: string) => boolean) => {
  const expected = digest(apiKey)
  return (given) => timingSafeEqual(digest(given), expected) && apiKey !== ''
}

const readingMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

const isSameOrigin = (origin: string, host: string): boolean => URL.canParse(origin) && new URL(origin).host === host

/**
 * Another site may link to our pages but neither read from them nor change anything. A state change must say that it
 * comes from our own page, by Sec-Fetch-Site and Origin as far as it has them; every browser sends one of the two with
 * a form, so a request with neither is a program's and must show the key.
 */
const onlyOurPages = (isKey: (given: string) => boolean): MiddlewareHandler<Env> => {
  return async (c, next) => {
    const site = c.req.header('sec-fetch-site') ?? ''
    const origin = c.req.header('origin')
    const reads = readingMethods.includes(c.req.method)
    const opens = reads && c.req.header('sec-fetch-mode') === 'navigate'
    if (!['same-origin', 'none', ''].includes(site) && !opens) return refuse(c, 403, 'Sec-Fetch-Site', 'cross-site')
    if (reads) return next()
    if (origin !== undefined && !isSameOrigin(origin, hostOf(c))) return refuse(c, 403, 'Origin', 'foreign-origin')
    if (origin === undefined && site === '' && !isKey(givenKey(c) ?? ''))
      return refuse(c, 403, 'Origin', 'origin-missing')
    return next()
  }
}

/**
 * Asking for a body builds a whole web request of it, which outlives many a collection of garbage: reading has none, and a
 * length that is told is kept to by the parser below.
 */
const limitBodyOfChanges = (maxSize: number): MiddlewareHandler<Env> => {
  const tooLarge = (c: Context): Response => refuse(c as Context<Env>, 413, 'body', 'body-too-large')
  const limitBody = bodyLimit({ maxSize, onError: tooLarge })
  return async (c, next) => {
    if (readingMethods.includes(c.req.method)) return next()
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return limitBody(c, next)
    return Number(length) > maxSize ? tooLarge(c) : next()
  }
}

/**
 * What every request passes: our host, our own pages, a small body; and every answer carries the security headers. The
 * bridge has no page to come from: a signature stands in for it.
 */
export const createGuard = ({ hosts, apiKey }: Security): MiddlewareHandler<Env> => {
  const pages = every(onlyOurPages(createKeyCheck(apiKey)), limitBodyOfChanges(bodyBytes))
  const bridge = limitBodyOfChanges(bridgeBodyBytes)
  const byPath: MiddlewareHandler<Env> = (c, next) => (isBridge(c.req.path) ? bridge(c, next) : pages(c, next))
  return every(sendSecurityHeaders, onlyOurHosts(hosts), byPath)
}

/** Lets a program pass that shows the key as X-API-Key or as a bearer token; 401 otherwise. A bridge shows its own token elsewhere. */
export const requireKey = (apiKey: string): MiddlewareHandler<Env> => {
  const isKey = createKeyCheck(apiKey)
  return async (c, next) => {
    if (isBridge(c.req.path)) return next()
    const given = givenKey(c)
    if (given !== undefined && isKey(given)) return next()
    c.header('WWW-Authenticate', 'Bearer')
    return refuse(c, 401, 'X-API-Key', given === undefined ? 'key-missing' : 'key-wrong')
  }
}
