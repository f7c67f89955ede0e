import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { toColumns } from '#src/domain/market/series.ts'
import type { Picture } from '#src/domain/picture.ts'
import { quietLab } from '#src/testing/lab.ts'
import { quietFloor } from '#src/testing/quiet-floor.ts'
import { crudeWatching, goldInZone, morning, now, alerts as worldAlerts } from '#src/testing/world.ts'
import { type AppDeps, createApp } from './app.ts'

const folder = mkdtempSync(join(tmpdir(), 'copilot-public-'))
beforeAll(() => {
  writeFileSync(join(folder, 'terminal.js'), 'start()')
  writeFileSync(join(folder, 'terminal.css'), 'body{}')
  writeFileSync(join(folder, 'secret.txt'), 'not for the web')
})
afterAll(() => rmSync(folder, { recursive: true }))

const deps = {
  bus: { picture: vi.fn((): Partial<Picture> => morning) },
  clock: { now: () => now, wall: () => now, speed: 1 },
  hub: { size: 3, hasPage: () => false, join: () => {}, close: () => {} },
  alerts: {
    latest: vi.fn(async () => worldAlerts),
    acknowledge: vi.fn(async (id: number) => id === 7),
  },
  ask: vi.fn(async () => {}),
  readBars: vi.fn(async () => toColumns([{ time: now, open: 1, high: 3, low: 1, close: 2, volume: 10 }])),
  instruments: focusInstruments,
  bridge: { token: 'bridge-token', inbox: { take: vi.fn() }, outbox: { poll: vi.fn() } },
  legacy: { hear: vi.fn(async () => {}), forget: vi.fn(async () => {}) },
  floor: quietFloor,
  lab: quietLab,
  security: { hosts: ['localhost'], apiKey: 'key' },
  publicFolders: [folder],
  health: vi.fn((): ReturnType<AppDeps['health']> => ({ ready: true, dependencies: morning.system.dependencies })),
  log: { warn: vi.fn(), error: vi.fn() },
} satisfies AppDeps

beforeEach(() => vi.clearAllMocks())

const app = () => createApp(deps)
const get = (path: string, headers: Record<string, string> = {}) => app().request(path, { headers })
const read = (path: string) => get(path, { 'x-api-key': 'key' })
const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  app().request(path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: 'http://localhost', ...headers },
  })

describe('pages', () => {
  test('the terminal and the system page are whole and open their own live stream', async () => {
    const terminal = await (await get('/')).text()
    expect(terminal).toMatch(/^<!doctype html>/)
    for (const part of ['/live?page=terminal', 'id="focus-MGC"', 'id="price-MNQ"', 'id="alerts"', 'id="clock"'])
      expect(terminal).toContain(part)
    expect(await (await get('/system')).text()).toContain('/live?page=system')
  })

  test('the terminal is honest before the engine has said anything', async () => {
    deps.bus.picture.mockReturnValueOnce({})
    const response = await get('/')
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('id="focus-MGC"')
  })

  test('a page names its files by their content', async () => {
    expect(await (await get('/')).text()).toMatch(/src="\/public\/terminal\.js\?v=[0-9a-f]{16}"/)
  })

  test('fragments come alone and in band', async () => {
    for (const [path, id] of [
      ['/time', 'clock'],
      ['/focus', 'plan'],
      ['/focus/MGC', 'focus-MGC'],
    ]) {
      const html = await (await get(path ?? '')).text()
      expect(html).toMatch(new RegExp(`^<\\w+ id="${id}"`))
      expect(html).not.toContain('hx-swap-oob')
    }
  })

  test('a market nobody watches and an address nobody knows are named as such', async () => {
    expect(await (await get('/focus/MYM')).json()).toEqual({
      error: { field: 'instrument', reason: 'unknown-instrument' },
    })
    const lost = await get('/lost')
    expect([lost.status, await lost.json()]).toEqual([404, { error: { field: 'path', reason: 'unknown-path' } }])
  })
})

