import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMemoryBus } from '#src/adapters/bus/memory.ts'
import { latestAudit } from '#src/adapters/db/audit.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { createLatency } from '#src/adapters/latency.ts'
import { readConfig } from '#src/config.ts'
import { dollars } from '#src/domain/money.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import type { Bus } from '#src/engine/ports.ts'
import { floorEvents, type PlatformTold } from './floor-words.ts'
import { openPlatform } from './platform.ts'
import type { RunningEngine } from './start-engine.ts'
import { databases } from './testing/database.ts'
import { createEngineRoom } from './testing/engine-room.ts'
import { account, fill, tenOClock } from './testing/fills.ts'

let database: Database
beforeAll(async () => {
  database = await databases[1].open()
})
afterAll(() => database.close())

const patience = { timeout: 20_000 }
const bridge: Speaker = { bridge: 'pc-1', boot: 'b1', book: 'real', simulator: false }

/** The platform's side of a house with an engine, on a real database; `meanwhile` the first book is being read. */
const setUp = async ({ news = '', meanwhile = (_: Bus): void => {} } = {}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-platform-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const newsFile = join(dataDir, 'news.txt')
  if (news !== '') writeFileSync(newsFile, news)
  const bus = createMemoryBus({ wall: () => Date.now() })
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) })
  let running: RunningEngine | undefined
  const platform = await openPlatform({
    config: readConfig({ DATA_DIR: dataDir, NEWS_FILE: newsFile }),
    db: database.db,
    bus,
    log,
    latency: createLatency(),
    token: 'a-bridge-token-of-some-length',
    running: () => running,
  })
  const room = createEngineRoom({ instruments: ['MNQ'], live: true, floor: platform.outboxOfFloor })
  room.setClock(tenOClock)
  running = { clock: { now: () => tenOClock, wall: () => tenOClock, speed: 1 } } as RunningEngine
  const attaching = platform.attach(room.engine)
  meanwhile(bus)
  const leave = await attaching
  onTestFinished(async () => {
    leave()
    platform.closing()
    await platform.close()
    await bus.close()
  })
  const show = (): void => room.engine.drain(bus.put)
  const hear = (...names: readonly string[]): void => {
    const events = [
      {
        ...{ kind: 'hello', id: `h-${names}`, at: tenOClock, receivedAt: tenOClock },
        versions: { bridge: '1.0.0', platform: '8.1.5.2' },
        ...{ simulator: false, allowOrders: false, maxContracts: 5, commandsAfter: 0 },
        accounts: names.map((name) => ({ name, connection: 'Rithmic' })),
      },
      ...names.flatMap((account) => [
        {
          kind: 'account',
          id: `a-${account}`,
          at: tenOClock,
          receivedAt: tenOClock,
          account,
          cash: dollars(50_000),
          basis: 'net',
        },
        {
          kind: 'positions',
          id: `p-${account}`,
          at: tenOClock,
          receivedAt: tenOClock,
          account,
          positions: [],
          orders: [],
          foreign: [],
        },
      ]),
    ] as PlatformEvent[]
    room.engine.hear(events, bridge)
  }
  const poll = () => platform.outbox.poll({ bridge: 'pc-1', after: 0, waitMs: 0, signal: new AbortController().signal })
  return { platform, room, warnings, show, hear, poll }
}

const audited = async (count: number) =>
  (await latestAudit(database.db, count)).map(({ kind, who }) => `${kind} by ${who}`).toReversed()

test('what is asked of an account nobody knows, or of a platform nobody hears, is refused and not kept', async () => {
  const { platform } = await setUp()
  const { floor } = platform
  const before = await latestAudit(database.db, 1)
  for (const act of [floor.flatten, floor.cancelAll, floor.adopt])
    expect(await act('Nobody', 'the trader')).toEqual({ ok: false, reason: 'unknown-account' })
  expect(await floor.ping('the trader')).toEqual({ ok: false, reason: 'not-reachable' })
  expect(await latestAudit(database.db, 1)).toEqual(before)
})

test('whoever flattens everything is locked as well, and the bridge is asked for both, getting flat first', async () => {
  const { platform, room, hear, show, poll } = await setUp()
  hear('Eval50')
  show()
  expect(await platform.floor.kill('the trader')).toEqual({ ok: true })
  await expect.poll(async () => (await poll()).map(({ kind }) => kind), patience).toEqual(['flattenAll', 'lockout'])
  const [, lockout] = await poll()
  // A real lock and the AddOn go by the machine's clock.
  const lock = room.engine.floor.gateInputs().lock
  expect(lock).toMatchObject({ account: '', reason: 'kill switch' })
  expect(lockout).toMatchObject({ account: 'Eval50', until: lock?.until })
  await expect
    .poll(() => audited(4), patience)
    .toEqual(expect.arrayContaining(['kill by the trader', 'lockout by the trader', 'command by the trader']))
})

test('a lock cannot be shortened by another one', async () => {
  const { platform, room, hear } = await setUp()
  hear('Eval50')
  await platform.floor.lock({ account: '', reason: 'enough', until: Date.now() + 20 * 86_400_000 }, 'the trader')
  const until = room.engine.floor.gateInputs().lock?.until
  const taken = await platform.floor.lock({ account: '', reason: 'less' }, 'the trader')
  expect(taken.ok).toBe(true)
  expect(room.engine.floor.gateInputs().lock?.until).toBe(until)
})

test('a tightened limit is the engine’s at once', async () => {
  const { platform, room, hear } = await setUp()
  hear('Eval50')
  expect(await platform.floor.saveLimits({ dailyLoss: dollars(120) }, 'the trader')).toEqual({
    ok: true,
    takesEffect: 'now',
  })
  await expect.poll(() => room.engine.floor.gateInputs().limits.dailyLoss, patience).toBe(dollars(120))
  expect(await platform.floor.saveLimits({ dailyLoss: dollars(900) }, 'the trader')).toEqual({
    ok: true,
    takesEffect: 'next-trade-date',
  })
  expect((await platform.floor.settings()).limits.dailyLoss).toBe(dollars(120))
})

test('an account is saved with its line, and the engine reckons by it', async () => {
  const { platform, room, hear, show } = await setUp()
  hear('Prop150')
  const saved = { ...account({ name: 'Prop150', alias: 'MINE' }), anchor: { balance: dollars(150_000), at: tenOClock } }
  expect(await platform.floor.saveAccount(saved, 'the trader')).toEqual({ ok: true })
  show()
  const readings = () => room.read('account').accounts.map(({ alias, standing }) => [alias, standing.balance])
  await expect.poll(readings, patience).toContainEqual(['MINE', dollars(150_000)])
  expect(await audited(1)).toEqual(['account by the trader'])
  const kept = (await platform.floor.accounts()).find(({ account: { name } }) => name === 'Prop150')
  expect(kept?.preview).toMatch(/^No day was traded/)
})

test('what another process tells while the first book is being read is heard once it is open', async () => {
  const executed = {
    kind: 'execution',
    id: 'x-1',
    at: tenOClock,
    receivedAt: tenOClock,
    fill: fill(0, 3, 20_000),
  } as const
  const told: PlatformTold = { events: [executed], speaker: bridge }
  const { room } = await setUp({ meanwhile: (bus) => void bus.append(floorEvents.told, told) })
  expect(room.read('account').positions.map(({ quantity }) => quantity)).toEqual([3])
})

test('news that cannot be read changes nothing and is told by its line', async () => {
  const { warnings } = await setUp({ news: 'not | news' })
  await expect.poll(() => warnings, patience).toContain('The news could not be read')
})
