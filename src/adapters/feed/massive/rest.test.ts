import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { createMassiveRest, type MassiveRest } from './rest.ts'

type Turn = (response: ServerResponse, request: IncomingMessage) => void
type Asked = { readonly url: string; readonly key: string | undefined }

const key = 'a-key-that-must-stay-secret'
const gold = { id: 'MGC', year: 2025, month: 4 } as const
const morning = { resolution: '1min', from: 1738627200000, to: 1738713600000 } as const
const forever = new AbortController().signal

const stops: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const stop of stops.splice(0)) stop()
})

/** A server that takes `turns` one by one and stays with the last. */
const serve = async (...turns: readonly Turn[]) => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const turn = turns[Math.min(asked.length, turns.length - 1)]
    asked.push({ url: request.url ?? '', key: request.headers.authorization })
    turn?.(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** A client whose waits pass fifty times as fast and are written down; thirty seconds are 600 ms. */
const connect = (baseUrl: string, deps: Partial<Parameters<typeof createMassiveRest>[0]> = {}) => {
  const waits: number[] = []
  const timers = new Set<NodeJS.Timeout>()
  const rest = createMassiveRest({
    baseUrl,
    apiKey: key,
    requestsPerMinute: 6_000,
    wall: () => 1_764_889_200_000,
    schedule: (run, ms) => {
      waits.push(ms)
      const timer = setTimeout(run, ms / 50)
      timers.add(timer)
      return () => {
        timers.delete(timer)
        clearTimeout(timer)
      }
    },
    random: () => 0.001,
    ...deps,
  })
  return { rest, waits: () => waits.filter((ms) => ms !== 30_000), pending: () => timers.size }
}

/** No waits but the one for an answer, which does not end. */
const atOnce = (run: () => void, ms: number) => {
  if (ms !== 30_000) run()
  return () => undefined
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Turn =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

const text =
  (body: string): Turn =>
  (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)

const row = (minute = 0) => ({
  ticker: 'MGCJ5',
  window_start: 1738627200000000000 + minute * 60e9,
  session_end_date: '2025-02-04',
  open: 2849.8,
  high: 2877.1,
  low: 2837.4,
  close: 2874.2,
  volume: 133072,
  transactions: 74223,
  dollar_volume: 380560636.01,
})

const page = (rows: readonly unknown[], next?: string): Turn =>
  json({ status: 'OK', request_id: 'b452e45b7eaad14151c3e1ce5129b558', results: rows, ...(next && { next_url: next }) })

const readAll = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const each of pages) all.push(each)
  return all
}

const minutesOf = (rest: MassiveRest, signal = forever) => readAll(rest.aggregates(gold, morning, signal))

test('bars are asked for in nanoseconds, oldest first, and come in our words', async () => {
  const { baseUrl, asked } = await serve(page([row()]))
  expect(await minutesOf(connect(baseUrl).rest)).toEqual([
    {
      ok: true,
      more: false,
      dropped: {},
      rows: [
        {
          time: 1738627200000,
          open: 2849.8,
          high: 2877.1,
          low: 2837.4,
          close: 2874.2,
          volume: 133072,
          tradeDate: '2025-02-04',
        },
      ],
    },
  ])
  expect(asked).toEqual([
    {
      url: '/futures/v1/aggs/MGCJ5?resolution=1min&window_start.gte=1738627200000000000&window_start.lt=1738713600000000000&sort=window_start.asc&limit=50000',
      key: `Bearer ${key}`,
    },
  ])
})

test('a bad row costs only itself and is counted by its field', async () => {
  const rows = [
    row(0),
    { ...row(1), open: 'many' },
    { ...row(2), high: null },
    { ...row(3), ticker: 'MGCM5' },
    { ...row(4), volume: -1 },
    { ...row(5), volume: 1.5 },
    { ...row(6), window_start: 'noon' },
    'nonsense',
    null,
    { ...row(7), open: '2849.8', window_start: '1738627620000000000' },
  ]
  const { baseUrl } = await serve(page(rows))
  const [answer] = await minutesOf(connect(baseUrl).rest)
  expect(answer).toMatchObject({
    rows: [{ time: 1738627200000 }, { time: 1738627620000, open: 2849.8 }],
    dropped: { open: 1, high: 1, ticker: 1, volume: 2, window_start: 1, row: 2 },
  })
})