describe('a form that is refused', () => {
  const refusedLimits = async (web: ReturnType<typeof app>, dailyLoss: string): Promise<string> => {
    const body = new URLSearchParams({ dailyLoss, cooldownMinutes: '17' })
    const sent = await web.request('/settings/limits', {
      method: 'POST',
      body,
      headers: { origin: 'http://localhost' },
    })
    expect(sent.status).toBe(303)
    return sent.headers.get('location') ?? ''
  }
  const shown = async (web: ReturnType<typeof app>, path: string, name: string): Promise<string | undefined> => {
    const html = await (await web.request(path)).text()
    return html.match(new RegExp(`<input[^>]*name="${name}"[^>]*value="([^"]*)"`))?.[1]
  }

  test('shows what was typed, on the page it leads back to and on no other', async () => {
    const web = app()
    const page = await refusedLimits(web, 'much')
    expect(page).toMatch(/^\/settings\?form=limits&field=dailyLoss&reason=not-a-number&draft=[0-9a-f-]{36}$/)
    expect(await shown(web, page, 'dailyLoss')).toBe('much')
    expect(await shown(web, page, 'cooldownMinutes')).toBe('17')
    expect(await shown(web, '/settings', 'cooldownMinutes')).not.toBe('17')
    expect(await shown(web, page.replace(/draft=.*/, 'draft=guessed'), 'cooldownMinutes')).not.toBe('17')
  })

  test('is forgotten once sixteen others were refused', async () => {
    const web = app()
    const first = await refusedLimits(web, 'first')
    for (let i = 0; i < 15; i++) await refusedLimits(web, `more ${i}`)
    expect(await shown(web, first, 'dailyLoss')).toBe('first')
    await refusedLimits(web, 'one too many')
    expect(await shown(web, first, 'dailyLoss')).not.toBe('first')
  })
})

describe('health', () => {
  test('is open, and tells states and times but no detail', async () => {
    deps.health.mockReturnValueOnce({
      ready: true,
      dependencies: [{ name: 'database', state: 'ok', since: 5, detail: 'postgres://trader:secret@db' }],
    })
    const response = await get('/health')
    expect([response.status, await response.json()]).toEqual([
      200,
      { ready: true, dependencies: [{ name: 'database', state: 'ok', since: 5 }] },
    ])
  })

  test('is 503 while the engine is not ready', async () => {
    deps.health.mockReturnValueOnce({ ready: false, dependencies: [] })
    expect((await get('/health')).status).toBe(503)
  })
})

describe('the api', () => {
  test('gives every card, the plan in its order first', async () => {
    const cards = (await (await read('/api/focus')).json()) as { instrument: string }[]
    expect(cards.map((card) => card.instrument)).toEqual(['MGC', 'MNQ', 'MCL', 'MES', 'MHG', 'SIL'])
    expect(cards[0]).toEqual(JSON.parse(JSON.stringify(goldInZone)))
    expect(cards[2]).toEqual(JSON.parse(JSON.stringify(crudeWatching)))
  })

  test('says that there is no plan yet instead of an empty one', async () => {
    deps.bus.picture.mockReturnValueOnce({})
    const response = await read('/api/focus')
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: { field: 'engine', reason: 'engine-not-ready' } },
    ])
  })

  test('gives the contract of each market watched', async () => {
    const specs = (await (await read('/api/instruments')).json()) as Record<string, unknown>[]
    expect(specs).toHaveLength(6)
    expect(specs[0]).toMatchObject({ id: 'MGC', name: 'Gold', exchange: 'COMEX', ticksPerPoint: 10, tickValue: 10_000 })
  })

  test('gives bars, the newest 500 unless told', async () => {
    expect(await (await read('/api/bars/MES')).json()).toEqual({
      instrument: 'MES',
      timeframe: '1m',
      bars: [{ time: now, open: 1, high: 3, low: 1, close: 2, volume: 10 }],
    })
    expect(deps.readBars).toHaveBeenLastCalledWith('MES', '1m', now - 500 * 60_000, now)
    await read('/api/bars/MES?timeframe=15m&from=1000&to=901000')
    expect(deps.readBars).toHaveBeenLastCalledWith('MES', '15m', 1_000, 901_000)
    await read('/api/bars/MES?from=2026-11-20T13:00:00Z&to=2026-11-20T08:30:00-05:00')
    expect(deps.readBars).toHaveBeenLastCalledWith('MES', '1m', 1_795_179_600_000, 1_795_181_400_000)
  })

  test.each([
    ['/api/bars/MYM', 404, 'instrument', 'unknown-instrument'],
    ['/api/bars/MES?timeframe=2m', 400, 'timeframe', 'unknown-timeframe'],
    ['/api/bars/MES?timefame=5m', 400, 'timefame', 'unknown-field'],
    ['/api/bars/MES?from=yesterday', 400, 'from', 'not-a-time'],
    ['/api/bars/MES?from=', 400, 'from', 'not-a-time'],
    ['/api/bars/MES?from=2026-11-20T13:00:00', 400, 'from', 'not-a-time'],
    ['/api/bars/MES?to=-1', 400, 'to', 'not-a-time'],
    ['/api/bars/MES?to=1.5', 400, 'to', 'not-a-time'],
    ['/api/bars/MES?from=5&to=5', 400, 'from', 'empty-range'],
    ['/api/bars/MES?from=0&to=1200060000', 400, 'from', 'range-too-long'],
  ])('refuses %s and names the field', async (path, status, field, reason) => {
    const response = await read(path)
    expect([response.status, await response.json()]).toEqual([status, { error: { field, reason } }])
    expect(deps.readBars).not.toHaveBeenCalled()
  })
})

