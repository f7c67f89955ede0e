import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { opening, startStandIn } from './rehearsal.ts'

type StandIn = Awaited<ReturnType<typeof startStandIn>>

const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const oracle = `${shared}/oracles/massive/massive_futures_openapi.json`

let massive: StandIn
beforeAll(async () => {
  massive = await startStandIn()
})
afterEach(() => massive.clear())
afterAll(() => massive.close())

const allPages = async (path: string) => {
  const rows: Record<string, unknown>[] = []
  let pages = 0
  for (let next: string | undefined = path; next !== undefined && pages < 100; pages++) {
    const { body } = await massive.get(next)
    rows.push(...body.results)
    next = body.next_url
  }
  return { rows, pages }
}

const ns = (ms: number): string => `${ms}000000`

/** A question for each documented path. */
const questions: Readonly<Record<string, string>> = {
  '/futures/v1/aggs/{ticker}': 'aggs/MGCZ6?limit=5',
  '/futures/v1/contracts': 'contracts?date=2026-11-20',
  '/futures/v1/exchanges': 'exchanges',
  '/futures/v1/market-status': 'market-status',
  '/futures/v1/products': 'products',
  '/futures/v1/quotes/{ticker}': 'quotes/MGCZ6',
  '/futures/v1/schedules': 'schedules',
  '/futures/v1/snapshot': 'snapshot',
  '/futures/v1/trades/{ticker}': 'trades/MGCZ6',
}

/** Where the vendor's own example departs from its schema we follow the example, because it was cut from the wire. */
const departures: Readonly<Record<string, readonly string[]>> = {
  // The schema calls it a date; the example has nanoseconds.
  '/futures/v1/snapshot': ['/details/settlement_date must be string'],
}

type Answer = {
  readonly schema: { readonly properties: { readonly results: { readonly items: { readonly properties: object } } } }
  readonly example: { readonly results: readonly object[] }
}
type Described = {
  readonly get: {
    readonly responses: { readonly '200': { readonly content: { readonly 'application/json': Answer } } }
  }
}

