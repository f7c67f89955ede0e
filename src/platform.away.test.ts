import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMemoryBus } from '#src/adapters/bus/memory.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { createLatency } from '#src/adapters/latency.ts'
import { readConfig } from '#src/config.ts'
import type { AccountReading } from '#src/domain/picture.ts'
import { readClosing } from './closing.ts'
import { openPlatform } from './platform.ts'
import { databases } from './testing/database.ts'
import { createEngineRoom } from './testing/engine-room.ts'
import { tenOClock } from './testing/fills.ts'
import { createFragileDb } from './testing/fragile-db.ts'

let database: Database
beforeAll(async () => {
  database = await databases[1].open()
})
afterAll(() => database.close())

const patience = { timeout: 15_000 }

/** The platform's side of a process; `seenMs` ago the engine of another one has beaten last. */
const setUp = async (
  role: 'web' | 'all',
  { seenMs, db = database.db }: { seenMs?: number; db?: Database['db'] } = {},
) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'copilot-away-'))
  const bus = createMemoryBus({ wall: () => Date.now() - (seenMs ?? 0) })
  if (seenMs !== undefined) bus.beat()
  const platform = await openPlatform({
    config: { ...readConfig({ DATA_DIR: dataDir }), role },
    ...{ db, bus, latency: createLatency(), token: 'a-bridge-token-of-some-length' },
    log: pino({ level: 'silent' }),
    running: () => undefined,
  })
  onTestFinished(async () => {
    platform.closing()
    await platform.close()
    rmSync(dataDir, { recursive: true })
  })
  return { platform, bus }
}

const account = (book: string, kill: AccountReading['kill']): AccountReading =>
  ({ book, kill, accounts: [{ name: 'Sim101' }], bridge: { state: 'in-sync' } }) as unknown as AccountReading
const off = { state: 'off', since: 0, detail: '' } as const

test('what gets out is kept for the next engine while none is here; what else is asked is refused', async () => {
  const { platform, bus } = await setUp('web', { seenMs: 5_000 })
  bus.put('account', account('real', off))
  const refused = { ok: false, reason: 'engine-not-ready' }
  for (const act of [platform.floor.cancelAll, platform.floor.adopt])
    expect(await act('Sim101', 'the trader')).toEqual(refused)
  expect(await platform.floor.ping('the trader')).toEqual(refused)
  expect(await platform.floor.flatten('Sim101', 'the trader')).toEqual({ ok: true })
  expect(await readClosing(database.db, 'real')).toEqual(['Sim101'])
  expect(await platform.floor.kill('the trader')).toEqual({ ok: true })
  expect(await readClosing(database.db, 'real')).toEqual(['Sim101', ''])

  const next = await setUp('all')
  const room = createEngineRoom({ instruments: ['MNQ'], live: true, floor: next.platform.outboxOfFloor })
  room.setClock(tenOClock)
  onTestFinished(await next.platform.attach(room.engine))
  expect(room.read('account').kill.state).not.toBe('off')
})

test('a kill before the engine of this very process is here is kept for it', async () => {
  const { platform, bus } = await setUp('all')
  bus.put('account', account('sim:young', off))
  expect(await platform.floor.kill('the trader')).toEqual({ ok: true })
  expect(await readClosing(database.db, 'sim:young')).toEqual([''])
})

test('a kill that can neither be heard nor kept is refused', async () => {
  const { db, make } = createFragileDb(database.db)
  const { platform } = await setUp('web', { db })
  make('fails')
  expect(await platform.floor.kill('the trader')).toEqual({ ok: false, reason: 'engine-not-ready' })
})

test('a kill whose lock could not be stored says so', async () => {
  const { db, make } = createFragileDb(database.db)
  const { platform } = await setUp('web', { db, seenMs: 0 })
  make('fails')
  expect(await platform.floor.kill('the trader')).toEqual({ ok: false, reason: 'not-locked' })
})

test('what an engine that died a moment ago was asked is kept, and what one shows to be doing is not', async () => {
  const alive = await setUp('web', { seenMs: 0 })
  alive.bus.put('account', account('sim:alive', off))
  expect(await alive.platform.floor.kill('the trader')).toEqual({ ok: true })
  alive.bus.put('account', account('sim:alive', { state: 'flattening', since: Date.now(), detail: 'every account' }))
  const dead = await setUp('web', { seenMs: 0 })
  dead.bus.put('account', account('sim:dead', off))
  expect(await dead.platform.floor.kill('the trader')).toEqual({ ok: true })
  expect(await readClosing(database.db, 'sim:dead')).toEqual([])
  alive.bus.beat()
  await expect.poll(() => readClosing(database.db, 'sim:dead'), patience).toEqual([''])
  expect(await readClosing(database.db, 'sim:alive')).toEqual([])
})

test('an engine elsewhere is lost when it has not beaten for fifteen seconds', async () => {
  expect((await setUp('web', { seenMs: 10_000 })).platform.isEngineLost()).toBe(false)
  expect((await setUp('web', { seenMs: 16_000 })).platform.isEngineLost()).toBe(true)
  expect((await setUp('web')).platform.isEngineLost()).toBe(false)
  expect((await setUp('all', { seenMs: 16_000 })).platform.isEngineLost()).toBe(false)
})
