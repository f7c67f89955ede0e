import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { gold, until } from './rehearsal.ts'
import { createTradovateStandIn } from './stand-in.ts'
import { writtenTape } from './tape.ts'

const startAt = Date.UTC(2026, 10, 20, 14, 30)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A stand-in over prices written down, at an instant that stands still until it is moved. */
const start = async (options: { readonly deadMs?: number; readonly chartLimit?: number } = {}) => {
  let now = startAt
  const tape = writtenTape([gold])
  const standIn = await createTradovateStandIn({
    tape,
    clock: { now: () => now },
    beatMs: 20,
    turnMs: 10,
    ...options,
  })
  closers.push(standIn.close)
  const post = async (body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${standIn.restUrl}/auth/accesstokenrequest`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
    return (await answer.json()) as Record<string, unknown>
  }
  const login = () => post({ name: 'trader', password: 'correct horse', sec: 'f03741b6-f634-48d6-9308-c8fb871150c2' })
  return {
    standIn,
    tape,
    post,
    login,
    moveTo: (at: number): void => {
      now = at
    },
  }
}

/** A socket that does nothing by itself. */
const dial = async (url: string) => {
  const socket = new WebSocket(url)
  const heard: string[] = []
  socket.on('message', (bytes) => void heard.push(bytes.toString()))
  closers.push(() => socket.terminate())
  await until(() => heard.includes('o'), 'the open frame')
  const messages = (): readonly Record<string, unknown>[] =>
    heard
      .filter((text) => text.startsWith('a'))
      .flatMap((text) => JSON.parse(text.slice(1)) as Record<string, unknown>[])
  return { socket, heard, messages }
}

test('a failed login is an answer like any other, and both spellings of the token are taken', async () => {
  const { standIn, post, login } = await start()
  expect(await post({ name: 'trader', password: 'wrong' })).toEqual({ errorText: expect.stringContaining('Incorrect') })
  const { mdAccessToken } = await login()
  for (const token of [String(mdAccessToken), JSON.stringify(mdAccessToken)]) {
    const { socket, heard } = await dial(standIn.mdUrl)
    socket.send('md/subscribeQuote\n1\n\n{"symbol":"MGCZ6"}')
    socket.send(`authorize\n0\n\n${token}`)
    await until(() => heard.includes('a[{"s":200,"i":0}]'), 'the authorization')
    expect(heard).toContain('a[{"s":401,"i":1,"d":"Access is denied"}]')
  }
})

test('a client that sends no heartbeat is dropped, one that does stays', async () => {
  const { standIn } = await start({ deadMs: 200 })
  const [mute, alive] = [await dial(standIn.mdUrl), await dial(standIn.mdUrl)]
  const timer = setInterval(() => alive.socket.send('[]'), 20)
  closers.push(() => clearInterval(timer))
  await until(() => mute.socket.readyState === WebSocket.CLOSED, 'the end of the mute one')
  expect(alive.socket.readyState).toBe(WebSocket.OPEN)
  expect(mute.heard.filter((text) => text === 'h').length).toBeGreaterThan(3)
})

test('a third session closes the oldest with a word', async () => {
  const { standIn, login } = await start()
  const { accessToken } = await login()
  const { socket, heard } = await dial(standIn.userUrl)
  socket.send(`authorize\n0\n\n${accessToken}`)
  await login()
  expect(socket.readyState).toBe(WebSocket.OPEN)
  await login()
  await until(() => socket.readyState === WebSocket.CLOSED, 'the close')
  expect(heard.join()).toContain('"reasonCode":"ConnectionQuotaReached"')
  const renewal = await fetch(`${standIn.restUrl}/auth/renewaccesstoken`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  expect(renewal.status).toBe(401)
})

test('prices written down come as quotes, as ticks and as bars, history first and no more of it than the limit', async () => {
  const { standIn, tape, login, moveTo } = await start({ chartLimit: 2 })
  const trade = (id: number, at: number, price: number) => ({ id, at, price, size: 2, bid: price - 0.1, ask: price })
  tape.write('MGCZ6', ...[1, 2, 3].map((id) => trade(id, startAt - id * 60_000, 4_100 + id)))
  const { mdAccessToken } = await login()
  const { socket, messages } = await dial(standIn.mdUrl)
  socket.send(`authorize\n0\n\n${mdAccessToken}`)
  socket.send('md/subscribeQuote\n1\n\n{"symbol":"MGCZ6"}')
  const chart = (kind: string) =>
    JSON.stringify({ symbol: 'MGCZ6', chartDescription: { underlyingType: kind }, timeRange: {} })
  socket.send(`md/getChart\n2\n\n${chart('MinuteBar')}`)
  socket.send(`md/getChart\n3\n\n${chart('Tick')}`)
  await until(
    () => messages().filter(({ d }) => JSON.stringify(d ?? '').includes('eoh')).length === 2,
    'both histories',
  )
  expect(messages()).toContainEqual({ s: 200, i: 2, d: { historicalId: 31, realtimeId: 32 } })
  expect(messages()).toContainEqual({
    e: 'chart',
    d: {
      charts: [
        {
          id: 31,
          td: 20261120,
          bars: [
            expect.objectContaining({ timestamp: '2026-11-20T14:28:00.000Z', open: 4_102 }),
            expect.objectContaining({ close: 4_101 }),
          ],
        },
      ],
    },
  })

  tape.write('MGCZ6', trade(4, startAt + 100, 4_100.5))
  moveTo(startAt + 200)
  const packet = { s: 'db', td: 20261120, bp: 41_005, bt: startAt + 100, ts: 0.1 }
  const live = { t: 0, p: 0, s: 2, b: -1, a: 0, bs: 7, as: 12, id: 4 }
  await until(() => messages().some(({ d }) => JSON.stringify(d ?? '').includes('"id":34')), 'the live tick')
  expect(messages()).toContainEqual({ e: 'chart', d: { charts: [{ id: 34, ...packet, tks: [live] }] } })
  await until(() => messages().filter(({ e }) => e === 'md').length === 2, 'the quote')
  expect(
    messages()
      .filter(({ e }) => e === 'md')
      .at(-1),
  ).toMatchObject({
    d: {
      quotes: [
        { entries: { Bid: { price: 4_100.4 }, Trade: { price: 4_100.5, size: 2 }, TotalTradeVolume: { size: 8 } } },
      ],
    },
  })
})
