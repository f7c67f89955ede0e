import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createGuard, keyedPaths, requireKey, securityHeaders } from './guard.ts'
import type { Env } from './refusal.ts'

const apiKey = 'a-long-enough-key'

const createGuarded = (key = apiKey) => {
  const app = new Hono<Env>()
  app.use(createGuard({ hosts: ['127.0.0.1:8000', 'desk.example'], apiKey: key }))
  for (const path of keyedPaths) app.use(path, requireKey(key))
  app.all('*', async (c) => c.text(await c.req.text()))
  return app
}

const ask = async (
  path: string,
  headers: Record<string, string> = {},
  init: RequestInit = {},
  app = createGuarded(),
) => {
  const response = await app.request(path, { ...init, headers: { host: '127.0.0.1:8000', ...headers } })
  const refusal = response.ok
    ? undefined
    : ((await response.json()) as { error: { field: string; reason: string } }).error
  return { status: response.status, headers: response.headers, ...refusal }
}
const post = (headers: Record<string, string>, body = 'x') => ask('/alerts/1', headers, { method: 'POST', body })

describe('the host', () => {
  test('a name that is not ours is refused, whatever it resolves to', async () => {
    expect(await ask('/', { host: 'evil.example:8000' })).toMatchObject({
      status: 421,
      field: 'Host',
      reason: 'unknown-host',
    })
    expect(await ask('/', { host: '127.0.0.1:9' })).toMatchObject({ status: 421 })
    expect(await ask('/', { host: '127.0.0.1:8000.evil.example' })).toMatchObject({ status: 421 })
  })

  test('a name given without a port is ours on every port', async () => {
    expect(await ask('/')).toMatchObject({ status: 200 })
    expect(await ask('/', { host: 'desk.example' })).toMatchObject({ status: 200 })
    expect(await ask('/', { host: 'desk.example:4711' })).toMatchObject({ status: 200 })
  })
})

describe('a state change', () => {
  const ours = 'http://127.0.0.1:8000'

  test('passes from our own page', async () => {
    expect(await post({ origin: ours, 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 })
    expect(await post({ origin: ours })).toMatchObject({ status: 200 })
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 })
  })

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'cross-site'],
    ['another port of this machine', { origin: 'http://127.0.0.1:9', 'sec-fetch-site': 'same-site' }, 'cross-site'],
    ['a browser that hides its site', { origin: 'https://evil.example' }, 'foreign-origin'],
    ['an opaque origin', { origin: 'null' }, 'foreign-origin'],
    ['another site that borrows our origin', { origin: ours, 'sec-fetch-site': 'cross-site' }, 'cross-site'],
    [
      'our site with a foreign origin',
      { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      'foreign-origin',
    ],
    ['nobody in particular', {}, 'origin-missing'],
    ['nobody with a wrong key', { 'x-api-key': 'wrong' }, 'origin-missing'],
  ])('is refused from %s', async (_, headers, reason) => {
    expect(await post(headers as Record<string, string>)).toMatchObject({ status: 403, reason })
  })

  test('passes from a program that shows the key', async () => {
    expect(await post({ 'x-api-key': apiKey })).toMatchObject({ status: 200 })
  })

  test('is refused when its body is over 64 KB, announced or not', async () => {
    const announced = { origin: ours, 'content-length': String(64 * 1024 + 1) }
    expect(await post(announced, 'x'.repeat(64 * 1024 + 1))).toMatchObject({
      status: 413,
      field: 'body',
      reason: 'body-too-large',
    })
    expect(await post({ origin: ours }, 'x'.repeat(64 * 1024 + 1))).toMatchObject({ status: 413 })
    expect(await post({ origin: ours }, 'x'.repeat(64 * 1024))).toMatchObject({ status: 200 })
  })
})

describe('a bridge', () => {
  const toBridge = (headers: Record<string, string>, body = 'x', path = '/api/bridge/v1/events') =>
    ask(path, headers, { method: 'POST', body })

  test('needs neither a page nor the key: it signs what it sends', async () => {
    expect(await toBridge({})).toMatchObject({ status: 200 })
    expect(await toBridge({}, 'x', '/api/bridges')).toMatchObject({ status: 403, reason: 'origin-missing' })
  })

  test('calls us by our own name and may bring 256 KB', async () => {
    expect(await toBridge({ host: 'evil.example' })).toMatchObject({ status: 421 })
    expect(await toBridge({}, 'x'.repeat(256 * 1024))).toMatchObject({ status: 200 })
    expect(await toBridge({}, 'x'.repeat(256 * 1024 + 1))).toMatchObject({ status: 413, reason: 'body-too-large' })
  })
})

describe('another site', () => {
  test('may link to a page but not read from one', async () => {
    const site = { 'sec-fetch-site': 'cross-site' }
    expect(await ask('/', { ...site, 'sec-fetch-mode': 'navigate' })).toMatchObject({ status: 200 })
    expect(await ask('/live', { ...site, 'sec-fetch-mode': 'cors' })).toMatchObject({
      status: 403,
      reason: 'cross-site',
    })
    expect(await ask('/terminal.js', { ...site, 'sec-fetch-mode': 'no-cors' })).toMatchObject({ status: 403 })
  })
})

describe('the key', () => {
  test.each([
    '/api/focus',
    '/metrics',
    '/analysis/latest',
    '/actions/force_refresh',
    '/positions/',
    '/positions/update',
    '/trades',
    '/trades/7/close',
    '/journal/today',
    '/log_trade',
  ])('is asked for at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 401, field: 'X-API-Key', reason: 'key-missing' })
    expect(await ask(path, { 'x-api-key': `${apiKey}x` })).toMatchObject({ status: 401, reason: 'key-wrong' })
    expect(await ask(path, { 'x-api-key': apiKey })).toMatchObject({ status: 200 })
    expect(await ask(path, { authorization: `Bearer ${apiKey}` })).toMatchObject({ status: 200 })
  })

  test('is asked for even of our own page, and names its scheme', async () => {
    const answer = await ask('/api/focus', { 'sec-fetch-site': 'same-origin' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('cannot be the empty one', async () => {
    const app = createGuarded('')
    for (const headers of [{ 'x-api-key': '' }, { authorization: 'Bearer ' }, { authorization: 'Bearer x' }])
      expect(await ask('/api/focus', headers, {}, app)).toMatchObject({ status: 401 })
    expect(await ask('/', {}, { method: 'POST', body: 'x' }, app)).toMatchObject({ status: 403 })
  })
})

test('every answer carries the security headers, refused or not', async () => {
  for (const { headers } of [await ask('/'), await ask('/api/focus'), await ask('/', { host: 'evil.example' })])
    expect(Object.fromEntries(headers)).toMatchObject(securityHeaders)
  expect(securityHeaders['content-security-policy']).not.toContain('unsafe')
})