describe.skipIf(!existsSync(oracle))('against the official description', () => {
  const described: Readonly<Record<string, Described>> = existsSync(oracle)
    ? JSON.parse(readFileSync(oracle, 'utf8'))
    : {}

  const answerOf = (path: string): Answer => {
    const found = described[path]?.get.responses['200'].content['application/json']
    if (found === undefined) throw new Error(`${path} is not described`)
    return found
  }

  test('it describes the nine paths the stand-in answers', () => {
    expect(Object.keys(described).filter((path) => path.includes('/v1/'))).toEqual(Object.keys(questions))
  })

  test.each(Object.entries(questions))('%s answers as described', async (path, question) => {
    const ajv = new Ajv({ strict: false, allErrors: true })
    for (const format of ['int64', 'int32', 'double', 'date', 'date-time']) ajv.addFormat(format, true)
    const { schema } = answerOf(path)
    const { status, body } = await massive.get(question)
    expect(status).toBe(200)
    expect(body.results.length).toBeGreaterThan(0)
    const fits = ajv.compile(schema)
    fits(body)
    const complaints = (fits.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath.replace(/^\/results\/\d+/, '')} ${message}`,
    )
    expect([...new Set(complaints)]).toEqual(departures[path] ?? [])
  })

  test.each(Object.keys(questions))(
    '%s writes no field of a row that the example or the schema does not know',
    async (path) => {
      const { schema, example } = answerOf(path)
      const known = new Set([
        ...Object.keys(schema.properties.results.items.properties),
        ...example.results.flatMap(Object.keys),
      ])
      const { body } = await massive.get(questions[path] ?? '')
      expect(body.results.flatMap(Object.keys).filter((field) => !known.has(field))).toEqual([])
    },
  )
})

describe('aggregates', () => {
  test('without a resolution they are sessions, newest first, the running one without a settlement', async () => {
    const { body } = await massive.get('aggs/MGCZ6?limit=2')
    expect(
      body.results.map(({ session_end_date, settlement_price }) => [session_end_date, settlement_price !== undefined]),
    ).toEqual([
      ['2026-11-20', false],
      ['2026-11-19', true],
    ])
  })

  test('only minutes that are over are told', async () => {
    massive.moveTo(opening + 59_999)
    const newest = async () =>
      (await massive.get('aggs/MGCZ6?resolution=1min&limit=1')).body.results[0]?.['window_start']
    expect(await newest()).toBe((opening - 60_000) * 1e6)
    massive.moveTo(opening + 60_000)
    expect(await newest()).toBe(opening * 1e6)
    massive.moveTo(opening)
  })

  test('five minutes are the five minutes joined, and hours stand on the UTC hour', async () => {
    const range = (resolution: string, from: number, to: number) =>
      `aggs/MESZ6?resolution=${resolution}&sort=window_start.asc&window_start.gte=${ns(from)}&window_start.lt=${ns(to)}`
    const start = opening - 1_800_000
    const minutes = (await massive.get(range('1min', start, start + 300_000))).body.results
    const [five, ...rest] = (await massive.get(range('5min', start, start + 300_000))).body.results
    expect(minutes).toHaveLength(5)
    expect(rest).toEqual([])
    expect(five).toMatchObject({
      open: minutes[0]?.['open'],
      close: minutes[4]?.['close'],
      high: Math.max(...minutes.map(({ high }) => Number(high))),
      low: Math.min(...minutes.map(({ low }) => Number(low))),
      volume: minutes.reduce((sum, { volume }) => sum + Number(volume), 0),
      transactions: minutes.reduce((sum, { transactions }) => sum + Number(transactions), 0),
    })
    const hours = (await massive.get(range('1hour', opening - 7_200_000, opening))).body.results
    expect(hours.map(({ window_start }) => window_start)).toEqual([1795176000000000000, 1795179600000000000])
  })

  test('a date is the session of that date, and a time within a bar is moved to its start', async () => {
    const { body } = await massive.get('aggs/MGCZ6?resolution=1session&window_start=2026-11-18')
    expect(body.results.map(({ session_end_date }) => session_end_date)).toEqual(['2026-11-18'])
    const within = await massive.get(`aggs/MGCZ6?resolution=1min&window_start=${ns(opening - 90_001)}`)
    expect(within.body.results.map(({ window_start }) => window_start)).toEqual([(opening - 120_000) * 1e6])
  })

  test.each(['60min', '0min', '1tick', 'min', '2session'])('a resolution of %s is refused', async (resolution) => {
    const { status, body } = await massive.get(`aggs/MGCZ6?resolution=${resolution}`)
    expect([status, body.status]).toEqual([400, 'ERROR'])
  })

  test('a ticker nobody knows has no bars', async () => {
    expect((await massive.get('aggs/XYZZ6?resolution=1min')).body.results).toEqual([])
  })
})

describe('pages', () => {
  test.each([
    ['aggs/MGCZ6?resolution=1min&sort=window_start.asc&window_start.gte=2026-11-20&limit=97', 'window_start', 870],
    ['aggs/MGCZ6?resolution=1min&window_start.gte=2026-11-20&limit=100', 'window_start', 870],
    [
      'schedules?product_code=MES&session_end_date.gte=2026-11-16&session_end_date.lte=2026-11-20&limit=7',
      'timestamp',
      30,
    ],
  ])('%s gives every row once, in order', async (path, field, count) => {
    const { rows } = await allPages(path)
    expect(rows).toHaveLength(count)
    const whole = (await massive.get(path.replace(/limit=\d+/, 'limit=1000'))).body.results
    expect(rows).toEqual(whole)
    if (field === 'window_start') expect(new Set(rows.map((row) => row[field])).size).toBe(count)
  })

  test('a page taken later shows the market as it was at the first', async () => {
    const first = await massive.get('aggs/MGCZ6?resolution=1min&limit=3')
    massive.moveTo(opening + 600_000)
    const second = await massive.get(first.body.next_url ?? '')
    massive.moveTo(opening)
    expect(second.body.results[0]?.['window_start']).toBe((opening - 240_000) * 1e6)
  })

  test('next_url is absolute and carries the cursor alone, never the key', async () => {
    const response = await fetch(`${massive.restUrl}/futures/v1/products?limit=2&apiKey=rehearsal-key-0001`)
    const { next_url } = (await response.json()) as { next_url: string }
    expect([...new URL(next_url).searchParams.keys()]).toEqual(['cursor'])
    expect(Buffer.from(new URL(next_url).searchParams.get('cursor') ?? '', 'base64url').toString()).not.toContain(
      'rehearsal',
    )
    expect((await massive.get(next_url, 'another')).status).toBe(401)
  })

  test('50,000 minutes fit on one page, 50,001 are refused', async () => {
    const { body } = await massive.get('aggs/MGCZ6?resolution=1min&limit=3000&window_start.gte=2026-11-17')
    expect(body.results).toHaveLength(3000)
    expect((await massive.get('aggs/MGCZ6?limit=50001')).status).toBe(400)
  })
})

describe('tables', () => {
  test('contracts without a date come once for every day; without a type they are single', async () => {
    const { rows } = await allPages('contracts?ticker=MGCZ6&limit=1000')
    expect(rows).toHaveLength(30)
    const combos = (await massive.get('contracts?date=2026-11-20&type=combo&product_code=MES')).body.results
    expect(combos.map(({ ticker }) => ticker)).toContain('MESZ6-MESH7')
  })

  test('active contracts of two products, sorted', async () => {
    const path = 'contracts?date=2026-11-20&active=true&product_code.any_of=MES,MGC&sort=product_code.desc,ticker.asc'
    const { body } = await massive.get(path)
    expect(body.results.map(({ ticker }) => ticker)).toEqual([
      'MGCG7',
      'MGCJ7',
      'MGCM7',
      'MGCQ7',
      'MGCZ6',
      'MGCZ7',
      'MESH7',
      'MESH8',
      'MESM7',
      'MESU7',
      'MESZ6',
      'MESZ7',
    ])
    expect((await massive.get('contracts?sort=name.asc')).status).toBe(400)
  })

  test('the schedule tells every event twice, and a holiday as a pause and a new pre-open', async () => {
    const { body } = await massive.get('schedules?product_code=MES&session_end_date=2026-11-27&limit=100')
    const told = body.results.map(({ event, timestamp }) => `${event} ${timestamp}`)
    expect(told.filter((_, i) => i % 2 === 0)).toEqual([
      'pre_open 2026-11-25T22:45:00+00:00',
      'open 2026-11-25T23:00:00+00:00',
      'pause 2026-11-26T18:00:00+00:00',
      'pre_open 2026-11-26T22:45:00+00:00',
      'open 2026-11-26T23:00:00+00:00',
      'close 2026-11-27T18:15:00+00:00',
    ])
    expect(told.filter((_, i) => i % 2 === 1)).toEqual(told.filter((_, i) => i % 2 === 0))
  })

  test('a product is worth what its contract is worth', async () => {
    const { body } = await massive.get('products?sort=product_code.asc')
    expect(
      body.results.map(({ product_code, unit_of_measure_qty }) => `${product_code} ${unit_of_measure_qty}`),
    ).toEqual(['MCL 100', 'MES 5', 'MGC 10', 'MHG 2500', 'MNQ 2', 'SIL 1000'])
  })

  test('a snapshot holds the volume of the session so far: the sum of its minutes', async () => {
    const [snapshot] = (await massive.get('snapshot?ticker.any_of=MGCZ6')).body.results
    const minutes = (await massive.get('aggs/MGCZ6?resolution=1min&limit=2000&window_start.gte=2026-11-19')).body
      .results
    const volume = minutes
      .filter(({ session_end_date }) => session_end_date === '2026-11-20')
      .reduce((sum, row) => sum + Number(row['volume']), 0)
    expect(snapshot).toMatchObject({ ticker: 'MGCZ6', session: { volume }, last_trade: { timeframe: 'REAL-TIME' } })
  })

  test('trades have nanoseconds no double can hold, in order and never from the future', async () => {
    const response = await fetch(
      `${massive.restUrl}/futures/v1/trades/MGCZ6?limit=200&sort=timestamp.asc&timestamp.gte=${ns(opening - 60_000)}`,
      {
        headers: { authorization: 'Bearer rehearsal-key-0001' },
      },
    )
    const instants = [...(await response.text()).matchAll(/"timestamp":(\d+)/g)].map(([, digits]) =>
      BigInt(digits ?? 0),
    )
    expect(instants.length).toBeGreaterThan(50)
    expect(new Set(instants.map((instant) => instant % 100n))).toEqual(new Set([37n]))
    expect(instants.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(instants)
    expect((instants.at(-1) ?? 0n) < BigInt(ns(opening))).toBe(true)
  })
})

describe('refusals', () => {
  test('a wrong key and no key are 401, a path nobody knows is 404', async () => {
    expect(await massive.get('products', 'wrong')).toMatchObject({
      status: 401,
      body: { status: 'ERROR', error: 'Unknown API Key' },
    })
    expect((await fetch(`${massive.restUrl}/futures/v1/products`)).status).toBe(401)
    expect((await massive.get('nothing')).status).toBe(404)
  })

  test.each([
    ['aggs/MGCZ6?limit=0'],
    ['schedules?limit=1002'],
    ['trades/MGCZ6?sort=price.asc'],
    ['aggs/MGCZ6?resolution=1min&window_start.gte=yesterday'],
    ['products?cursor=nonsense'],
  ])('%s is refused', async (path) => {
    expect((await massive.get(path)).status).toBe(400)
  })

  test('a starter has no trades and sees everything ten minutes late', async () => {
    const starter = await startStandIn({ plan: 'starter' })
    expect(await starter.get('trades/MGCZ6')).toMatchObject({ status: 403, body: { status: 'NOT_AUTHORIZED' } })
    expect((await starter.get('quotes/MGCZ6')).status).toBe(403)
    const { body } = await starter.get('aggs/MGCZ6?resolution=1min&limit=1')
    expect(body.results[0]?.['window_start']).toBe((opening - 720_000) * 1e6)
    await starter.close()
  })
})

describe('faults of REST', () => {
  test('429 comes as often as told, with the header when told', async () => {
    massive.inject({ kind: 'rest-error', status: 429, times: 2, retryAfterS: 3 })
    const answers = [await massive.get('products'), await massive.get('products'), await massive.get('products')]
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '3'],
      [429, '3'],
      [200, null],
    ])
    massive.inject({ kind: 'rest-error', status: 429 })
    expect((await massive.get('products')).headers.get('retry-after')).toBe(null)
  })

  test.each([500, 502, 503])('%i stays until it is cleared', async (status) => {
    massive.inject({ kind: 'rest-error', status })
    expect([(await massive.get('products')).status, (await massive.get('products')).status]).toEqual([status, status])
    massive.clear('rest-error')
    expect((await massive.get('products')).status).toBe(200)
  })

  test('a slow page makes a caller wait who would not', async () => {
    massive.inject({ kind: 'slow-pages', ms: 5_000 })
    const impatient = fetch(`${massive.restUrl}/futures/v1/products`, { signal: AbortSignal.timeout(50) })
    await expect(impatient).rejects.toThrow('timeout')
  })

  test('next_url leads to a stranger or round in a circle', async () => {
    massive.inject({ kind: 'wrong-next-url', to: 'http://stranger.example' })
    expect((await massive.get('products?limit=2')).body.next_url).toMatch(
      /^http:\/\/stranger\.example\/futures\/v1\/products\?cursor=/,
    )
    massive.inject({ kind: 'wrong-next-url', to: 'loop' })
    const { rows, pages } = await allPages('products?limit=2')
    expect([pages, new Set(rows.map((row) => row['product_code'])).size]).toEqual([100, 2])
  })

  test('a refused key is refused here too, and a plan loses what it lost', async () => {
    massive.inject({ kind: 'auth-refused' })
    expect((await massive.get('products')).status).toBe(401)
    massive.clear()
    massive.inject({ kind: 'not-entitled', channels: ['Q'] })
    expect([(await massive.get('quotes/MGCZ6')).status, (await massive.get('trades/MGCZ6')).status]).toEqual([403, 200])
  })
})