test('pages are followed with the key in the header and never in the address', async () => {
  const { baseUrl, asked } = await serve(
    (response, request) =>
      page([row(0)], `http://${request.headers.host}/futures/vX/aggs/MGCJ5?cursor=2`)(response, request),
    page([row(1)]),
  )
  const pages = await minutesOf(connect(baseUrl).rest)
  expect(pages).toMatchObject([
    { ok: true, more: true, rows: [{ time: 1738627200000 }] },
    { ok: true, more: false, rows: [{ time: 1738627260000 }] },
  ])
  expect(asked[1]).toEqual({ url: '/futures/vX/aggs/MGCJ5?cursor=2', key: `Bearer ${key}` })
})

/** Every address asked for by a client whose first page names `next`, and how that ended. */
const followed = async (baseUrl: string, next: string) => {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (url) => {
    asked.push(String(url))
    return Response.json({ results: [row(asked.length)], ...(asked.length === 1 && { next_url: next }) })
  }
  const pages = await minutesOf(connect(baseUrl, { fetch }).rest)
  return { asked: asked.slice(1), last: pages.at(-1) }
}

test.each([
  'https://api.massive.com/futures/vX/aggs/MGCJ5?cursor=2',
  'https://api.staging.massive.com/futures/vX/aggs/MGCJ5?cursor=2',
  'https://massive.com/2',
  'https://api.polygon.io/futures/vX/aggs/MGCJ5?cursor=2',
  'https://proxy.example:8443/2',
])('the key follows to %s', async (next) => {
  expect(await followed('https://proxy.example:8443', next)).toMatchObject({ asked: [next], last: { ok: true } })
})

test.each([
  'https://massive.com.evil.example/2',
  'https://notmassive.com/2',
  'https://api.massive.com@evil.example/2',
  'http://api.massive.com/2',
  'https://proxy.example/2',
  'https://127.0.0.1/2',
  'file:///etc/passwd',
  '/futures/v1/aggs/MGCJ5?cursor=2',
  'nonsense',
])('the key is never sent to %s', async (next) => {
  expect(await followed('https://proxy.example:8443', next)).toEqual({
    asked: [],
    last: { ok: false, reason: 'garbage', detail: 'the next page is at an address that is not the vendor’s' },
  })
})

test('a redirect is not followed', async () => {
  const { baseUrl, asked } = await serve((response) => response.writeHead(302, { location: '/elsewhere' }).end())
  expect(await minutesOf(connect(baseUrl).rest)).toEqual([
    { ok: false, reason: 'garbage', detail: 'the request was answered with 302' },
  ])
  expect(asked).toHaveLength(1)
})

test.each([[[row()]], [[]]])('pages that lead back to one that was read end the reading', async (rows) => {
  const { baseUrl, asked } = await serve(page([row(9)]), (response, request) =>
    page(rows, `http://${request.headers.host}/again`)(response, request),
  )
  const { rest } = connect(baseUrl)
  expect(await minutesOf(rest)).toHaveLength(1)
  expect((await minutesOf(rest)).at(-1)).toMatchObject({ ok: false, reason: 'garbage' })
  expect(asked).toHaveLength(3)
})

test('pages without end are ended, be their rows the same or none', async () => {
  let cursor = 0
  const endless =
    (rows: readonly unknown[]): Turn =>
    (response, request) =>
      page(rows, `http://${request.headers.host}/futures/v1?cursor=${++cursor}`)(response, request)
  const same = await serve(endless([row()]))
  expect((await minutesOf(connect(same.baseUrl).rest)).at(-1)).toMatchObject({ detail: 'a page came twice' })
  expect(same.asked).toHaveLength(2)
  const empty = await serve(endless([]))
  const pages = await minutesOf(connect(empty.baseUrl).rest)
  expect(pages.at(-1)).toEqual({ ok: false, reason: 'garbage', detail: 'the pages have no end' })
  expect(empty.asked).toHaveLength(200)
})

