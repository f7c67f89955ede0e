import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import type { FeedSink } from '#src/engine/ports.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { pause } from '#src/testing/processes/eventually.ts'
import { createMassiveFeed } from './feed.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const key = 'a-key-nobody-may-see'
const status = (word: string, message: string): string => JSON.stringify([{ ev: 'status', status: word, message }])
const granted = (channel: string): string => status('success', `subscribed to: ${channel}`)
const unauthorized = status('error', 'not authorized')
const realTimeRefused = status(
  'error',
  "You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at wss://delayed.massive.com/futures",
)
const limitReached = status(
  'max_connections',
  'Maximum number of websocket connections exceeded. You have reached the connection limit for your account. Please contact support at ...',
)

type Answer = (channel: string) => string | undefined

/** A vendor that says what it is told to; every request is written down. */
const startVendor = async (answer: Answer = granted, onAuth: (socket: WebSocket) => void = () => {}) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const requests: string[] = []
  let socket: WebSocket | undefined
  server.on('connection', (its) => {
    socket = its
    its.on('error', () => {})
    its.send(status('connected', 'Connected Successfully'))
    its.on('message', (bytes) => {
      const { action, params } = JSON.parse(bytes.toString()) as { action: string; params: string }
      requests.push(`${action} ${params}`)
      if (action === 'auth') {
        if (params === key) its.send(status('auth_success', 'authenticated'))
        else its.send(status('auth_failed', 'authentication failed'))
        onAuth(its)
      }
      const reply =
        action === 'subscribe' ? answer : (channel: string) => status('success', `unsubscribed to: ${channel}`)
      if (action !== 'auth') for (const text of params.split(',').map(reply)) if (text !== undefined) its.send(text)
    })
  })
  cleanUps.push(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    send: (...events: readonly unknown[]) => socket?.send(JSON.stringify(events)),
    sendText: (text: string) => socket?.send(text),
    close: (code: number) => socket?.close(code),
    clients: () => server.clients.size,
  }
}

const gold = contractOf('MGC', 202612)
const crude = contractOf('MCL', 202701)
/** Friday 2026-11-20, 10:00:00 in New York. */
const startAt = Date.UTC(2026, 10, 20, 15)

type Vendor = Awaited<ReturnType<typeof startVendor>>

