import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { Hono } from 'hono'
import { afterEach, expect, test, vi } from 'vitest'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Alert } from '#src/domain/signals/transition.ts'
import { createHub } from './live.ts'
import type { Env } from './refusal.ts'
import { live } from './routes/live.ts'
import { type Listening, serve } from './serve.ts'

const alert = (id: number): Alert => ({ id, key: `k${id}`, kind: 'card', severity: 'notice', at: 0, text: 'in zone' })
const stored = [1, 2, 3].map(alert)
const open: Listening[] = []
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())))

const start = async () => {
  const picture = { clock: 'first', alerts: stored.toReversed() }
  let change = (_: readonly Topic[]): void => {}
  const hub = createHub({
    bus: {
      picture: () => picture as unknown as Partial<Picture>,
      onChange: (listener) => {
        change = listener
        return () => {}
      },
      onEvent: () => () => {},
    },
    pages: { terminal: ['clock'] },
    render: (topic, now) => String(now[topic]),
    urgent: () => undefined,
    alertsAfter: async (id) => stored.filter((each) => each.id > id),
    schedule: (run, ms) => {
      const timer = setInterval(run, ms / 25)
      return () => clearInterval(timer)
    },
    wall: Date.now,
    record: () => {},
    log: { error: () => {} },
  })
  const app = new Hono<Env>().route('/', live(hub))
  const server = await serve({ app, hub }, { host: '127.0.0.1', port: 0 })
  open.push(server)
  const put = (value: string): void => {
    picture.clock = value
    change(['clock'])
  }
  return { app, hub, server, put, origin: `http://127.0.0.1:${server.port}` }
}

/** An open page: the text it got so far, and its connection. */
const visit = async (url: string, headers: Record<string, string> = {}) => {
  const request: ClientRequest = get(url, { headers, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const page = { text: '', request, response }
  response.setEncoding('utf8').on('data', (part: string) => {
    page.text += part
  })
  response.on('error', () => {})
  return page
}

test('two hundred pages all see the whole picture and then the newest value', async () => {
  const { hub, put, origin } = await start()
  const pages = await Promise.all(Array.from({ length: 200 }, () => visit(`${origin}/live?page=terminal`)))
  expect(hub.size).toBe(200)
  for (let i = 1; i <= 50; i++) put(`value ${i}`)
  await vi.waitFor(() => expect(pages.every((page) => page.text.endsWith('data: value 50\n\n'))).toBe(true))
  for (const page of pages) expect(page.text).toMatch(/^id: 3\n\nevent: live\ndata: first\n\n/)
  for (const page of pages) page.request.destroy()
  await vi.waitFor(() => expect(hub.size).toBe(0))
})

test('a page that comes back names its last alert and hears those after it', async () => {
  const { origin } = await start()
  const back = await visit(`${origin}/live?page=terminal&after=0`, { 'last-event-id': '1' })
  await vi.waitFor(() => expect(back.text).toContain('id: 3'))
  expect([...back.text.matchAll(/id: (\d)\nevent: alert/g)].map(([, id]) => id)).toEqual(['2', '3'])
  const first = await visit(`${origin}/live?page=terminal&after=2`)
  await vi.waitFor(() => expect(first.text).toContain('event: alert'))
  expect(first.text).not.toContain('id: 1\nevent: alert')
})

test('the stream is one no proxy keeps or changes', async () => {
  const { origin } = await start()
  const { response } = await visit(`${origin}/live?page=terminal`)
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
})

test('asking for the head alone opens no stream and keeps the connection', async () => {
  const { hub, server } = await start()
  const socket = connect(server.port, '127.0.0.1')
  for (let i = 0; i < 2; i++) {
    socket.write('HEAD /live?page=terminal HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    const [head] = await once(socket, 'data')
    expect(String(head)).toMatch(/^HTTP\/1\.1 200 /)
    expect(hub.size).toBe(0)
  }
  socket.destroy()
})

test('a page nobody has and an id that is none are refused', async () => {
  const { app } = await start()
  const refusal = async (query: string) => (await app.request(`/live?${query}`)).json()
  expect(await refusal('page=nothing')).toEqual({ error: { field: 'page', reason: 'unknown-page' } })
  expect(await refusal('page=terminal&after=')).toEqual({ error: { field: 'after', reason: 'not-an-id' } })
  expect(await refusal('page=terminal&after=x')).toEqual({ error: { field: 'after', reason: 'not-an-id' } })
})

test('the same stream is a web response where there is no server', async () => {
  const { app, hub } = await start()
  const response = await app.request('/live?page=terminal')
  const reader = response.body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('data: first')
  expect(hub.size).toBe(1)
  await reader?.cancel()
  await vi.waitFor(() => expect(hub.size).toBe(0))
})

test('five hundred pages that come and go, politely or not, leave nothing behind', async () => {
  const { hub, put, origin } = await start()
  for (let round = 0; round < 10; round++) {
    const pages = await Promise.all(Array.from({ length: 50 }, () => visit(`${origin}/live?page=terminal`)))
    put(`round ${round}`)
    for (const [i, page] of pages.entries()) {
      if (i % 2 === 0) page.request.destroy()
      else page.response.socket.resetAndDestroy()
    }
  }
  await vi.waitFor(() => expect(hub.size).toBe(0))
})

test('a page whose reader sleeps holds one frame and wakes to the newest value', async () => {
  const { hub, put, server } = await start()
  const big = 'x'.repeat(500_000)
  const socket = connect(server.port, '127.0.0.1')
  socket.pause()
  socket.write('GET /live?page=terminal HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  await vi.waitFor(() => expect(hub.size).toBe(1))
  for (let i = 0; i < 60; i++) {
    put(`${big} ${i}`)
    await new Promise((resolve) => setTimeout(resolve, 12))
  }
  put('the newest')
  let bytes = 0
  let text = ''
  socket.on('data', (part) => {
    bytes += part.length
    text = (text + part.toString('latin1')).slice(-100)
  })
  socket.resume()
  await vi.waitFor(() => expect(text).toContain('data: the newest'))
  // Thirty megabytes were offered; what the kernel's buffers and one frame hold is all that was sent.
  expect(bytes).toBeLessThan(10_000_000)
  socket.destroy()
})

test('closing ends open pages at once and frees the port', async () => {
  const { hub, server, origin } = await start()
  const close = vi.spyOn(hub, 'close')
  const page = await visit(`${origin}/live?page=terminal`)
  const ended = once(page.response, 'end')
  await Promise.all([server.close(), ended])
  expect(close).toHaveBeenCalledOnce()
  await expect(fetch(origin)).rejects.toThrow()
})

test('a port that is taken is an error, not a silence', async () => {
  const { app, hub, server } = await start()
  await expect(serve({ app, hub }, { host: '127.0.0.1', port: server.port })).rejects.toThrow('EADDRINUSE')
})
