import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import type { Picture, Topic } from '#src/domain/picture.ts'
import type { Row } from '#src/testing/bench.ts'
import { morning } from '#src/testing/world.ts'
import { pageTopics, renderTopic } from '#views/fragments.tsx'
import { createHub } from './live.ts'
import type { Env } from './refusal.ts'
import { live } from './routes/live.ts'
import { serve } from './serve.ts'

/** The real terminal's clock and six prices, changed before every flush, to a thousand pages in another process. */
export const name = 'Live stream: 1,000 pages'

const crowd = 1_000
/** A desk, a phone, a second screen. */
const few = 3
const seconds = 8
const changing: readonly Topic[] = ['clock', ...focusInstruments.map((id) => `price:${id}` as const)]

/** The monotonic clock, which all processes of a machine share, in microseconds. */
const stamp = (): number => Number(process.hrtime.bigint() / 1_000n)
const pictureNow = (): Picture => ({ ...morning, clock: { ...morning.clock, wall: stamp() } })
const payload = (topic: Topic, picture: Partial<Picture>): string =>
  topic === 'clock' ? `@${stamp()}@${renderTopic(topic, picture)}` : renderTopic(topic, picture)

type Result = { readonly p50: number; readonly p99: number; readonly frames: number; readonly bytes: number }

/** With the server's share: memory it grew by, and microseconds of processor. */
type Cost = Result & { readonly rss: number; readonly cpu: number }

/** Runs in the other process: opens the pages, then measures from stamp to byte until told to stop. */
const readPages = async (port: number, clients: number): Promise<void> => {
  const delays: number[] = []
  let bytes = 0
  let measuring = false
  const visit = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /live?page=terminal HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    await once(socket, 'data')
    socket.on('data', (part) => {
      if (!measuring) return
      bytes += part.length
      const at = part.indexOf('@')
      if (at >= 0) delays.push(stamp() - Number(part.toString('latin1', at + 1, part.indexOf('@', at + 1))))
    })
  }
  for (let i = 0; i < clients; i += 50) await Promise.all(Array.from({ length: Math.min(50, clients - i) }, visit))
  process.send?.('open')
  process.on('message', (word) => {
    if (word === 'measure') measuring = true
    else {
      delays.sort((a, b) => a - b)
      const quantile = (q: number): number => (delays[Math.floor(q * (delays.length - 1))] ?? 0) / 1_000
      process.send?.({ p50: quantile(0.5), p99: quantile(0.99), frames: delays.length, bytes } satisfies Result)
      process.exit()
    }
  })
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const answerOf = async <T>(child: ChildProcess): Promise<T> => ((await once(child, 'message')) as [T])[0]

const measure = async (port: number, clients: number): Promise<Cost> => {
  const before = process.memoryUsage().rss
  const child = fork(fileURLToPath(import.meta.url), ['pages', String(port), String(clients)])
  await answerOf(child)
  await pause(2_000)
  child.send('measure')
  const cpuBefore = process.cpuUsage()
  await pause(seconds * 1_000)
  const cpu = process.cpuUsage(cpuBefore)
  const rss = process.memoryUsage().rss - before
  child.send('stop')
  return { ...(await answerOf<Result>(child)), rss, cpu: cpu.user + cpu.system }
}

/** The hub as the product runs it. */
const measureOurs = async (hertz: number, clients = crowd) => {
  let change = (_: readonly Topic[]): void => {}
  const hub = createHub({
    bus: {
      picture: pictureNow,
      onChange: (listener) => {
        change = listener
        return () => {}
      },
      onEvent: () => () => {},
    },
    pages: { terminal: pageTopics(focusInstruments).terminal },
    render: payload,
    urgent: () => undefined,
    alertsAfter: async () => [],
    schedule: (flush) => {
      const timer = setInterval(() => {
        change(changing)
        flush()
      }, 1_000 / hertz)
      return () => clearInterval(timer)
    },
    wall: Date.now,
    record: () => {},
    log: { error: () => {} },
  })
  const server = await serve({ app: new Hono<Env>().route('/', live(hub)), hub }, { host: '127.0.0.1', port: 0 })
  const result = await measure(server.port, clients)
  await server.close()
  return result
}

/** What one would write first: the same payload as text to every response, which encodes it a thousand times. */
const measurePeer = async (hertz: number) => {
  const pages = new Set<ServerResponse>()
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: live\ndata: \n\n')
    pages.add(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const timer = setInterval(() => {
    const html = changing
      .map((topic) => payload(topic, pictureNow()))
      .join('')
      .replaceAll('\n', '\ndata: ')
    for (const page of pages) page.write(`event: live\ndata: ${html}\n\n`)
  }, 1_000 / hertz)
  const result = await measure((server.address() as AddressInfo).port, crowd)
  clearInterval(timer)
  server.closeAllConnections()
  server.close()
  return result
}

const delay = ({ p50, p99 }: Result): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
const cpuOfFrame = ({ cpu, frames }: Cost): number => cpu / frames
const micros = (value: number): string => `${value.toFixed(1)} µs`

const compare = (hertz: number, ours: Cost, peer: Cost): Row[] => [
  {
    what: `${hertz} Hz, change to byte, ${(ours.bytes / ours.frames / 1e3).toFixed(1)} kB`,
    ours: delay(ours),
    peer: delay(peer),
  },
  {
    what: `${hertz} Hz, processor for a frame to a page`,
    ours: micros(cpuOfFrame(ours)),
    peer: micros(cpuOfFrame(peer)),
    ratio: cpuOfFrame(peer) / cpuOfFrame(ours),
  },
]

/** Measures from the rendering of a flush to the byte at the page, so without the wait for the flush itself. */
export const run = async (): Promise<Row[]> => {
  const calm = await measureOurs(4)
  return [
    // Only the first run starts from a process that has not grown yet.
    { what: 'memory of the pages', ours: `${(calm.rss / 1e6).toFixed(0)} MB` },
    { what: '4 Hz, change to byte, three pages', ours: delay(await measureOurs(4, few)) },
    ...compare(4, calm, await measurePeer(4)),
    ...compare(10, await measureOurs(10), await measurePeer(10)),
  ]
}

if (process.argv[2] === 'pages') await readPages(Number(process.argv[3]), Number(process.argv[4]))