test('a busy or failing server is asked again, later each time', async () => {
  const failing = [500, 502, 503, 504, 413].map((status) => json({ status: 'ERROR' }, status))
  const { baseUrl, asked } = await serve(...failing, page([row()]))
  const { rest, waits } = connect(baseUrl, { random: () => 0.01 })
  expect(await minutesOf(rest)).toMatchObject([{ ok: true }])
  expect(asked).toHaveLength(6)
  expect(waits()).toEqual([20, 40, 80, 160, 320])
})

test('a storm of errors ends after six tries', async () => {
  const { baseUrl, asked } = await serve(json({ status: 'ERROR', error: `no room for ${key}` }, 500))
  expect(await minutesOf(connect(baseUrl).rest)).toEqual([
    { ok: false, reason: 'unavailable', detail: 'the server answers with 500' },
  ])
  expect(asked).toHaveLength(6)
})

test('who is told to slow down waits as long as told', async () => {
  const { baseUrl } = await serve(
    json({}, 429, { 'retry-after': '3' }),
    json({}, 429, { 'retry-after': 'Thu, 04 Dec 2025 23:00:05 GMT' }),
    json({}, 429, { 'retry-after': 'soon' }),
    json({}, 429),
    page([]),
  )
  const { rest, waits } = connect(baseUrl)
  expect(await minutesOf(rest)).toMatchObject([{ ok: true }])
  expect(waits()).toEqual([3_002, 5_004, 8, 16])
})

test('who is sent away for longer than two minutes is told at once', async () => {
  const { baseUrl, asked } = await serve(json({}, 429, { 'retry-after': '121' }))
  expect(await minutesOf(connect(baseUrl).rest)).toEqual([
    { ok: false, reason: 'unavailable', detail: 'the server answers with 429' },
  ])
  expect(asked).toHaveLength(1)
})

test('what the vendor will not give is refused at once, in the vendor’s words without the key', async () => {
  const said = { status: 'NOT_AUTHORIZED', message: `You are not\n entitled to\u0007 this data, ${key}.` }
  const refusals = [
    [json({ status: 'ERROR', error: 'Unknown API Key' }, 401), 'bad-key', 'the key is not known'],
    [json(said, 403), 'not-entitled', 'the plan does not include this: You are not entitled to this data, ….'],
    [text('<html>'), 'garbage', 'the answer is not JSON'],
    [json({ error: 'resolution is wrong' }, 400), 'garbage', 'the request was answered with 400: resolution is wrong'],
    [json('nothing here', 404), 'garbage', 'the request was answered with 404'],
    [json({ error: 'x'.repeat(5_000) }, 400), 'garbage', `the request was answered with 400: ${'x'.repeat(200)}`],
  ] as const
  for (const [turn, reason, detail] of refusals) {
    const { baseUrl, asked } = await serve(turn)
    expect(await minutesOf(connect(baseUrl).rest)).toEqual([{ ok: false, reason, detail }])
    expect(asked).toHaveLength(1)
  }
})

test.each([
  '',
  '{',
  '{"results":[{"ticker":"MGC',
  '[]',
  '{}',
  '7',
  'null',
  '{"results":{}}',
  '{"results":[],"next_url":7}',
])('a page that reads %j is garbage', async (body) => {
  const { baseUrl } = await serve(text(body))
  expect(await minutesOf(connect(baseUrl).rest)).toMatchObject([{ ok: false, reason: 'garbage' }])
})

