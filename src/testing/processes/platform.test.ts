import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { backing, createDatabase } from '../database.ts'
import { projectFolder } from '../folders.ts'
import { createHandBridge } from '../ninjatrader/hand-bridge.ts'
import { createSender } from '../ninjatrader/sender.ts'
import { emptyFolder, startTerminal, type Terminal } from '../terminal.ts'
import { eventually } from './eventually.ts'

// Whoever asks first waits until it is made; no test's time is for that.
beforeAll(() => backing('past'), 120_000)

const token = 'a-token-for-the-hand-bridge'
const patience = { timeout: 20_000 }

/** The words of a page, without its tags. */
const read = async ({ url }: Pick<Terminal, 'url'>, path = '/'): Promise<string> => {
  const page = await (await fetch(`${url}${path}`)).text()
  return page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

let words = 0
const word = (kind: string, about: object): object => ({ id: `w-${++words}`, at: Date.now(), kind, ...about })
const account = 'Eval50'
const hello = (): readonly object[] => [
  word('hello', {
    versions: { bridge: '1.0.0', platform: '8.1.4.2' },
    ...{ simulator: false, allowOrders: false, maxContracts: 5, instruments: [], commandsAfter: 0 },
    accounts: [{ name: account, connection: 'Rithmic' }],
  }),
  word('account', { account, cash: 50_000, basis: 'net' }),
]
const fill = (instrument: string, side: 'buy' | 'sell', quantity: number, price: number): object => {
  const executionId = `x-${++words}`
  return word('execution', {
    account,
    executionId,
    orderId: executionId,
    orderName: '',
    instrument,
    side,
    quantity,
    price,
  })
}
const stop = word('order', {
  account,
  order: {
    ...{
      orderId: 's-1',
      name: 'Stop',
      instrument: 'MES 12-26',
      side: 'sell',
      type: 'stop-market',
      quantity: 2,
      filled: 0,
    },
    ...{ stopPrice: 6600, state: 'working', where: 'broker' },
  },
})
const holds = (quantity: number): object =>
  word('positions', {
    account,
    positions: [{ instrument: 'MES 12-26', quantity, averagePrice: 6650.25 }],
    orders: [(stop as { order: object }).order],
  })

test('killed between two batches, the terminal has everything it answered for, and what is sent again is not doubled', async () => {
  const terminal = await startTerminal({ env: { BRIDGE_TOKEN: token, INSTRUMENTS: 'MES,MNQ' } })
  onTestFinished(terminal.stop)
  const sender = createSender({
    ask: (path, init) => fetch(`${terminal.url}${path}`, init),
    token,
    boot: new Date().toISOString(),
    wall: () => Date.now(),
  })
  let batch = 0
  const bodyOf = (...events: readonly object[]): string => sender.body(++batch, events)
  const send = async (body: string): Promise<{ accepted: number; alreadyKnown: number; resend: string | null }> => {
    const answer = await sender.post(body)
    expect(answer.status).toBe(200)
    const { accepted, alreadyKnown } = (await answer.json()) as { accepted: number; alreadyKnown: number }
    return { accepted, alreadyKnown, resend: answer.headers.get('x-copilot-resend') }
  }
  await send(bodyOf(...hello()))
  await send(bodyOf(fill('MNQ 12-26', 'buy', 1, 24_500), fill('MNQ 12-26', 'sell', 1, 24_450)))
  const last = bodyOf(fill('MES 12-26', 'buy', 2, 6650.25), stop)
  expect(await send(last)).toEqual({ accepted: 2, alreadyKnown: 0, resend: null })

  await terminal.kill9()
  await terminal.start()
  expect(await read(terminal)).toMatch(/LONG 2 MES Z6 Eval50 EVAL/)
  // Nobody says hello to the new process: it asks for that, and knows every word that is said again.
  expect(await send(last)).toEqual({ accepted: 0, alreadyKnown: 2, resend: 'hello' })
  const asked = bodyOf(fill('MES 12-26', 'sell', 1, 6650.25))
  expect(await send(asked)).toEqual({ accepted: 1, alreadyKnown: 0, resend: null })
  expect(await send(asked)).toEqual({ accepted: 0, alreadyKnown: 1, resend: null })
  await send(bodyOf(...hello(), holds(1)))
  await expect.poll(() => read(terminal), patience).toMatch(/LONG 1 MES Z6 Eval50 EVAL/)
  const page = await read(terminal)
  expect(page).toMatch(/NinjaTrader in sync/i)
  // 50 points of MNQ are $100, one contract there and back; of MES one of two is closed, at its price.
  expect(page).toMatch(/closed −\$10\d\.\d\d · 1 trade /)
  expect(page).toMatch(/stop 6,600\.00/)
}, 60_000)

test('a real NinjaTrader sends the simulated one away, and by a simulated market nobody may trade on it', async () => {
  const terminal = await startTerminal({
    isSecond: true,
    env: { BRIDGE_TOKEN: token, SIM_NINJATRADER: 'yes', SIM_SPEED: '5' },
  })
  onTestFinished(terminal.stop)
  await expect.poll(() => read(terminal), patience).toMatch(/(LONG|SHORT) \d+ \w+ Z6 Sim101 SIM/)
  const bridge = createHandBridge({ url: terminal.url, token, account })
  const life = bridge.live()
  onTestFinished(async () => {
    bridge.stop()
    await life
  })
  await expect.poll(() => terminal.output, patience).toContain('A real NinjaTrader is heard: the simulated one leaves')
  await bridge.trade('MES 12-26', 2, 6650.25)
  await expect.poll(() => read(terminal), patience).toMatch(/LONG 2 MES Z6 Eval50 EVAL/)
  const page = await read(terminal)
  expect(page).not.toMatch(/(LONG|SHORT) \d+ \w+ Z6 Sim101/)
  expect(page).toMatch(/May I trade\? NO/)
  expect(page).toMatch(/bridge blocks a real NinjaTrader beside a market that is not live/)
  expect(page).toMatch(/SIM MARKET/)
  // Its day is the machine's day, whatever day the simulated market has.
  await bridge.trade('MES 12-26', -2, 6640.25)
  await expect.poll(() => read(terminal), patience).toMatch(/closed −\$10\d\.\d\d · 1 trade /)
}, 60_000)

test('every decision is in the log, which is unbroken until somebody edits it', async () => {
  const dataDir = emptyFolder()
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const url = await createDatabase(await backing('postgres'), `audit_${randomUUID().replaceAll('-', '')}`)
  const terminal = await startTerminal({ env: { DATABASE_URL: url, BRIDGE_TOKEN: token, INSTRUMENTS: 'MES' }, dataDir })
  const verify = () => {
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, DATABASE_URL: url }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectFolder, 'dist/audit-verify.js')], {
      env,
      encoding: 'utf8',
    })
    return [status, stdout, stderr]
  }
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'x-api-key': terminal.apiKey, 'content-type': 'application/json' }
    const answer = await fetch(`${terminal.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return answer.status
  }
  expect(await post('/settings/limits', { dailyLoss: 300 })).toBe(200)
  expect(await post('/lockout', { confirmed: 'yes', reason: 'enough' })).toBe(200)
  expect(await post('/kill', { confirmed: 'yes' })).toBe(200)
  const page = await eventually('the lines', async () => {
    const text = await read(terminal, '/settings')
    return text.includes('kill switch') ? text : undefined
  })
  expect(page).toMatch(/a program settings .*dailyLoss \$500 → \$300/)
  expect(page).toMatch(/a program lockout .*reason enough/)
  expect(page).toMatch(/a program kill /)
  await terminal.stop()
  const [status, said] = verify()
  expect([status, said]).toEqual([0, expect.stringMatching(/^\d+ lines checked: unbroken\.\n$/)])

  const client = postgres(url, { max: 1 })
  onTestFinished(() => client.end())
  await expect(client`update audit_log set who = 'nobody' where number = 2`).rejects.toThrow()
  await client`alter table audit_log disable trigger user`
  await client`update audit_log set who = 'nobody' where number = 2`
  expect(verify()).toEqual([
    1,
    '',
    expect.stringMatching(/^\d+ lines checked: line 2 was changed after it was written\.\n$/),
  ])
}, 60_000)
