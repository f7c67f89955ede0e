import { randomUUID } from 'node:crypto'
import type { Worker } from 'node:worker_threads'
import { sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { schedule } from '#src/adapters/clock.ts'
import { connectDatabase, type Database } from '#src/adapters/db/connect.ts'
import { studyOf } from '#src/adapters/db/studies.ts'
import { blocksOf, HopelessBlock } from '#src/adapters/queue/trial-block.ts'
import { createTrialQueue, createTrialWorker } from '#src/adapters/queue/trial-queue.ts'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { backing } from '#src/testing/database.ts'
import { migrationsFolder } from '#src/testing/folders.ts'
import { eventually, pause } from '#src/testing/processes/eventually.ts'
import { recordedMornings, traceOf } from '#src/testing/study-database.ts'
import { createPool } from '../threads/pool.ts'
import { startThread } from '../threads/start-thread.ts'
import { createBlockWork } from './block-work.ts'
import { type Hands, localHands, queueHands } from './hands.ts'
import { createStudyRoom } from './study-room.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const wanted = { instrument: 'MGC', strategy: 'opening-range', method: 'random', budget: 120 } as const
/** More than anybody waits for. */
const endless = { ...wanted, method: 'grid', budget: 5_000 } as const
/** A stop must be heard so soon, ms. */
const soon = 5_000
const fronts = createFronts([])

const threads: Worker[] = []
const pool = createPool({
  threads: 2,
  start: () => {
    const thread = startThread('shares')
    threads.push(thread)
    return thread
  },
})
afterAll(() => pool.close())

let freshDatabase: () => Promise<string>
let database: Database
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  freshDatabase = await recordedMornings(60)
}, 60_000)
beforeEach(async () => {
  database = await connectDatabase({ databaseUrl: await freshDatabase(), dataDir: '', migrationsFolder })
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await database.close()
})

const openRoom = (hands: Hands = localHands(database.db, pool)) =>
  createStudyRoom({
    ...{ db: database.db, market: 'real', pool, hands, codeVersion: 'test', fronts: () => fronts, schedule },
    ...{ now: Date.now, wall: Date.now, onChange: () => {}, log: silent },
    settings: async () => ({ boundaries: defaultBoundaries, limits: defaultLimits, accountSize: dollars(50_000) }),
  })

/** Hands over a queue of their own, and a worker beside them. */
const overQueue = async () => {
  const url = await backing('redis')
  const on = { url, prefix: `t-${randomUUID()}`, codeVersion: 'test', log: silent }
  const queue = createTrialQueue(on)
  const work = createBlockWork({ db: database.db, pool, frontsOf: async () => fronts })
  const worker = createTrialWorker({ ...on, name: 'beside' }, work, 2)
  closing.push(worker.close, queue.close)
  return { ...on, hands: queueHands(database.db, queue, schedule, silent) }
}

const untouched = new AbortController().signal
const somethingTried = (room: ReturnType<typeof openRoom>, id: string) =>
  eventually('something tried', () => (room.triedOf(id) ?? 0) > 0 || undefined)

/** What a study leaves that nothing happened to. */
let undisturbed: Awaited<ReturnType<typeof traceOf>>

test('a study is carried out once: done, and every number kept once', async () => {
  const room = openRoom()
  const id = await room.ask(wanted)
  const result = await room.run(id, untouched)
  undisturbed = await traceOf(database.db, id)
  expect(undisturbed).toMatchObject({ state: 'done', trials: 120, numbers: 120 })
  expect(await room.ask(wanted)).toBe(id)
  expect(await room.run(id, untouched)).toEqual(result)
})

test('a thread that is killed in the middle of a study costs nothing but time', async () => {
  const room = openRoom()
  const id = await room.ask(wanted)
  const running = room.run(id, untouched)
  await somethingTried(room, id)
  await threads.shift()?.terminate()
  expect((await running)?.tried).toBe(120)
  expect(await traceOf(database.db, id)).toEqual(undisturbed)
})

test('a Redis that forgets everything in the middle of a study costs nothing but time', async () => {
  const { hands, url, prefix } = await overQueue()
  const room = openRoom(hands)
  const id = await room.ask(wanted)
  const running = room.run(id, untouched)
  await somethingTried(room, id)
  const redis = new Redis(url)
  const keys = await redis.keys(`${prefix}:*`)
  await redis.del(...keys)
  await redis.quit()
  expect((await running)?.tried).toBe(120)
  expect(await traceOf(database.db, id)).toEqual(undisturbed)
})

