import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signCommand } from '#src/adapters/ninjatrader/signature.ts'
import { nextWord } from '#src/adapters/watchdog/journal.ts'
import { projectFolder } from './testing/folders.ts'
import { createSender } from './testing/ninjatrader/sender.ts'
import { eventually, pause } from './testing/processes/eventually.ts'
import { readWatchdogConfig } from './watchdog-config.ts'

const token = 'watchdog-token-0001'
/** A terminal whose engine runs until it is killed, and that says where it is. */
const terminalProgram = `
  const server = require('node:http').createServer((_, answer) => answer.end('{"dependencies":[{"name":"engine","state":"ok"}]}'))
  server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log(server.address().port))`

const children: ChildProcess[] = []
let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'copilot-watchdog-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true })
})

const startTerminal = async (port = 0) => {
  const child = spawn(process.execPath, ['-e', terminalProgram, `${port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [text] = await once(child.stdout, 'data')
  return { child, port: Number(text) }
}

const startWatchdog = async (port: number, armed: 'yes' | 'no') => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/watchdog.ts'], {
    cwd: projectFolder,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      WATCHDOG_URL: `http://127.0.0.1:${port}`,
      WATCHDOG_PORT: '0',
      WATCHDOG_TOKEN: token,
      WATCHDOG_ARMED: armed,
      WATCHDOG_INTERVAL: '0.1',
      WATCHDOG_MISSES: '4',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const says = (what: string | RegExp) => eventually(`${what}`, () => said.match(what) ?? undefined)
  const [url = ''] = await says(/http:\/\/127\.0\.0\.1:\d+$/m)
  const sender = createSender({ ask: (path, init) => fetch(`${url}${path}`, init), token, wall: Date.now })
  const poll = async (after: number, wait = 0): Promise<{ id: string; number: number; signature: string }[]> => {
    const answer = await sender.get(`?after=${after}&wait=${wait}`)
    expect(answer.headers.get('x-copilot-time')).toMatch(/^\d+$/)
    return ((await answer.json()) as { commands: { id: string; number: number; signature: string }[] }).commands
  }
  return { child, url, sender, poll, says, said: () => said }
}

test('a terminal that is killed is noticed, and everything is flattened once', async () => {
  const terminal = await startTerminal()
  const watchdog = await startWatchdog(terminal.port, 'yes')
  await watchdog.says('is alive')
  expect(await watchdog.poll(0)).toEqual([])
  const waiting = watchdog.poll(0, 30)
  terminal.child.kill('SIGKILL')
  const [command] = await waiting
  expect(command).toMatchObject({ id: `w-${command?.number}`, kind: 'flattenAll', account: '' })
  expect(command?.signature).toBe(signCommand(token, command as never))
  expect(watchdog.said()).toContain('IS DEAD: 4 looks in a row were in vain.')
  expect(nextWord(dataDir, 0)?.word?.text).toBe(`w-${command?.number}: pc-1 is asked to flatten every account`)
  const { sender } = watchdog
  const result = { id: 'r-1', at: Date.now(), kind: 'commandResult', command: command?.id, state: 'done' }
  expect(await (await sender.post(sender.body(1, [result]))).json()).toMatchObject({ accepted: 1, rejected: [] })
  expect(watchdog.said()).toContain('says done')
  expect(await watchdog.poll(command?.number ?? 0, 1)).toEqual([])
  expect(watchdog.said().match(/is asked to flatten/g)).toHaveLength(1)

  await startTerminal(terminal.port)
  await eventually('alive again', () => (watchdog.said().match(/is alive/g)?.length === 2 ? true : undefined))
  watchdog.child.kill('SIGTERM')
  await eventually('the end', () => watchdog.child.exitCode ?? undefined)
  expect(watchdog.child.exitCode).toBe(0)
}, 60_000)

test('not armed it tells of the death and asks for nothing', async () => {
  const terminal = await startTerminal()
  const watchdog = await startWatchdog(terminal.port, 'no')
  await watchdog.says('is alive')
  terminal.child.kill('SIGKILL')
  await watchdog.says('NOTHING IS CLOSED')
  expect(await watchdog.poll(0, 1)).toEqual([])
}, 60_000)

test('a terminal that answers and whose engine does not run is dead; one never seen alive is not', async () => {
  let engine = 'starting'
  const stub = createServer((_, answer) =>
    answer.end(JSON.stringify({ dependencies: [{ name: 'engine', state: engine }] })),
  )
  await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve))
  const watchdog = await startWatchdog((stub.address() as AddressInfo).port, 'yes')
  await pause(1_000)
  expect(await watchdog.poll(0)).toEqual([])
  engine = 'ok'
  await watchdog.says('is alive')
  engine = 'down'
  await watchdog.says('IS DEAD')
  expect(await watchdog.poll(0)).toHaveLength(1)
  stub.close()
  stub.closeAllConnections()
}, 60_000)

test('a stranger, a wrong signature and a wrong path are refused', async () => {
  const { url, sender } = await startWatchdog(9, 'yes')
  expect((await fetch(`${url}/api/bridge/v1/commands?after=0&wait=0`)).status).toBe(401)
  const wrong = await sender.get('?after=0&wait=0', { 'x-copilot-signature': 'x' })
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { error: { field: 'X-CoPilot-Signature', reason: 'signature-wrong' } },
  ])
  expect((await sender.get('?after=x&wait=0')).status).toBe(400)
}, 60_000)

test('its configuration notices a death within a minute, or names what is wrong', () => {
  const defaults = readWatchdogConfig({})
  expect(defaults).toMatchObject({
    url: 'http://127.0.0.1:3000',
    port: 3001,
    armed: false,
    intervalMs: 5_000,
    misses: 8,
  })
  expect((defaults.misses + 1) * defaults.intervalMs).toBeLessThanOrEqual(60_000)
  expect(() => readWatchdogConfig({ WATCHDOG_INTERVAL: '10', WATCHDOG_MISSES: '6' })).toThrow(
    /WATCHDOG_MISSES: .* within 60 s/,
  )
  expect(() => readWatchdogConfig({ WATCHDOG_TOKEN: 'short', WATCHDOG_ARMED: 'maybe' })).toThrow(
    'WATCHDOG_TOKEN: must have at least 16 characters and no space\n  WATCHDOG_ARMED: must be yes or no',
  )
})