test('an answer that breaks off, or a server that is not there, is tried again', async () => {
  const broken: Turn = (response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"results":[')
    setTimeout(() => response.destroy(), 5)
  }
  const { baseUrl, asked } = await serve(broken, broken, page([row()]))
  expect(await minutesOf(connect(baseUrl).rest)).toMatchObject([{ ok: true }])
  expect(asked).toHaveLength(3)
  const gone = connect('http://127.0.0.1:1', { fetch: (url, init) => fetch(String(url).replace(':1/', ':9/'), init) })
  const [refusal] = await minutesOf(gone.rest)
  expect(refusal).toMatchObject({ ok: false, reason: 'unavailable' })
  expect(gone.waits()).toHaveLength(5)
})

test('a page that does not come within thirty seconds is asked for again', async () => {
  const slow: Turn = (response) => void response.writeHead(200).write('{"results":')
  const { baseUrl, asked } = await serve(slow, page([row()]))
  expect(await minutesOf(connect(baseUrl).rest)).toMatchObject([{ ok: true }])
  expect(asked).toHaveLength(2)
  const never = await serve(slow)
  const { rest } = connect(never.baseUrl, {
    schedule: (run) => {
      const timer = setTimeout(run, 20)
      return () => clearTimeout(timer)
    },
  })
  expect(await minutesOf(rest)).toEqual([{ ok: false, reason: 'unavailable', detail: 'no answer within 30 seconds' }])
})

test('what is called off ends at once, while waiting for an answer as well as for another try', async () => {
  const stopped = { ok: false, reason: 'stopped', detail: 'the request was called off' }
  const hang = await serve(() => undefined)
  const control = new AbortController()
  const reading = minutesOf(connect(hang.baseUrl).rest, control.signal)
  await vi.waitFor(() => expect(hang.asked).toHaveLength(1))
  control.abort()
  expect(await reading).toEqual([stopped])
  const busy = await serve(json({}, 429, { 'retry-after': '100' }))
  const impatient = new AbortController()
  const { rest, waits, pending } = connect(busy.baseUrl)
  const waiting = minutesOf(rest, impatient.signal)
  await vi.waitFor(() => expect(waits()).toHaveLength(1))
  expect(pending()).toBe(1)
  impatient.abort()
  expect(await waiting).toEqual([stopped])
  expect(pending()).toBe(0)
  expect(await minutesOf(rest, impatient.signal)).toEqual([stopped])
  expect(busy.asked).toHaveLength(1)
})

test('two that ask for the same at once share one request, and one of them may leave', async () => {
  const answers: (() => void)[] = []
  const { baseUrl, asked } = await serve((response, request) => {
    answers.push(() => page([row()])(response, request))
  })
  const { rest } = connect(baseUrl)
  const leaving = new AbortController()
  const first = minutesOf(rest, leaving.signal)
  const second = minutesOf(rest)
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  leaving.abort()
  expect(await first).toMatchObject([{ reason: 'stopped' }])
  answers[0]?.()
  expect(await second).toMatchObject([{ ok: true }])
  expect(asked).toHaveLength(1)
  const third = minutesOf(rest)
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  answers[1]?.()
  expect(await third).toMatchObject([{ ok: true }])
})

test('when all who share a request have left it is called off, and who comes next asks anew', async () => {
  const aborted: boolean[] = []
  const fetch: typeof globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      const call = aborted.push(false) - 1
      init?.signal?.addEventListener('abort', () => {
        aborted[call] = true
        reject(new Error('aborted'))
      })
    })
  const { rest } = connect('http://127.0.0.1', { fetch })
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
  const all = [one, two].map(({ signal }) => minutesOf(rest, signal))
  one.abort()
  await all[0]
  expect(aborted).toEqual([false])
  two.abort()
  const last = minutesOf(rest, three.signal)
  await vi.waitFor(() => expect(aborted).toEqual([true, false]))
  three.abort()
  expect(await last).toMatchObject([{ reason: 'stopped' }])
})

test('in no minute are more requests made than allowed, whoever makes them and however they end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const made: number[] = []
  const fetch: typeof globalThis.fetch = async () => {
    made.push(Date.now())
    return made.length % 3 === 0 ? new Response('', { status: 503 }) : Response.json({ results: [] })
  }
  const { rest } = connect('http://127.0.0.1', { fetch, requestsPerMinute: 5, schedule: atOnce })
  const ask = (at: number): Promise<unknown> =>
    readAll(rest.aggregates(gold, { ...morning, from: morning.from + at }, new AbortController().signal))
  const first = ask(0)
  await vi.advanceTimersByTimeAsync(50_000)
  const others = Array.from({ length: 20 }, (_, at) => ask(at + 1))
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  await Promise.all([first, ...others])
  expect(made.length).toBeGreaterThan(25)
  for (const [at, time] of made.entries()) expect((made[at + 5] ?? Infinity) - time).toBeGreaterThanOrEqual(60_000)
})

