import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backing, createDatabase } from '../database.ts'
import { createSender } from '../ninjatrader/sender.ts'
import { type RedisServer, startRedis } from '../redis.ts'
import { askHealth, emptyFolder, startTerminal, type Terminal } from '../terminal.ts'
import { eventually } from './eventually.ts'
import { type Launched, launch } from './launch.ts'

const folder = emptyFolder()
const token = 'a-token-for-a-bridge'
let redis: RedisServer
let env: Record<string, string>
let engine: Launched
let webs: readonly Terminal[] = []

const startEngine = async (): Promise<Launched> => {
  const run = launch('main.js', { DATA_DIR: folder, ...env, ROLE: 'engine' })
  await run.until('being current', () => /The engine is current/.exec(run.said()) ?? undefined)
  return run
}

beforeAll(async () => {
  redis = await startRedis()
  const database = `roles_${randomUUID().replaceAll('-', '')}`
  env = {
    BRIDGE_TOKEN: token,
    REDIS_URL: redis.url,
    DATABASE_URL: await createDatabase(await backing('postgres'), database),
  }
  const web = { env: { ...env, ROLE: 'web' }, dataDir: folder, until: 'listening' } as const
  webs = [await startTerminal(web), await startTerminal(web)]
  engine = await startEngine()
}, 120_000)
afterAll(async () => {
  await Promise.all(webs.map(({ stop }) => stop()))
  await engine?.end('SIGTERM')
  await redis?.stop()
  rmSync(folder, { recursive: true })
})

const fromBoth = (path: string): Promise<string[]> =>
  Promise.all(
    webs.map(async ({ url, apiKey }) => (await fetch(`${url}${path}`, { headers: { 'x-api-key': apiKey } })).text()),
  )

/** The pages are read a moment apart, and a price may fall between. */
const sameFromBoth = (path: string): Promise<string> =>
  eventually(`the same ${path} from both`, async () => {
    const [one, other] = await fromBoth(path)
    return one === other ? one : undefined
  })

const healths = async (): Promise<unknown[]> =>
  (await Promise.all(webs.map(({ url }) => askHealth(url)))).map((health) => [
    health?.ready,
    health?.dependencies.find(({ name }) => name === 'engine')?.state,
  ])

/** What the pages of both say at this moment: may I trade, and what is away. */
const answers = async (): Promise<unknown[]> =>
  (await fromBoth('/')).map((page) => [
    /class="answer">(\w+)/.exec(page)?.[1],
    /id="outage"[^>]*>([^<]*?) since/.exec(page)?.[1],
  ])
const shut = ['NO', 'The engine is not heard']

const current = [true, 'ok']
const lost = [false, 'down']
const patience = { timeout: 20_000 }

test('two web processes show one engine’s picture', async () => {
  await expect.poll(healths, patience).toEqual([current, current])
  expect(await sameFromBoth('/focus')).toMatch(/id="plan".*trade date 2026-11-20/s)
  expect(JSON.parse(await sameFromBoth('/api/focus'))).toHaveLength(6)
}, 60_000)

test('an alert acknowledged on one is acknowledged on the other', async () => {
  const [one, other] = webs as [Terminal, Terminal]
  const id = await eventually('an alert not yet acknowledged', async () => {
    const page = await (await fetch(other.url)).text()
    return /<li id="alert-(\d+)"[^>]*>(?:(?!<\/li>).)*<form/s.exec(page)?.[1]
  })
  const answer = await fetch(`${one.url}/alerts/${id}/acknowledgement`, {
    method: 'POST',
    headers: { 'x-api-key': one.apiKey },
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  const acknowledged = new RegExp(`<li id="alert-${id}"[^>]* data-acknowledged`)
  for (const { url } of webs) await expect.poll(async () => (await fetch(url)).text(), patience).toMatch(acknowledged)
})

test('both say so when the engine is killed, and are current again when it is back', async () => {
  await engine.end('SIGKILL')
  await expect.poll(answers, { timeout: 8_000 }).toEqual([shut, shut])
  expect(await healths()).toEqual([lost, lost])
  for (const page of await fromBoth('/system')) {
    expect(page).toContain('its heartbeat stopped')
    expect(page).not.toContain('in this process')
  }
  engine = await startEngine()
  await expect.poll(healths, patience).toEqual([current, current])
  const banners = async () => (await fromBoth('/')).map((page) => /id="outage"[^>]*>([^<]*)/.exec(page)?.[1])
  await expect.poll(banners, patience).toEqual(['', ''])
  const before = await sameFromBoth('/time')
  await expect.poll(() => sameFromBoth('/time'), patience).not.toBe(before)
}, 90_000)

test('behind a dead engine a kill waits for the next one, and a bridge is kept waiting', async () => {
  const [{ url, apiKey }] = webs as [Terminal]
  await engine.end('SIGKILL')
  const answer = await fetch(`${url}/kill`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ confirmed: 'yes' }),
  })
  expect(answer.status).toBe(200)
  const sender = createSender({ ask: (path, init) => fetch(`${url}${path}`, init), token, wall: () => Date.now() })
  const asked = async (): Promise<number> => (await sender.get('?after=0&wait=0')).status
  await expect.poll(asked, { timeout: 30_000 }).toBe(503)
  expect((await sender.post(sender.body(1, []))).status).toBe(503)

  engine = await startEngine()
  await expect.poll(async () => (await fetch(url)).text(), patience).toMatch(/NOT CONFIRMED FLAT/)
  expect(await asked()).toBe(200)
}, 120_000)
