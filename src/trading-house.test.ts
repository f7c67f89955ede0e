import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMemoryBus } from '#src/adapters/bus/memory.ts'
import { latestAudit } from '#src/adapters/db/audit.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { readConfig } from '#src/config.ts'
import { dateOfBar, nextTradeDate } from '#src/domain/instruments/calendar.ts'
import { dollars } from '#src/domain/money.ts'
import type { AccountReading } from '#src/domain/picture.ts'
import { databases } from './testing/database.ts'
import { account } from './testing/fills.ts'
import { createFragileDb } from './testing/fragile-db.ts'
import { openTradingHouse } from './trading-house.ts'

let database: Database
let dataDir: string
beforeAll(async () => {
  database = await databases[1].open()
  dataDir = mkdtempSync(join(tmpdir(), 'copilot-house-'))
})
afterAll(async () => {
  await database.close()
  rmSync(dataDir, { recursive: true })
})

const switched = expect.objectContaining({ account: '', reason: 'kill switch' })

const setUp = async () => {
  const bus = createMemoryBus({ wall: () => Date.now() })
  const asked: string[] = []
  bus.onEvent(({ kind, body }) => {
    if (kind === 'floor-ask') asked.push((body as { do: string }).do)
  })
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(JSON.parse(line).msg) })
  const { db, make } = createFragileDb(database.db)
  const clock = { now: () => Date.now(), wall: () => Date.now(), speed: 1 }
  const house = await openTradingHouse({ config: readConfig({ DATA_DIR: dataDir }), db, bus, clock, log })
  return { house, bus, make, asked, errors }
}

test('a database that is away keeps no kill from being asked, and is told of', async () => {
  const { house, make, asked, errors } = await setUp()
  make('fails')
  expect(await house.kill('the trader')).toEqual({ locked: false })
  expect(asked).toEqual(['kill'])
  expect(errors).toContain('Everything is being closed, and the lock could not be stored')
})

test('a database that was away once locks when it is back', async () => {
  const { house, make, asked } = await setUp()
  make('fails')
  await house.kill('the trader')
  make('well')
  expect(await house.kill('the trader')).toEqual({ locked: true })
  expect(asked).toEqual(['kill', 'kill', 'lock'])
  expect((await house.keeperOf('real')).locks()).toContainEqual(switched)
})

test('a kill is asked before a database that never answers has the lock', async () => {
  const { house, make, asked } = await setUp()
  await house.keeperOf('real')
  make('hangs')
  void house.kill('the trader')
  await expect.poll(() => asked).toEqual(['kill'])
})

test('a lock that could not be stored holds all the same while the process lives', async () => {
  const { house, make, asked } = await setUp()
  const keeper = await house.keeperOf('real')
  const before = keeper.locks()
  make('fails')
  expect(await house.kill('the trader')).toEqual({ locked: false })
  expect(asked).toEqual(['kill'])
  expect(keeper.locks()).toEqual([...before, switched])
})

test('a locked account is neither left unwatched nor loosened, and is still tightened', async () => {
  const { house, bus } = await setUp()
  bus.put('account', { book: 'sim:locked', accounts: [] } as unknown as AccountReading)
  const kept = account({ name: 'Locked' })
  await house.saveAccount(kept, 'the trader')
  expect(await house.saveAccount({ ...kept, alias: 'FREE', watched: false }, 'the trader')).toMatchObject({ ok: true })
  await house.saveAccount(kept, 'the trader')
  await house.lock({ account: 'Locked', reason: 'enough' }, 'the trader')
  const audited = await latestAudit(database.db, 1)
  const refused = { ok: false, field: 'watched', reason: 'locked' }
  expect(await house.saveAccount({ ...kept, watched: false }, 'the trader')).toEqual(refused)
  const deeper = { ...kept.rules, drawdown: { ...kept.rules.drawdown, amount: dollars(2_001) } }
  expect(await house.saveAccount({ ...kept, rules: deeper }, 'the trader')).toMatchObject({ field: 'drawdown.amount' })
  expect(await latestAudit(database.db, 1)).toEqual(audited)
  expect((await house.accounts()).find(({ name }) => name === 'Locked')).toEqual(kept)
  expect(await house.saveAccount({ ...kept, alias: 'MINE' }, 'the trader')).toEqual({ ok: true })
})

test.each([
  ['traded to the end of its drawdown', { trades: 1, standing: { stage: 'locked' } }, 'locked'],
  ['traded to the end of its day', { contracts: 1, standing: { stage: 'safe', daily: { stage: 'locked' } } }, 'locked'],
  ['that touched its daily limit', { trades: 2, standing: { daily: { stage: 'safe', lockedUntil: 1 } } }, 'locked'],
  // Rules that lock before anything was traded are a slip of the pen.
  ['whose rules lock it untraded', { standing: { stage: 'locked' } }, undefined],
  ['that is well', { trades: 3, standing: { stage: 'danger', daily: { stage: 'danger' } } }, undefined],
])('an account %s', async (_, shown, reason) => {
  const { house, bus } = await setUp()
  const book = `sim:${Math.random()}`
  const standing = { name: 'Sim101', trades: 0, contracts: 0, fees: 0, ...shown }
  bus.put('account', { book, accounts: [standing] } as unknown as AccountReading)
  await house.saveAccount(account(), 'the trader')
  const saved = await house.saveAccount(account({ watched: false }), 'the trader')
  if (reason !== undefined) return expect(saved).toEqual({ ok: false, field: 'watched', reason })
  expect(saved).toMatchObject({ ok: true })
})

test.each([
  ['that traded', { trades: 1 }, true],
  ['that holds', { contracts: 2 }, true],
  ['that is idle', {}, false],
])('an account %s leaves the watch with the next trade date, or at once', async (_, shown, waits) => {
  const { house, bus } = await setUp()
  const standing = { name: 'Sim101', trades: 0, contracts: 0, fees: 0, standing: { stage: 'safe' }, ...shown }
  bus.put('account', { book: `sim:${Math.random()}`, accounts: [standing] } as unknown as AccountReading)
  await house.saveAccount(account(), 'the trader')
  const following = nextTradeDate('equity', dateOfBar('equity', Date.now()))
  expect(await house.saveAccount(account({ watched: false }), 'the trader')).toEqual(
    waits ? { ok: true, from: following } : { ok: true },
  )
  expect(await house.accounts()).toEqual([waits ? account({ unwatchedFrom: following }) : account({ watched: false })])
  expect(await house.saveAccount(account(), 'the trader')).toEqual({ ok: true })
  expect(await house.accounts()).toEqual([account()])
})