test('fifty thousand rows are one page', async () => {
  const rows = Array.from({ length: 50_000 }, (_, minute) => row(minute))
  const { baseUrl } = await serve(page(rows))
  const { rest } = connect(baseUrl)
  const pages = rest.aggregates(gold, morning, forever)[Symbol.asyncIterator]()
  const first = await pages.next()
  expect(first.value).toMatchObject({ ok: true, more: false, dropped: {} })
  expect(first.value?.ok && first.value.rows.at(-1)?.time).toBe(1738627200000 + 49_999 * 60_000)
})

test('whatever the vendor writes, nothing is thrown', async () => {
  const verbs: ((rest: MassiveRest) => Promise<unknown>)[] = [
    (rest) => minutesOf(rest),
    (rest) => readAll(rest.trades(gold, morning, forever)),
    (rest) => readAll(rest.quotes(gold, morning, forever)),
    (rest) => rest.contracts(['MGC'], '2025-02-04', forever),
    (rest) => rest.products(['MGC'], '2025-02-04', forever),
    (rest) => rest.schedules(['MGC'], { from: '2025-02-04', to: '2025-02-05' }, forever),
    (rest) => rest.marketStatus(['MGC'], forever),
    (rest) => rest.snapshot([gold], forever),
  ]
  const names = [
    'ticker',
    'details',
    'window_start',
    'timestamp',
    'open',
    'price',
    'product_code',
    'event',
    '__proto__',
  ]
  const wild = fc.dictionary(fc.constantFrom(...names), fc.jsonValue())
  const body = fc.oneof(fc.jsonValue(), fc.record({ results: fc.array(fc.oneof(wild, fc.jsonValue())) }), wild)
  const status = fc.constantFrom(200, 200, 200, 204, 400, 401, 403, 404, 418, 500)
  await fc.assert(
    fc.asyncProperty(body, status, fc.constantFrom(...verbs), async (answer, code, ask) => {
      const fetch: typeof globalThis.fetch = async () =>
        new Response(code === 204 ? null : JSON.stringify(answer), { status: code })
      const { rest } = connect('http://127.0.0.1', {
        fetch,
        requestsPerMinute: 1e6,
        schedule: atOnce,
      })
      expect(JSON.stringify(await ask(rest))).not.toContain(key)
    }),
    { numRuns: 300 },
  )
})

test('contracts are asked for as of a date, and spreads and foreign ones are left out', async () => {
  const listed = {
    active: true,
    first_trade_date: '2025-01-15',
    last_trade_date: '2026-12-29',
    product_code: 'MGC',
    ticker: 'MGCZ6',
    trade_tick_size: '0.1',
    type: 'single',
  }
  const { baseUrl, asked } = await serve(
    page([listed, { ...listed, ticker: 'MGCZ6-MGCG7', type: 'combo' }, { ...listed, ticker: '00CN5' }]),
  )
  expect(await connect(baseUrl).rest.contracts(['MGC', 'MES'], '2026-11-20', forever)).toEqual({
    ok: true,
    value: [
      {
        contract: { id: 'MGC', year: 2026, month: 12 },
        firstTradeDate: '2025-01-15',
        lastTradeDate: '2026-12-29',
        tick: 0.1,
      },
    ],
    dropped: { type: 1, ticker: 1 },
  })
  expect(asked[0]?.url).toBe(
    '/futures/v1/contracts?date=2026-11-20&product_code.any_of=MGC%2CMES&active=true&type=single&limit=1000',
  )
})