test.each(['threads', 'queue'] as const)('a study that is cancelled ends soon and is not concluded: %s', async (by) => {
  const room = openRoom(by === 'queue' ? (await overQueue()).hands : undefined)
  const id = await room.ask(endless)
  let ended: unknown = 'not yet'
  const running = room.run(id, untouched).then((result) => {
    ended = result
  })
  await somethingTried(room, id)
  expect(await room.cancel(id)).toBe(true)
  await eventually('the end', () => ended !== 'not yet' || undefined, soon)
  await running
  expect(ended).toBeUndefined()
  expect(await studyOf(database.db, id)).toMatchObject({ state: 'cancelled' })
  // What was in somebody's hands is kept yet; then nothing more comes.
  await pause(500)
  const { trials, resultBytes } = await traceOf(database.db, id)
  await pause(500)
  expect(await traceOf(database.db, id)).toMatchObject({ trials, resultBytes, numbers: trials })
})

test('a study that was stopped goes on where it was, and comes to the same', async () => {
  const room = openRoom()
  const id = await room.ask(wanted)
  const stop = new AbortController()
  const running = room.run(id, stop.signal)
  await somethingTried(room, id)
  stop.abort()
  expect(await running).toBeUndefined()
  const left = await traceOf(database.db, id)
  expect(left.state).toBe('running')
  expect(left.trials).toBeLessThan(120)
  expect(await room.next()).toMatchObject({ id })
  await room.run(id, untouched)
  expect(await traceOf(database.db, id)).toEqual(undisturbed)
})

test('a study whose bars have changed since it was asked fails and says why; asked again it goes by what is there', async () => {
  const asked = openRoom()
  const id = await asked.ask(wanted)
  await database.db.execute(sql`update bars set volume = volume + 1 where time = (select max(time) from bars)`)
  const room = openRoom()
  await expect(room.run(id, untouched)).rejects.toThrow('the bars have changed since it was asked')
  expect(await studyOf(database.db, id)).toMatchObject({
    state: 'failed',
    reason: 'the bars have changed since it was asked',
  })
  const again = await room.ask(wanted)
  expect(again).not.toBe(id)
  expect((await room.run(again, untouched))?.tried).toBe(120)
})

test('a worker whose bars are others refuses the block by name, and the study fails with its words', async () => {
  const { hands } = await overQueue()
  const room = openRoom(hands)
  const id = await room.ask(endless)
  const running = room.run(id, untouched)
  await somethingTried(room, id)
  await database.db.execute(sql`update bars set volume = volume + 1 where time = (select max(time) from bars)`)
  // A worker that has just come opens the bars anew.
  const block = blocksOf(id, [
    { number: 4_999, parameters: { window: 5, beyond: 0, volume: 0.8, stop: 1, target: 1 } },
  ])[0]
  const work = createBlockWork({ db: database.db, pool, frontsOf: async () => fronts })
  await expect(block && work(block)).rejects.toThrow(
    new HopelessBlock('the bars have changed since the study was asked'),
  )
  await room.cancel(id)
  await running
  expect(await (block && work(block))).toBe(0)
  await expect(work({ study: '0'.repeat(64), proposals: block?.proposals ?? [] })).rejects.toThrow(
    new HopelessBlock('the study is not in the database'),
  )
})

test('a study whose block is given up fails with the block’s reason', async () => {
  const url = await backing('redis')
  const on = { url, prefix: `t-${randomUUID()}`, codeVersion: 'test', log: silent }
  const queue = createTrialQueue(on)
  const worker = createTrialWorker({ ...on, name: 'sick' }, async () => {
    throw new HopelessBlock('no memory left on this machine')
  })
  closing.push(worker.close, queue.close)
  const room = openRoom(queueHands(database.db, queue, schedule, silent))
  const id = await room.ask(wanted)
  await expect(room.run(id, untouched)).rejects.toThrow('no memory left on this machine')
  expect(await studyOf(database.db, id)).toMatchObject({ state: 'failed', reason: 'no memory left on this machine' })
})

test('a backtest is made once, and again byte for byte where it was not kept', async () => {
  const room = openRoom()
  const order = { instrument: 'MGC', strategy: 'opening-range', parameters: { stop: 2 } } as const
  const first = await room.backtest(order)
  expect(first.made).toBe(true)
  expect(await room.backtest(order)).toEqual({ id: first.id, made: false })
  const kept = async () => JSON.stringify((await database.db.execute(sql`select report::text from reports`)) as unknown)
  const before = await kept()
  await database.db.execute(sql`delete from reports`)
  expect(await openRoom().backtest(order)).toEqual({ id: first.id, made: true })
  expect(await kept()).toBe(before)
  expect((await room.backtest({ ...order, costsDoubled: true })).id).not.toBe(first.id)
})