const stage = (vendor: Vendor, { delayed = vendor, apiKey = key, real = true } = {}) => {
  const hand = createHandClock(startAt)
  const calls: unknown[][] = []
  const words: string[] = []
  const times: number[] = []
  const sink: FeedSink = {
    onTick: (tick) => calls.push(['tick', tick]),
    onQuote: (quote) => calls.push(['quote', quote]),
    onBar: (...bar) => calls.push(['bar', ...bar]),
    onTime: (now) => times.push(now - startAt),
    onFeedState: (word, detail) => words.push(`${word}: ${detail}`),
    onHistory: () => expect.unreachable(),
    onSecondPrice: () => expect.unreachable(),
  }
  const feed = createMassiveFeed({
    wsUrl: vendor.url,
    delayedUrl: delayed.url,
    apiKey,
    contracts: [gold, crude],
    clock: hand.clock,
    schedule: hand.schedule,
    random: () => 0,
    vendor: real,
  })
  cleanUps.push(feed.stop)
  /** Lets whole seconds pass, and the wire its turn. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await hand.pass(1_000)
      await pause(2)
    }
  }
  const said = (word: string) => vi.waitFor(() => expect(words).toContain(word), { interval: 5 })
  const settle = () => pause(60)
  const live = async () => {
    feed.start(sink)
    await said('live: massive')
    await settle()
  }
  return { feed, sink, hand, calls, words, times, pass, said, settle, live }
}

const trade = { ev: 'T', sym: 'MGCZ6', p: 4120.1, s: 2, t: startAt - 40, q: 7 }
const quote = { ev: 'Q', sym: 'MGCZ6', bp: 4120, bs: 3, bt: startAt, ap: 4120.2, as: 4, at: startAt, t: startAt }
const bar = {
  ev: 'AM',
  sym: 'MCLF7',
  v: 91,
  dv: '5300.5',
  o: '58.10',
  c: '58.12',
  h: '58.13',
  l: '58.09',
  n: 10,
  s: startAt - 60_000,
  e: startAt,
}

test('it logs in, asks for bars, trades and quotes of its contracts, and delivers what comes', async () => {
  const vendor = await startVendor()
  const { feed, calls, words, live, hand } = stage(vendor)
  await live()
  vendor.send(trade, quote, bar)
  await vi.waitFor(() => expect(calls).toHaveLength(3))
  const receivedTime = hand.clock.wall()
  expect(vendor.requests).toEqual([
    `auth ${key}`,
    'subscribe AM.MGCZ6,AM.MCLF7',
    'subscribe T.MGCZ6,T.MCLF7',
    'subscribe Q.MGCZ6,Q.MCLF7',
  ])
  expect(words).toEqual(['connecting: connecting', 'live: massive'])
  expect(calls).toEqual([
    ['tick', { instrument: 'MGC', eventTime: startAt - 40, receivedTime, price: 4120.1, size: 2, contract: 202612 }],
    ['quote', { instrument: 'MGC', eventTime: startAt, receivedTime, bid: 4120, ask: 4120.2, bidSize: 3, askSize: 4 }],
    [
      'bar',
      'MCL',
      { time: startAt - 60_000, open: 58.1, high: 58.13, low: 58.09, close: 58.12, volume: 91 },
      receivedTime,
    ],
  ])
  expect(feed.status()).toEqual({ mode: 'LIVE', grain: 'tick', refused: {}, connections: 1 })
  expect([feed.mode, feed.source]).toEqual(['LIVE', 'massive'])
})

test('what is not of its contracts, off their grid or sent twice is counted and not delivered', async () => {
  const vendor = await startVendor()
  const { feed, calls, live, settle } = stage(vendor)
  await live()
  vendor.send(
    { ...trade, sym: 'MGCG7', p: 4221.3 },
    { ...trade, sym: 'constructor' },
    { ...trade, p: 4120.15 },
    { ...trade, p: -4120.1 },
    { ...bar, h: 58.135 },
    { ...quote, ap: 4120.25 },
    trade,
    trade,
    { ...trade, q: 8 },
    { ...quote, bp: undefined, bs: 0 },
    { ...trade, sym: 'MCLF7', p: -37.63 },
    { ...bar, ev: 'A' },
  )
  await settle()
  expect(calls.map(([kind]) => kind)).toEqual(['tick', 'tick', 'tick'])
  expect(feed.status().refused).toEqual({ 'foreign-contract': 2, 'off-grid': 4, duplicate: 1, unasked: 1 })
})

test('a plan without trades leaves minute bars, and says so', async () => {
  const vendor = await startVendor((channel) => (channel.startsWith('AM') ? granted(channel) : unauthorized))
  const { feed, calls, live, settle } = stage(vendor)
  await live()
  expect(vendor.requests.at(-1)).toBe('subscribe Q.MGCZ6,Q.MCLF7')
  expect(feed.status()).toEqual({
    mode: 'LIVE',
    grain: 'bar',
    note: 'the plan has no trades: minute bars only',
    refused: {},
    connections: 1,
  })
  vendor.send(trade, bar)
  await settle()
  expect(calls.map(([kind]) => kind)).toEqual(['bar'])
  expect(feed.status().refused).toEqual({ unasked: 1 })
})

test('a plan with trades and no quotes keeps the trades; what was refused is not asked for again', async () => {
  const vendor = await startVendor((channel) => (channel.startsWith('Q') ? unauthorized : granted(channel)))
  const { feed, live, pass, settle } = stage(vendor)
  await live()
  expect(feed.status()).toMatchObject({ grain: 'tick', note: 'the plan has no quotes' })
  vendor.close(1012)
  await settle()
  await pass(1_100)
  await settle()
  expect(vendor.requests.slice(4)).toEqual([`auth ${key}`, 'subscribe AM.MGCZ6,AM.MCLF7', 'subscribe T.MGCZ6,T.MCLF7'])
})

test('one refusal for a whole request counts for its kind when nothing else comes', async () => {
  let told = 0
  const vendor = await startVendor((channel) => {
    if (!channel.startsWith('T')) return granted(channel)
    told += 1
    return told === 1 ? unauthorized : undefined
  })
  const { feed, live, pass } = stage(vendor)
  await live()
  expect(feed.status().note).toBeUndefined()
  await pass(3_000)
  expect(feed.status()).toMatchObject({ grain: 'bar', note: 'the plan has no trades: minute bars and quotes' })
})

test('a channel without an answer is asked for once more and then named', async () => {
  const vendor = await startVendor((channel) => (channel === 'T.MCLF7' ? undefined : granted(channel)))
  const { feed, live, pass } = stage(vendor)
  await live()
  await pass(8_000)
  expect(vendor.requests).toHaveLength(3)
  await pass(2_000)
  expect(vendor.requests.slice(3)).toEqual(['subscribe T.MCLF7', 'subscribe Q.MGCZ6,Q.MCLF7'])
  expect(feed.status().note).toBeUndefined()
  await pass(11_000)
  expect(vendor.requests).toHaveLength(5)
  expect(feed.status()).toMatchObject({ grain: 'tick', note: 'Massive did not confirm T.MCLF7' })
})

test('a plan without real-time data is served by the delayed host', async () => {
  const vendor = await startVendor(() => realTimeRefused)
  const delayed = await startVendor((channel) => (channel.startsWith('AM') ? granted(channel) : unauthorized))
  const { feed, words, hand, live, settle, sink } = stage(vendor, { delayed })
  expect(feed.mode).toBe('LIVE')
  feed.start(sink)
  await vi.waitFor(() => expect(words).toHaveLength(2))
  await hand.pass(0)
  await live
  await settle()
  expect(words).toEqual([
    'connecting: connecting',
    'down: no real-time data in the plan: going to delayed',
    'live: massive',
  ])
  expect([vendor.clients(), delayed.clients()]).toEqual([0, 1])
  expect(feed.status()).toEqual({
    mode: 'DELAYED',
    grain: 'bar',
    note: 'the plan has delayed data only; the plan has no trades: minute bars only',
    refused: {},
    connections: 2,
    delayMs: 604_000,
  })
})

test('a plan that the delayed host refuses too has no futures, and nothing more is tried', async () => {
  const vendor = await startVendor(() => unauthorized)
  const { feed, words, hand, sink, settle } = stage(vendor)
  feed.start(sink)
  await vi.waitFor(() => expect(words).toHaveLength(2))
  await hand.pass(0)
  await vi.waitFor(() => expect(words).toHaveLength(3))
  await settle()
  expect(words[2]).toBe('down: the plan has no futures')
  await hand.pass(3_600_000)
  expect(feed.status().connections).toBe(2)
})

test('a wrong key is told without the key and not tried again', async () => {
  const vendor = await startVendor()
  const { feed, words, hand, sink, said, settle } = stage(vendor, { apiKey: 'wrong-key' })
  feed.start(sink)
  await said('down: Massive does not know this API key')
  await hand.pass(3_600_000)
  await settle()
  expect(feed.status()).toMatchObject({ connections: 1 })
  expect(JSON.stringify([words, feed.status()])).not.toContain('wrong-key')
})

test('pushed off by another program it stays away for a minute or more', async () => {
  const vendor = await startVendor()
  const { feed, hand, words, live, said, settle } = stage(vendor)
  for (const kick of [() => vendor.sendText(limitReached), () => vendor.close(1008)]) {
    words.length = 0
    if (feed.status().connections === 0) await live()
    kick()
    await said("down: another program uses this account's one connection")
    expect((feed.status().nextTryAt ?? 0) - hand.clock.wall()).toBe(60_000)
    await hand.pass(60_000)
    await said('live: massive')
    await settle()
  }
  expect(feed.status().connections).toBe(3)
})

test('a login that is not answered, or answered late, is tried again', async () => {
  const vendor = await startVendor(granted, (socket) => socket.send(status('auth_timeout', 'too late')))
  const { feed, sink, said, hand } = stage(vendor)
  feed.start(sink)
  await said('down: Massive did not answer the login')
  expect((feed.status().nextTryAt ?? 0) - hand.clock.wall()).toBe(1_000)
})

test('a login nobody answers ends after ten seconds', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  cleanUps.push(() => server.close())
  const silent = { ...(await startVendor()), url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
  const { feed, sink, words, pass } = stage(silent)
  feed.start(sink)
  await vi.waitFor(() => expect(feed.status().connections).toBe(1))
  await pass(9_000)
  expect(words).toHaveLength(1)
  await pass(2_000)
  expect(words[1]).toBe('down: Massive did not answer the login')
})

test('other contracts are followed on the open connection, and the ones left are refused', async () => {
  const vendor = await startVendor()
  const { feed, calls, live, settle } = stage(vendor)
  await live()
  feed.follow([contractOf('MGC', 202702), crude])
  await settle()
  vendor.send(trade, { ...trade, sym: 'MGCG7', p: 4221.3 })
  await settle()
  expect(vendor.requests.slice(4)).toEqual([
    'unsubscribe AM.MGCZ6,T.MGCZ6,Q.MGCZ6',
    'subscribe AM.MGCG7',
    'subscribe T.MGCG7',
    'subscribe Q.MGCG7',
  ])
  expect(calls).toMatchObject([['tick', { instrument: 'MGC', price: 4221.3, contract: 202702 }]])
  expect(feed.status()).toMatchObject({ connections: 1, refused: { 'foreign-contract': 1 } })
})

test('asleep it holds no connection and tries none; awake it is back', async () => {
  const vendor = await startVendor()
  const { feed, words, live, hand, settle, said } = stage(vendor)
  await live()
  feed.sleep('off-hours')
  await vi.waitFor(() => expect(vendor.clients()).toBe(0))
  await hand.pass(3_600_000)
  expect(feed.status()).toMatchObject({ connections: 1 })
  words.length = 0
  feed.wake()
  feed.wake()
  await said('live: massive')
  await settle()
  expect(words).toEqual(['connecting: connecting', 'live: massive'])
  expect(vendor.clients()).toBe(1)
})

test('put to sleep before the start it starts asleep, and stopped it stays stopped', async () => {
  const vendor = await startVendor()
  const { feed, words, sink, hand, times, settle } = stage(vendor)
  feed.sleep('off-hours')
  feed.start(sink)
  await hand.pass(200)
  expect([words, times]).toEqual([['asleep: off-hours'], [-1_500, -1_300]])
  await feed.stop()
  feed.wake()
  await settle()
  await hand.pass(60_000)
  expect([vendor.clients(), hand.pending(), times.length]).toEqual([0, 0, 2])
})

test('market time waits for late trades, tells every whole minute and goes on while the line is down', async () => {
  const vendor = await startVendor()
  const { times, live, hand, said, words } = stage(vendor)
  await live()
  expect(times).toEqual([])
  await hand.pass(100)
  await hand.pass(100)
  expect(times).toEqual([-1_400, -1_300])
  vendor.close(1011)
  await said('down: the server closed the connection (1011)')
  await hand.pass(119_800)
  expect(times).toEqual([-1_400, -1_300, 0, 60_000, 118_500])
  expect(words.at(-1)).toBe('down: the server closed the connection (1011)')
})

test('the time of the delayed host is ours less the smallest delay seen, and never goes back', async () => {
  const vendor = await startVendor(() => realTimeRefused)
  const delayed = await startVendor()
  const { times, hand, sink, feed, words, settle, said, pass } = stage(vendor, { delayed })
  feed.start(sink)
  await hand.pass(100)
  await vi.waitFor(() => expect(words).toHaveLength(2))
  // Until it is known which host the plan has, it is not known what time it is there.
  expect(times).toEqual([])
  await hand.pass(100)
  await said('live: massive')
  await settle()
  expect(times).toEqual([200 - 604_000 - 1_500])
  delayed.send({ ...trade, t: startAt - 600_000 }, { ...trade, q: 8, t: startAt - 650_000 })
  await settle()
  await hand.pass(100)
  expect(times.at(-1)).toBe(300 - 600_200 - 1_500)
  const minuteLater = async (sequence: number): Promise<void> => {
    await pass(60_000)
    delayed.send({ ...trade, q: sequence, t: startAt - 800_000 })
    await settle()
    await hand.pass(100)
  }
  await minuteLater(9)
  expect(times.at(-1)).toBe(60_400 - 600_200 - 1_500)
  // No delay as small as the first was seen for two minutes: the estimate grows, and time waits for it.
  await minuteLater(10)
  expect(times.at(-1)).toBe(120_400 - 600_200 - 1_500)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('at a rehearsal it is a replay whatever the host says', async () => {
  const vendor = await startVendor()
  const { feed, live } = stage(vendor, { real: false })
  await live()
  expect([feed.mode, feed.status().mode]).toEqual(['REPLAY', 'REPLAY'])
})

const word = fc.constantFrom('auth_success', 'success', 'error', 'connected', 'odd', 'subscribed to: T.MGCZ6')
const oddStatus = fc
  .tuple(word, fc.oneof(word, fc.string()))
  .map(([one, other]) => ({ ev: 'status', status: one, message: other }))
/** A sound event, one field of which is now and then something else. */
const oddEvent = fc
  .tuple(
    fc.constantFrom(trade, quote, bar),
    fc.constantFrom('p', 's', 't', 'sym', 'bp', 'ap', 'h', 'ev', 'none', 'none', 'none'),
    fc.jsonValue(),
    fc.nat(),
  )
  .map(([event, field, value, q]) => ({ ...event, q, [field]: value }))
const oddFrame = fc.oneof(
  fc.string(),
  fc.json(),
  fc.array(fc.oneof(oddStatus, oddEvent)).map((events) => JSON.stringify(events)),
)

test('whatever comes over the wire, only sound prices of the contracts followed reach the sink', async () => {
  const vendor = await startVendor()
  const { feed, calls, live, settle } = stage(vendor)
  await live()
  const frames = fc.sample(oddFrame, 10_000)
  for (const [i, text] of frames.entries()) {
    vendor.sendText(text)
    if (i % 500 === 0) await pause(1)
  }
  vendor.send({ ...trade, q: 'last', p: 4000 })
  await vi.waitFor(() => expect(calls.at(-1)).toMatchObject(['tick', { price: 4000 }]), { timeout: 10_000 })
  await settle()
  const numbers = calls.flatMap(([kind, first, second]) => {
    const { bid, ask, price, open, high, low, close } = (kind === 'bar' ? second : first) as Record<string, number>
    return [bid, ask, price, open, high, low, close].filter((number) => number !== undefined)
  })
  expect(numbers.length).toBeGreaterThan(1_000)
  expect(numbers.every((price) => Number.isFinite(price) && price > 0)).toBe(true)
  const kinds = Object.keys(feed.status().refused)
  expect(kinds).toEqual(expect.arrayContaining(['not-json', 'not-an-array', 'price', 'size', 'time', 'status']))
  expect(feed.status().connections).toBe(1)
})