describe('an acknowledgement', () => {
  test('from a plain form goes back to the terminal', async () => {
    const response = await post('/alerts/7/acknowledgement')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(deps.alerts.acknowledge).toHaveBeenCalledWith(7)
  })

  test('from htmx brings the list as it is now', async () => {
    const html = await (await post('/alerts/7/acknowledgement', {}, { 'hx-request': 'true' })).text()
    expect(html).toMatch(/^<\w+ id="alerts"[^>]* hx-swap-oob="morph"/)
  })

  test.each([
    ['seven', 400, 'not-an-id'],
    ['1.5', 400, 'not-an-id'],
    ['1e3', 400, 'not-an-id'],
    ['99', 404, 'unknown-alert'],
  ])('of %s is refused', async (id, status, reason) => {
    const response = await post(`/alerts/${id}/acknowledgement`)
    expect([response.status, await response.json()]).toEqual([status, { error: { field: 'id', reason } }])
  })

  test('cannot be made by reading', async () => {
    expect((await get('/alerts/7/acknowledgement')).status).toBe(404)
    expect(deps.alerts.acknowledge).not.toHaveBeenCalled()
  })
})

describe('preferences', () => {
  test('are kept by the browser and drawn on the next page', async () => {
    const response = await post('/preferences', { theme: 'light', palette: 'blue-orange' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    const cookies = response.headers.getSetCookie()
    expect(cookies[0]).toBe('theme=light; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax')
    const cookie = cookies.map((each) => each.split(';')[0]).join('; ')
    expect(await (await get('/', { cookie })).text()).toContain('data-theme="light" data-palette="blue-orange"')
  })

  test('are kept for every browser without a choice of its own, told by who chose', async () => {
    const chosen = { theme: 'light', palette: 'red-up' } as const
    const savePreferences = vi.fn(async () => {})
    const kept = { ...deps, floor: { ...deps.floor, preferences: () => chosen, savePreferences } }
    const other = createApp(kept)
    const draw = async (headers = {}) => (await other.request('/', { headers })).text()
    expect(await draw()).toContain('data-theme="light" data-palette="red-up"')
    expect(await draw({ cookie: 'theme=dark' })).toContain('data-theme="dark" data-palette="red-up"')
    const body = new URLSearchParams({ theme: 'auto', palette: 'red-up' })
    await other.request('/preferences', { method: 'POST', body, headers: { origin: 'http://localhost' } })
    expect(savePreferences).toHaveBeenCalledWith({ theme: 'auto', palette: 'red-up' }, 'the trader')
  })

  test('nobody knows are refused, and a strange cookie counts as none', async () => {
    const refusal = await (await post('/preferences', { theme: 'pink', palette: 'red-up' })).json()
    expect(refusal).toEqual({ error: { field: 'theme', reason: 'unknown-theme' } })
    expect(await (await get('/', { cookie: 'theme=pink' })).text()).toContain('data-theme="dark"')
  })
})

describe('files', () => {
  test('are kept for ever under their own hash and asked again without it', async () => {
    const plain = await get('/public/terminal.js')
    const etag = plain.headers.get('etag') ?? ''
    expect(plain.headers.get('cache-control')).toBe('no-cache')
    expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await get('/public/terminal.js', { 'if-none-match': etag })).status).toBe(304)
    const hashed = await get(`/public/terminal.js?v=${etag.slice(3, -1)}`)
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('come compressed to who takes that', async () => {
    const response = await get('/public/terminal.css', { 'accept-encoding': 'gzip, br' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe('body{}')
  })

  test.each(['secret.txt', '..%2fapp.ts', 'none.js'])('%s is not among them', async (name) => {
    expect((await get(`/public/${name}`)).status).toBe(404)
  })
})

test('metrics tell pages, hops and refusals by reason', async () => {
  const one = app()
  await one.request('/lost')
  await one.request('/api/focus')
  await one.request('/api/focus', { headers: { 'x-api-key': 'guess' } })
  const text = await (await one.request('/metrics', { headers: { authorization: 'Bearer key' } })).text()
  for (const line of [
    'copilot_pages 3',
    'copilot_refusals_total{reason="unknown-path"} 1',
    'copilot_refusals_total{reason="key-missing"} 1',
    'copilot_refusals_total{reason="key-wrong"} 1',
    'copilot_hop_milliseconds{hop="state to page",quantile="0.99"} 251',
    'copilot_up{dependency="database"} 1',
  ])
    expect(text).toContain(line)
  expect(JSON.stringify(deps.log.warn.mock.calls)).not.toContain('guess')
})

test('what breaks is logged and told without its text', async () => {
  deps.readBars.mockRejectedValueOnce(new Error('postgres://trader:secret@db refused'))
  const response = await read('/api/bars/MES')
  expect([response.status, await response.json()]).toEqual([500, { error: { field: 'server', reason: 'broken' } }])
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(deps.log.error).toHaveBeenCalledOnce()
})

const away = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
const without: ReturnType<AppDeps['health']> = {
  ready: false,
  dependencies: [{ name: 'database', state: 'down', since: now, detail: 'no answer' }],
}

describe('while the database is away', () => {
  test('a page says so in words and asks again by itself, programs are told by a reason', async () => {
    vi.spyOn(quietFloor, 'settings').mockRejectedValueOnce(new Error('Failed query', { cause: away }))
    const page = await get('/settings')
    expect([page.status, page.headers.get('refresh')]).toEqual([503, '5'])
    expect(await page.text()).toMatch(/^<!doctype html>.*<h1>The database is away/s)
    deps.readBars.mockRejectedValueOnce(away)
    const program = await read('/api/bars/MES')
    expect([program.status, program.headers.get('refresh')]).toEqual([503, null])
    expect(await program.json()).toEqual({ error: { field: 'database', reason: 'database-away' } })
  })

  test('whoever reads waits for its silence no longer than it takes to know', async () => {
    vi.useFakeTimers()
    const readBars = (): Promise<never> => new Promise(() => {})
    const health = vi.fn(deps.health)
    const asked = createApp({ ...deps, health, readBars }).request('/api/bars/MES', { headers: { 'x-api-key': 'key' } })
    let status: number | undefined
    void Promise.resolve(asked).then((response) => {
      status = response.status
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(status).toBeUndefined()
    health.mockReturnValue(without)
    await vi.advanceTimersByTimeAsync(500)
    expect(status).toBe(503)
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  test('what needs no database is answered as ever', async () => {
    deps.health.mockReturnValueOnce(without)
    expect((await get('/')).status).toBe(200)
  })
})

describe('what older programs ask', () => {
  test.each([
    '/analysis/latest',
    '/analysis/live_feed',
    '/analysis/data_source',
    '/analysis/status',
    '/analysis/assets',
    '/analysis/accounts',
  ])('%s needs the key and answers JSON', async (path) => {
    expect((await get(path)).status).toBe(401)
    const answer = await read(path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
  })

  test('the feed, the source and the markets are told as they stand', async () => {
    expect(await (await read('/analysis/live_feed')).json()).toMatchObject({
      mode: 'SIM MARKET',
      state: 'live',
      grain: 'tick',
    })
    const source = await (await read('/analysis/data_source')).json()
    expect(source).toMatchObject({ mode: 'SIM MARKET', market: 'sim-7', history: { state: 'working', progress: 0.42 } })
    const [gold] = (await (await read('/analysis/assets')).json()) as unknown[]
    expect(gold).toMatchObject({
      instrument: 'MGC',
      contract: 'MGC Z6',
      tickSize: 0.1,
      tickValue: 1,
      price: { last: 4123.4 },
      roll: { next: 'MGC G7', tradeDates: 2 },
    })
    expect(await (await read('/analysis/status')).json()).toMatchObject({ gate: { open: true, reasons: [] } })
    expect(await (await read('/analysis/latest/MNQ')).json()).toMatchObject({ instrument: 'MNQ' })
  })

  test('an unknown market and an engine that has not spoken are refused', async () => {
    const unknown = await read('/analysis/latest/XYZ')
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: { field: 'instrument', reason: 'unknown-instrument' } },
    ])
    deps.bus.picture.mockReturnValueOnce({})
    expect((await read('/analysis/status')).status).toBe(503)
  })

  test('orders to the live feed are kept for the engine, and refused where there is none', async () => {
    const order = (path: string) => post(path, {}, { 'x-api-key': 'key' })
    for (const [path, command] of [
      ['/actions/live_feed/start', 'feed-start'],
      ['/actions/live_feed/stop', 'feed-stop'],
      ['/actions/force_refresh', 'refresh'],
    ] as const) {
      expect((await order(path)).status).toBe(202)
      expect(deps.ask).toHaveBeenLastCalledWith(command)
    }
    expect((await post('/actions/live_feed/start')).status).toBe(401)
    expect((await get('/actions/live_feed/start')).status).toBe(401)
    const { history: _, ...simulated } = morning
    deps.bus.picture.mockReturnValue(simulated)
    const refused = await order('/actions/live_feed/stop')
    expect([refused.status, await refused.json()]).toEqual([409, { error: { field: 'feed', reason: 'feed-not-live' } }])
    expect(deps.ask).toHaveBeenCalledTimes(3)
    deps.bus.picture.mockReturnValue(morning)
  })
})
