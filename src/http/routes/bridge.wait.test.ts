import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineTime } from '#src/adapters/clock.ts'
import { latestCommands } from '#src/adapters/db/commands.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { databases } from '#src/testing/database.ts'
import { createBridgeApp, token } from '#src/testing/ninjatrader/bridge-app.ts'
import { createSender } from '#src/testing/ninjatrader/sender.ts'
import type { Hub } from '../live.ts'
import { type Listening, serve } from '../serve.ts'

const ping = { kind: 'ping', account: '' } as const
const to = { bridge: 'pc-1', book: 'real', by: 'the trader' }

describe('a bridge that waits on a real line', () => {
  let database: Database
  let web: ReturnType<typeof createBridgeApp>
  let listening: Listening
  beforeAll(async () => {
    database = await databases[1].open()
    web = createBridgeApp({ db: database.db, wall: machineTime })
    listening = await serve({ app: web.app, hub: { close: () => {} } as Hub }, { host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    web.outbox.close()
    await listening.close()
    await database.close()
  })

  const senderOn = (signal?: AbortSignal) =>
    createSender({
      ask: (path, init) => fetch(`http://127.0.0.1:${listening.port}${path}`, { ...init, signal: signal ?? null }),
      token,
      wall: machineTime,
    })
  const numbersIn = async (response: Response) =>
    ((await response.json()) as { commands: { number: number }[] }).commands.map(({ number }) => number)

  test('is given a command the moment it is there, with the time it was', async () => {
    const waiting = senderOn().get('?after=0&wait=30')
    const { number } = await web.outbox.issue(ping, to)
    const response = await waiting
    expect(Number(response.headers.get('x-copilot-time'))).toBeGreaterThan(0)
    expect(await numbersIn(response)).toEqual([number])
  })

  test('and hangs up takes nothing with it', async () => {
    const [{ command: last } = { command: { number: 0 } }] = await latestCommands(database.db, 'real', 1)
    const line = new AbortController()
    const waiting = senderOn(line.signal).get(`?after=${last.number}&wait=30`)
    // Asked and answered after the first call, so that one is waiting by now.
    expect(
      await numbersIn(
        await createSender({ ask: web.app.request, token, bridge: 'pc-2', wall: machineTime }).get('?after=0&wait=0'),
      ),
    ).toEqual([])
    line.abort()
    await expect(waiting).rejects.toThrow()
    const { number } = await web.outbox.issue(ping, to)
    expect(await numbersIn(await senderOn().get(`?after=${last.number}&wait=30`))).toEqual([number])
  })

  test('is sent away empty when its time is over', async () => {
    const [{ command: last } = { command: { number: 0 } }] = await latestCommands(database.db, 'real', 1)
    expect(await numbersIn(await senderOn().get(`?after=${last.number}&wait=1`))).toEqual([])
  })
})
