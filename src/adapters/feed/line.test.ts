import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createRawServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { pause } from '#src/testing/processes/eventually.ts'
import { createLine, type LineEnd, type Talk, type Wire } from './line.ts'

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

const portOf = (server: { address: () => unknown }): number => (server.address() as AddressInfo).port

const startVendor = async (onSocket: (socket: WebSocket, count: number) => void = () => {}) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  let count = 0
  server.on('connection', (socket) => {
    count += 1
    socket.on('error', () => {})
    onSocket(socket, count)
  })
  const stop = (): void => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  }
  cleanUps.push(stop)
  return { server, stop, url: `ws://127.0.0.1:${portOf(server)}`, count: () => count }
}

/** A line on a clock moved by hand: its waits are exact, its sockets are real. */
const stage = (url: string, talk: (wire: Wire) => Talk = () => ({ onText: () => {} }), chance = 0) => {
  const hand = createHandClock(0, 1)
  const words: string[] = []
  const waits: number[] = []
  const line = createLine({
    url: () => url,
    talk,
    onWord: (word, detail) => {
      words.push(`${word}: ${detail}`)
      const { nextTryAt } = line.state()
      if (word === 'down' && nextTryAt !== undefined) waits.push(nextTryAt - hand.clock.wall())
    },
    wall: hand.clock.wall,
    schedule: hand.schedule,
    random: () => chance,
  })
  cleanUps.push(line.close)
  const connected = (n: number) => vi.waitFor(() => expect(line.state().connections).toBe(n), { interval: 5 })
  const said = (n: number) => vi.waitFor(() => expect(words).toHaveLength(n), { interval: 5 })
  return { line, hand, words, waits, connected, said }
}

const kicked: LineEnd = { reason: 'kicked', detail: 'another program', retry: 60_000 }

test('a conversation is heard word for word and can speak', async () => {
  const spoken: string[] = []
  const vendor = await startVendor((socket) => {
    socket.on('message', (bytes) => spoken.push(bytes.toString()))
    socket.send('one')
    socket.send('two')
  })
  const heard: [string, number][] = []
  const { line, hand, words, connected } = stage(vendor.url, (wire) => {
    wire.send('hello')
    return { onText: (text, at) => heard.push([text, at - hand.clock.wall()]) }
  })
  line.open()
  line.open()
  await connected(1)
  await vi.waitFor(() => expect([heard.length, spoken.length]).toEqual([2, 1]))
  expect(heard).toEqual([
    ['one', 0],
    ['two', 0],
  ])
  expect(spoken).toEqual(['hello'])
  expect(words).toEqual(['connecting: connecting'])
})

test('each loss in a row waits longer, at most half a minute', async () => {
  const vendor = await startVendor((socket) => socket.close(1011))
  for (const [chance, expected] of [
    [0, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]],
    [1, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
  ] as const) {
    const { line, hand, words, waits, said } = stage(vendor.url, undefined, chance)
    line.open()
    for (let n = 1; n <= 6; n++) {
      await said(n + 1)
      await hand.pass((waits.at(-1) ?? 0) - 1)
      expect(line.state().connections).toBe(n)
      await hand.pass(1)
    }
    expect(waits).toEqual(expected)
    expect(words[1]).toBe('down: the server closed the connection (1011)')
    line.close()
  }
})

test('the waits begin anew only after a conversation that worked for a second', async () => {
  const sockets: WebSocket[] = []
  const vendor = await startVendor((socket) => sockets.push(socket))
  const { line, hand, waits, connected, said } = stage(vendor.url, (wire) => {
    wire.settled()
    return { onText: () => {} }
  })
  line.open()
  for (const [n, livedMs] of [999, 999, 1_000, 0].entries()) {
    await connected(n + 1)
    await vi.waitFor(() => expect(sockets).toHaveLength(n + 1))
    for (let left = livedMs; left > 0; left -= 1_000) {
      sockets[n]?.ping()
      await pause(2)
      await hand.pass(Math.min(left, 1_000))
    }
    sockets[n]?.close(1001)
    await said(n + 2)
    await hand.pass(waits[n] ?? 0)
  }
  expect(waits).toEqual([1_000, 2_000, 1_000, 2_000])
})

test('an end of our own keeps its wait and its words, and nothing said after it is heard', async () => {
  const vendor = await startVendor((socket) => {
    socket.send('kick')
    socket.send('late')
  })
  const heard: string[] = []
  const { line, hand, words, waits, said, connected } = stage(vendor.url, (wire) => ({
    onText: (text) => {
      heard.push(text)
      wire.end(kicked)
      wire.send('still there?')
    },
  }))
  line.open()
  await said(2)
  expect(heard).toEqual(['kick'])
  expect(words[1]).toBe('down: another program')
  expect(waits).toEqual([60_000])
  await hand.pass(59_999)
  expect(vendor.count()).toBe(1)
  await hand.pass(1)
  await connected(2)
})

test('the conversation may say what a close code means', async () => {
  const vendor = await startVendor((socket) => socket.close(1008, 'too many'))
  const { line, words, waits, said } = stage(vendor.url, () => ({
    onText: () => {},
    onClosed: (code, reason) => (code === 1008 ? { ...kicked, detail: reason } : undefined),
  }))
  line.open()
  await said(2)
  expect([words[1], waits]).toEqual(['down: too many', [60_000]])
})