test('products, sessions and the state of a market come in our words', async () => {
  const product = {
    product_code: 'MGC',
    date: '2026-11-20',
    name: 'Micro Gold',
    trading_venue: 'XCEC',
    unit_of_measure_qty: 10,
  }
  const event = { product_code: 'MGC', session_end_date: '2024-06-10', timestamp: '2024-06-09T21:00:00+00:00' }
  const { baseUrl, asked } = await serve(
    page([product]),
    page([
      { ...event, event: 'pre_open' },
      { ...event, event: 'party' },
    ]),
    page([
      { ...event, market_event: 'open' },
      { ...event, market_event: 'open', product_code: 'ERL' },
    ]),
  )
  const { rest } = connect(baseUrl)
  expect(await rest.products(['MGC'], '2026-11-20', forever)).toEqual({
    ok: true,
    value: [{ instrument: 'MGC', name: 'Micro Gold', mic: 'XCEC', unit: 10 }],
    dropped: {},
  })
  expect(await rest.schedules(['MGC'], { from: '2024-06-10', to: '2024-06-11' }, forever)).toEqual({
    ok: true,
    value: [{ instrument: 'MGC', tradeDate: '2024-06-10', event: 'pre-open', at: 1717966800000 }],
    dropped: { event: 1 },
  })
  expect(await rest.marketStatus(['MGC'], forever)).toEqual({
    ok: true,
    value: [{ instrument: 'MGC', tradeDate: '2024-06-10', event: 'open', at: 1717966800000 }],
    dropped: { product_code: 1 },
  })
  expect(asked.map(({ url }) => url)).toEqual([
    '/futures/v1/products?date=2026-11-20&product_code.any_of=MGC&limit=50000',
    '/futures/v1/schedules?product_code.any_of=MGC&session_end_date.gte=2024-06-10&session_end_date.lte=2024-06-11&limit=1000',
    '/futures/v1/market-status?product_code.any_of=MGC&limit=99',
  ])
})

test('trades and quotes come as ticks and quotes, received now', async () => {
  const trade = { ticker: 'MGCJ5', timestamp: 1738627201000509200, price: 2849.8, size: 3 }
  const quote = {
    ticker: 'MGCJ5',
    timestamp: 1738627201000509200,
    bid_price: 2849.7,
    bid_size: 1,
    ask_price: 2849.9,
    ask_size: 2,
  }
  const { ask_price: _, ...oneSided } = quote
  const { baseUrl } = await serve(page([trade]), page([quote, oneSided]))
  const { rest } = connect(baseUrl)
  expect(await readAll(rest.trades(gold, morning, forever))).toMatchObject([
    {
      rows: [
        {
          instrument: 'MGC',
          contract: 202504,
          eventTime: 1738627201000,
          receivedTime: 1764889200000,
          price: 2849.8,
          size: 3,
        },
      ],
    },
  ])
  expect(await readAll(rest.quotes(gold, morning, forever))).toMatchObject([
    { rows: [{ bid: 2849.7, ask: 2849.9, bidSize: 1, askSize: 2 }], dropped: { ask_price: 1 } },
  ])
})

test('a snapshot is asked for by contract and says what was traded in the session', async () => {
  const { baseUrl, asked } = await serve(
    page([
      {
        ticker: 'MGCJ5',
        session: { volume: '55' },
        last_trade: { price: 2849.8, last_updated: 1738627201000509200, timeframe: 'DELAYED' },
      },
      { details: { ticker: 'MGCM5' }, last_minute: { last_updated: 1738627200000 } },
      { ticker: 'MGCJ5-MGCM5', session: { volume: 9 } },
    ]),
  )
  const june = { id: 'MGC', year: 2025, month: 6 } as const
  expect(await connect(baseUrl).rest.snapshot([gold, june], forever)).toEqual({
    ok: true,
    value: [
      { contract: gold, volume: 55, lastPrice: 2849.8, lastTradedAt: 1738627201000, isDelayed: true },
      { contract: june, lastTradedAt: 1738627200000, isDelayed: false },
    ],
    dropped: { ticker: 1 },
  })
  expect(asked[0]?.url).toBe('/futures/v1/snapshot?ticker.any_of=MGCJ5%2CMGCM5&limit=50000')
})
