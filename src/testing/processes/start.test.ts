import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { backing, createDatabase } from '../database.ts'
import { askHealth, emptyFolder, startTerminal, type Terminal } from '../terminal.ts'
import { pause } from './eventually.ts'
import { launch } from './launch.ts'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const refused = async (variables: Record<string, string>): Promise<{ code: number | null; said: string }> => {
  const run = launch('main.js', { DATA_DIR: folder, ...variables })
  onTestFinished(async () => void (await run.end('SIGKILL')))
  return { code: await run.end(), said: run.said() }
}

test('a wrong configuration ends with code 1 and names every wrong variable, but no secret', async () => {
  const { code, said } = await refused({
    PORT: '99999',
    ROLE: 'boss',
    SIM_SPEED: '-1',
    INSTRUMENTS: 'MGC,GOLD',
    API_KEY: 'tooshort',
    PHASE_ACTIVE: '5 o’clock',
    DATABASE_URL: 'mysql://trader:verysecret@db/x',
  })
  expect(code).toBe(1)
  for (const name of ['PORT', 'ROLE', 'SIM_SPEED', 'INSTRUMENTS', 'API_KEY', 'PHASE_ACTIVE', 'DATABASE_URL'])
    expect(said).toMatch(new RegExp(`^  ${name}: .+`, 'm'))
  expect(said).not.toMatch(/tooshort|verysecret/)
})

test('settings that contradict each other end with code 1, each named', async () => {
  const { code, said } = await refused({ FEED: 'replay', ROLE: 'web', PHASE_FLAT_BY: '04:00' })
  expect(code).toBe(1)
  for (const name of ['REPLAY_FROM', 'REPLAY_TO', 'REDIS_URL', 'DATABASE_URL', 'PHASE_FLAT_BY'])
    expect(said).toMatch(new RegExp(`^  ${name}: .+`, 'm'))
})

test('an address other machines reach is refused while there is no login', async () => {
  const { code, said } = await refused({ HOST: '0.0.0.0' })
  expect(code).toBe(1)
  expect(said).toMatch(/HOST: must be 127\.0\.0\.1: there is no login yet/)
})

test('a folder belongs to one process, and its secrets to its owner', async () => {
  const terminal = await startTerminal({ env: { INSTRUMENTS: 'MGC', LOG_LEVEL: 'trace' } })
  onTestFinished(terminal.stop)
  const { apiKey, dataDir, pid, url } = terminal
  expect(apiKey).toMatch(/^[\w-]{43}$/)
  for (const name of ['api-key', 'bridge-token']) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600)

  const second = await refused({ DATA_DIR: dataDir })
  expect(second.code).toBe(1)
  expect(second.said).toContain(`The database folder is in use by process ${pid}. Stop it first`)
  expect((await askHealth(url))?.ready).toBe(true)

  const ask = async (key: string): Promise<number> =>
    (await fetch(`${url}/api/focus?key=${key}`, { headers: { 'x-api-key': key } })).status
  expect([await ask(apiKey), await ask(`${apiKey}x`)]).toEqual([200, 401])
  await expect.poll(() => terminal.output, { timeout: 20_000 }).toContain('Request refused')
  await terminal.kill9()
  await terminal.start()
  expect(terminal.apiKey).toBe(apiKey)
  expect(terminal.output).toContain('A new api-key was made; it is kept in this file')
  expect(terminal.output + second.said).not.toContain(apiKey)
}, 120_000)

const cards = async ({ url, apiKey }: Terminal): Promise<string> =>
  (await fetch(`${url}/api/focus`, { headers: { 'x-api-key': apiKey } })).text()

const alertIds = async ({ url }: Terminal): Promise<string[]> =>
  [...(await (await fetch(url)).text()).matchAll(/data-alert="(\d+)"/g)].map(([, id]) => id ?? '')

/** Alerts are shown once they are stored; with the market standing still no more follow. */
const settledAlerts = async (terminal: Terminal): Promise<string[]> => {
  await expect.poll(() => alertIds(terminal), { timeout: 30_000 }).not.toEqual([])
  await pause(1_500)
  return alertIds(terminal)
}

test('the same seed and start show the same cards to the byte, on either database and after a restart', async () => {
  const start = async (env: Record<string, string> = {}): Promise<Terminal> => {
    const terminal = await startTerminal({ env: { SIM_SPEED: '0', ...env } })
    onTestFinished(terminal.stop)
    return terminal
  }
  const first = await start()
  const embedded = await cards(first)
  await first.stop()
  const server = await start({ DATABASE_URL: await createDatabase(await backing('postgres'), 'same_cards') })
  const apart = await cards(server)
  const told = await settledAlerts(server)
  await server.kill9()
  await server.start()
  // What the first start left unsaid, the morning's old news, a second one does not bring up.
  expect(told.length).toBeGreaterThan(0)
  expect(await settledAlerts(server)).toEqual(told)
  expect(JSON.parse(embedded)).toHaveLength(6)
  for (const again of [apart, await cards(server)]) {
    expect(JSON.parse(again)).toEqual(JSON.parse(embedded))
    expect(again === embedded).toBe(true)
  }
}, 120_000)
