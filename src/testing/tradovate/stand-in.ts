import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { dateOfBar, sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { createBroker } from './broker.ts'
import { type Chart, chartHistory, chartNews } from './charts.ts'
import { createLogins, type Login, type LoginFault } from './logins.ts'
import type { Listed, Tape } from './tape.ts'

/**
 * What can go wrong, each for as long as it is switched on. expired-token — no token is good; access-denied — no market
 * data for the account; no-ticks — no tick charts; stall — heartbeats and nothing else; half-open — the socket stays and
 * nothing is said; garbage — nonsense between the frames; reordered — tick packets overtake each other; too-many — 429 to
 * everything; slow — answers a second late; penalized — one request on a socket is told to wait; server-error — 500.
 */
export type Fault =
  | LoginFault
  | 'expired-token'
  | 'access-denied'
  | 'no-ticks'
  | 'stall'
  | 'half-open'
  | 'garbage'
  | 'reordered'
  | 'too-many'
  | 'slow'
  | 'penalized'
  | 'nameless'
  | 'server-error'

type Client = {
  readonly socket: WebSocket
  readonly host: 'md' | 'user'
  login: Login | undefined
  heardAt: number
  readonly quotes: Map<number, Listed>
  readonly charts: Map<number, Chart>
  synchronized: boolean
}

type Loose = Readonly<Record<string, unknown>>

const nonsense = [
  'a[',
  'x',
  '',
  'a{"e":"md"}',
  'a[1,null,[],{"e":7},{"i":"x","s":200}]',
  'a[{"e":"md","d":{"quotes":[null,{"contractId":"?","entries":{}},{"timestamp":"never","contractId":3570900,"entries":{"Bid":{}}}]}}]',
  'a[{"e":"chart","d":{"charts":[{"id":"?"},null,{"id":-1,"bars":[{}]}]}}]',
  'a[{"i":99999,"s":200,"d":{}}]',
  'h ',
]

/**
 * Starts a server that speaks the vendor's protocol on 127.0.0.1: REST, market data and user data. It plays a tape behind
 * a clock, keeps sessions as strictly as the vendor, and goes wrong on demand.
 */
export const createTradovateStandIn = async ({
  tape,
  clock,
  wall = Date.now,
  password = 'correct horse',
  secret = 'f03741b6-f634-48d6-9308-c8fb871150c2',
  tokenMs = 80 * 60_000,
  penaltySeconds = 1,
  beatMs = 2_500,
  deadMs = 10_000,
  turnMs = 50,
  chartLimit = 3_000,
}: {
  readonly tape: Tape
  /** Market time, epoch ms. */
  readonly clock: { readonly now: () => number }
  readonly wall?: () => number
  readonly password?: string
  readonly secret?: string
  readonly tokenMs?: number
  readonly penaltySeconds?: number
  readonly beatMs?: number
  readonly deadMs?: number
  readonly turnMs?: number
  /** Elements a chart request brings at most. */
  readonly chartLimit?: number
}) => {
  const faults = new Set<Fault>()
  const clients = new Set<Client>()
  const isOn = (fault: Fault): boolean => faults.has(fault)
  const counts = { logins: 0, renewals: 0, requests: 0, sockets: 0, mostSockets: 0, charts: 0, heartbeats: 0, dead: 0 }
  let nextChart = 31
  let playedTo = clock.now()

  const send = (client: Client, text: string): void => {
    if (!isOn('half-open')) client.socket.send(text, () => {})
  }
  const tell = (client: Client, ...messages: readonly unknown[]): void => send(client, `a${JSON.stringify(messages)}`)

  const dismiss = (client: Client, reasonCode: string): void => {
    tell(client, { e: 'shutdown', d: { reasonCode, reason: `closed: ${reasonCode}` } })
    send(client, 'c[3000,"Go away!"]')
    client.socket.close(1000)
  }

  const logins = createLogins({
    password,
    secret,
    tokenMs,
    penaltySeconds,
    wall,
    isOn,
    onClosed: (login) => {
      for (const client of clients) if (client.login === login) dismiss(client, 'ConnectionQuotaReached')
    },
  })
  const findLogin = (token: string): Login | undefined => (isOn('expired-token') ? undefined : logins.find(token))

  const broker = createBroker({
    listed: tape.listed,
    userId: logins.userId,
    now: clock.now,
    tell: (d) => {
      for (const client of clients) if (client.synchronized) tell(client, { e: 'props', d })
    },
  })

  const rest = async (request: IncomingMessage, body: string): Promise<readonly [number, unknown]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in')
    if (isOn('too-many')) return [429, {}]
    if (isOn('server-error')) return [500, {}]
    if (pathname === '/v1/auth/accesstokenrequest') {
      counts.logins++
      return [200, logins.open(JSON.parse(body) as Loose)]
    }
    const login = findLogin((request.headers.authorization ?? '').replace('Bearer ', ''))
    if (login === undefined) return [401, { errorText: 'Expired Access Token' }]
    if (pathname === '/v1/auth/renewaccesstoken') {
      counts.renewals++
      return [200, logins.renew(login)]
    }
    if (pathname === '/v1/contract/find' || pathname === '/v1/contract/item') {
      const found = tape.listed.find(
        ({ name, id }) => name === searchParams.get('name') || String(id) === searchParams.get('id'),
      )
      return found === undefined
        ? [404, { errorText: 'contract not found' }]
        : [200, { id: found.id, name: found.name, contractMaturityId: found.id + 1 }]
    }
    return [404, { errorText: 'not found' }]
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const piece of request) body += piece
    const [status, value] = await rest(request, body)
    if (isOn('slow')) await new Promise((resolve) => setTimeout(resolve, 1_000))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

  const quoteOf = (listed: Listed): unknown => {
    const now = clock.now()
    const { group } = specOf(listed.contract.id)
    const open = sessionOf(group, dateOfBar(group, now))?.open ?? now
    const last = tape.trades(listed.name, now - 10 * 60_000, now).at(-1)
    const volume = tape.bars(listed.name, open, now).reduce((sum, bar) => sum + bar.volume, 0)
    return {
      timestamp: new Date(now).toISOString(),
      contractId: listed.id,
      entries: {
        ...(last && {
          Bid: { price: last.bid, size: 7 },
          Offer: { price: last.ask, size: 12 },
          Trade: { price: last.price, size: last.size },
        }),
        TotalTradeVolume: { size: volume },
      },
    }
  }

  const listedAs = (body: Loose): Listed | undefined =>
    tape.listed.find(({ name, id }) => name === body['symbol'] || id === body['symbol'])

  const getChart = (client: Client, id: number, body: Loose): void => {
    const listed = listedAs(body)
    const kind = (body['chartDescription'] as Loose | undefined)?.['underlyingType']
    if (listed === undefined || (kind !== 'Tick' && kind !== 'MinuteBar')) {
      tell(client, { s: 200, i: id, d: { errorText: 'Symbol is inaccessible', errorCode: 'UnknownSymbol' } })
      return
    }
    if (isOn('access-denied') || (isOn('no-ticks') && kind === 'Tick')) {
      tell(client, { s: 401, i: id, d: 'Access is denied' })
      return
    }
    counts.charts++
    const historicalId = nextChart++
    const chart: Chart = { listed, kind, live: nextChart++ }
    client.charts.set(chart.live, chart)
    tell(client, { s: 200, i: id, d: { historicalId, realtimeId: chart.live } })
    const range = (body['timeRange'] ?? {}) as Parameters<typeof chartHistory>[3]
    for (const packet of chartHistory(tape, chart, historicalId, range, clock.now(), chartLimit))
      tell(client, { e: 'chart', d: { charts: [packet] } })
  }

  const operate = (client: Client, operation: string, id: number, body: Loose): void => {
    const done = (d: unknown = {}): void => tell(client, { s: 200, i: id, d })
    const listed = listedAs(body)
    if (operation === 'md/getChart') getChart(client, id, body)
    else if (operation === 'md/cancelChart') {
      client.charts.delete(body['subscriptionId'] as number)
      done()
    } else if (operation === 'md/subscribeQuote') {
      if (isOn('access-denied')) tell(client, { s: 401, i: id, d: 'Access is denied' })
      else if (listed === undefined) done({ errorText: 'Symbol is inaccessible', errorCode: 'UnknownSymbol' })
      else {
        client.quotes.set(listed.id, listed)
        done()
        tell(client, { e: 'md', d: { quotes: [quoteOf(listed)] } })
      }
    } else if (operation === 'md/unsubscribeQuote') {
      client.quotes.delete(listed?.id ?? 0)
      done()
    } else if (operation === 'user/syncrequest' && client.host === 'user') {
      done(broker.whole(!isOn('nameless')))
      client.synchronized = true
    } else tell(client, { s: 404, i: id, d: `Not found: ${operation}` })
  }

  const authorize = (client: Client, id: number, body: string): void => {
    const token = body.startsWith('"') ? (JSON.parse(body) as string) : body
    client.login = findLogin(token)
    tell(client, client.login === undefined ? { s: 401, i: id, d: 'Access is denied' } : { s: 200, i: id })
  }

  const onText = (client: Client, text: string): void => {
    client.heardAt = wall()
    if (text === '[]') {
      counts.heartbeats++
      return
    }
    counts.requests++
    const [operation = '', number = '', , ...rest] = text.split('\n')
    const id = Number(number)
    const written = rest.join('\n')
    const body =
      written === '' || written === 'undefined' || operation === 'authorize' ? {} : (JSON.parse(written) as Loose)
    if (isOn('too-many')) tell(client, { s: 429, i: id })
    else if (operation === 'authorize') authorize(client, id, written)
    else if (client.login === undefined) tell(client, { s: 401, i: id, d: 'Access is denied' })
    else if (isOn('penalized') && body['p-ticket'] === undefined)
      tell(client, { s: 200, i: id, d: { 'p-ticket': 'wait-a-little', 'p-time': penaltySeconds, 'p-captcha': false } })
    else operate(client, operation, id, body)
  }

  const http = createServer((request, response) => void answer(request, response))
  const server = new WebSocketServer({ server: http, autoPong: false })
  server.on('connection', (socket, request) => {
    const host = request.url?.startsWith('/md') === true ? 'md' : 'user'
    const client: Client = {
      socket,
      host,
      login: undefined,
      heardAt: wall(),
      quotes: new Map(),
      charts: new Map(),
      synchronized: false,
    }
    clients.add(client)
    counts.sockets++
    counts.mostSockets = Math.max(counts.mostSockets, [...clients].filter((other) => other.host === host).length)
    socket.on('ping', (bytes) => {
      if (!isOn('half-open')) socket.pong(bytes)
    })
    socket.on('message', (bytes) => {
      if (isOn('half-open')) return
      if (isOn('slow')) setTimeout(() => onText(client, bytes.toString()), 1_000)
      else onText(client, bytes.toString())
    })
    socket.on('close', () => clients.delete(client))
    socket.on('error', () => socket.terminate())
    send(client, 'o')
  })

  const play = (): void => {
    const now = clock.now()
    const from = playedTo
    playedTo = now
    if (isOn('stall')) return
    const live = [...clients].filter(({ host }) => host === 'md')
    if (isOn('garbage')) for (const client of live) for (const text of nonsense) send(client, text)
    for (const client of live) {
      for (const chart of client.charts.values())
        for (const packet of chartNews(tape, chart, from, now, isOn('reordered')))
          tell(client, { e: 'chart', d: { charts: [packet] } })
      const moved = [...client.quotes.values()].filter(({ name }) => tape.trades(name, from, now).length > 0)
      if (moved.length > 0) tell(client, { e: 'md', d: { quotes: moved.map(quoteOf) } })
    }
  }

  const beat = (): void => {
    for (const client of clients) {
      send(client, 'h')
      if (wall() - client.heardAt > deadMs) {
        counts.dead++
        client.socket.terminate()
      }
    }
  }

  const timers = [setInterval(play, turnMs), setInterval(beat, beatMs)]
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo

  return {
    restUrl: `http://127.0.0.1:${port}/v1`,
    mdUrl: `ws://127.0.0.1:${port}/md/websocket`,
    userUrl: `ws://127.0.0.1:${port}/v1/websocket`,
    inject: (fault: Fault): void => void faults.add(fault),
    clear: (): void => faults.clear(),
    counts: () => ({ ...counts, open: clients.size }),
    /** Closes every connection as the vendor does, for 'Maintenance' or another reason. */
    shutDown: (reasonCode: string): void => {
      for (const client of clients) dismiss(client, reasonCode)
    },
    /** Cuts every connection without a word. */
    drop: (): void => {
      for (const { socket } of clients) socket.terminate()
    },
    /** Somebody else logs in with the same account. */
    openElsewhere: (): void => void logins.open({ password, sec: secret }),
    expireSessions: (): void => logins.expireAll(),
    setPosition: broker.setPosition,
    addFill: broker.addFill,
    close: async (): Promise<void> => {
      for (const timer of timers) clearInterval(timer)
      for (const { socket } of clients) socket.terminate()
      server.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