test('after an end for good only a new open dials', async () => {
  const vendor = await startVendor((socket) => socket.send('no'))
  const { line, hand, words, said, connected } = stage(vendor.url, (wire) => ({
    onText: () => wire.end({ reason: 'refused', detail: 'the key is not known', retry: 'never' }),
  }))
  line.open()
  await said(2)
  await hand.pass(3_600_000)
  expect([vendor.count(), line.state(), hand.pending()]).toEqual([1, { connections: 1 }, 0])
  line.open()
  await connected(2)
  expect(words.slice(1, 3)).toEqual(['down: the key is not known', 'connecting: connecting'])
})

test('a refused upgrade, a server that is gone and a name nobody has are told and tried again', async () => {
  const refusing: Server = createServer().on('upgrade', (_request, socket: Socket) => {
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  refusing.listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  cleanUps.push(() => refusing.close())
  const gone = await startVendor()
  gone.stop()
  for (const [url, word] of [
    [`ws://127.0.0.1:${portOf(refusing)}`, 'down: the server refused the connection (HTTP 403)'],
    [gone.url, 'down: no connection (ECONNREFUSED)'],
    ['ws://nobody.invalid', expect.stringMatching(/^down: no connection \((ENOTFOUND|EAI_AGAIN)\)$/)],
  ] as const) {
    const { line, words, waits, said, hand } = stage(url)
    line.open()
    await said(2)
    await hand.pass(1_000)
    await said(3)
    expect(words[2]).toEqual(word)
    expect(waits).toEqual([1_000, 2_000])
  }
})

test('an address that is none is told and not tried again', () => {
  const { line, words, hand } = stage('http//nowhere')
  line.open()
  expect([words[1], hand.pending()]).toEqual(['down: the address is not a WebSocket address', 0])
})

test('a frame beyond eight megabytes ends the conversation, not the program', async () => {
  const vendor = await startVendor((socket) => socket.send('x'.repeat(8 * 1024 * 1024 + 1)))
  const { line, words, said } = stage(vendor.url)
  line.open()
  await said(2)
  expect(words[1]).toBe('down: no connection (WS_ERR_UNSUPPORTED_MESSAGE_LENGTH)')
})

/** Stands between the line and a vendor and swallows everything from `mute` on, without a FIN. */
const startProxy = async (port: number) => {
  const open: Socket[] = []
  let muted = false
  const server = createRawServer((near) => {
    const far = connect(port, '127.0.0.1')
    open.push(near, far)
    near.on('error', () => {}).on('data', (bytes) => muted || far.write(bytes))
    far.on('error', () => {}).on('data', (bytes) => muted || near.write(bytes))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return {
    url: `ws://127.0.0.1:${portOf(server)}`,
    mute: (value: boolean) => {
      muted = value
    },
  }
}

const passSeconds = async (hand: { pass: (ms: number) => Promise<void> }, seconds: number): Promise<void> => {
  for (let i = 0; i < seconds; i++) {
    await hand.pass(1_000)
    await pause(5)
  }
}

test('a quiet line is kept by pings, a half-open one is left after thirty seconds and dialed again at once', async () => {
  let pings = 0
  const vendor = await startVendor((socket) => socket.on('ping', () => pings++))
  const proxy = await startProxy(portOf(vendor.server))
  const { line, hand, words, waits, connected } = stage(proxy.url)
  line.open()
  await connected(1)
  await passSeconds(hand, 59)
  expect([pings, words.length]).toEqual([2, 1])
  proxy.mute(true)
  await passSeconds(hand, 10)
  expect(words).toHaveLength(1)
  // What was swallowed stays swallowed; only a new connection gets through.
  proxy.mute(false)
  await passSeconds(hand, 2)
  expect(words[1]).toBe('down: the connection went silent')
  expect(waits).toEqual([0])
  await hand.pass(0)
  await connected(2)
})

test('closed it holds no socket and no timer, and dials only when opened again', async () => {
  const vendor = await startVendor()
  const { line, hand, words, connected } = stage(vendor.url)
  line.open()
  await connected(1)
  line.close()
  await vi.waitFor(() => expect(vendor.server.clients.size).toBe(0))
  await vi.waitFor(() => expect(hand.pending()).toBe(0))
  await hand.pass(3_600_000)
  expect([vendor.count(), words]).toEqual([1, ['connecting: connecting']])
})

test('closed while it dials or waits it stays closed, and opened at once it has one socket', async () => {
  const vendor = await startVendor()
  const { line, hand, words, connected } = stage(vendor.url)
  line.open()
  line.close()
  await pause(50)
  expect([line.state().connections, hand.pending()]).toEqual([0, 0])
  line.open()
  await connected(1)
  line.close()
  line.open()
  await connected(2)
  await vi.waitFor(() => expect(vendor.server.clients.size).toBe(1))
  expect(words.every((word) => word === 'connecting: connecting')).toBe(true)
})

test('in a storm of losses there is never a second socket', async () => {
  let open = 0
  let most = 0
  const vendor = await startVendor((socket, count) => {
    open += 1
    most = Math.max(most, open)
    socket.on('close', () => {
      open -= 1
    })
    if (count % 3 === 0) socket.terminate()
    else if (count % 3 === 1) socket.close(1012)
    else socket.send('end')
  })
  const { line, hand, connected, said, waits } = stage(vendor.url, (wire) => ({
    onText: () => wire.end({ reason: 'broken', detail: 'storm', retry: 0 }),
  }))
  line.open()
  for (let n = 1; n <= 60; n++) {
    await connected(n)
    await said(n + 1)
    // The server may hear of an end later than of the next beginning.
    await vi.waitFor(() => expect(open).toBe(0), { interval: 5 })
    await hand.pass(waits.at(-1) ?? 0)
  }
  expect(most).toBe(1)
})
