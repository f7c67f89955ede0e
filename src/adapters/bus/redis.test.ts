import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AccountReading } from '#src/domain/picture.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { unheardAccount } from '#src/domain/trading/unheard.ts'
import type { Bus, BusEvent } from '#src/engine/ports.ts'
import { freePort } from '#src/testing/postgres.ts'
import { type RedisServer, startRedis } from '#src/testing/redis.ts'
import { createRedisBus } from './redis.ts'

const wall = () => Date.now()
const log = pino({ level: 'silent' })
const account = (accountSize: number): AccountReading => unheardAccount(accountSize, defaultLimits, 0)
const patiently = { timeout: 15_000, interval: 20 }

describe.each([
  ['that keeps nothing on disk', false],
  ['with an append-only file', true],
])('a Redis %s', (_, appendOnly) => {
  let server: RedisServer
  let prefix: string
  let open: Bus[]
  beforeEach(async () => {
    server = await startRedis({ appendOnly })
    prefix = randomUUID()
    open = []
  })
  afterEach(async () => {
    await Promise.all(open.map((bus) => bus.close()))
    await server.stop()
  })

  const join = async (role: 'engine' | 'web' | 'all'): Promise<Bus> => {
    const bus = await createRedisBus({ url: server.url, prefix, wall, log, role })
    open.push(bus)
    return bus
  }
  const listen = (bus: Bus): unknown[] => {
    const bodies: unknown[] = []
    bus.onEvent(({ body }: BusEvent) => bodies.push(body))
    return bodies
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)
  const command = async (run: (redis: Redis) => Promise<unknown>): Promise<void> => {
    const redis = new Redis(server.url)
    await run(redis)
    redis.disconnect()
  }

  test('may be killed and started again: picture and stream recover, nothing is lost or doubled', async () => {
    const [engine, ...readers] = [await join('engine'), await join('web'), await join('web')]
    const heard = [engine, ...readers].map(listen)
    engine.put('account', account(1))
    for (const n of upTo(10)) await engine.append('n', n)
    await server.kill()
    await vi.waitFor(() => expect(engine.state().state).toBe('down'), patiently)
    engine.put('account', account(2))
    const waiting = [10, 11, 12].map((n) => engine.append('n', n))
    await server.start()
    await Promise.all(waiting)
    await vi.waitFor(() => {
      for (const reader of readers) expect(reader.picture()).toEqual({ account: account(2) })
      for (const bodies of heard) expect(bodies).toEqual(upTo(13))
      for (const bus of [engine, ...readers]) expect(bus.state()).toMatchObject({ state: 'ok', detail: 'connected' })
    }, patiently)
    expect((await engine.eventsAfter('0-0')).map(({ body }) => body)).toEqual(upTo(13))
  })

  test('may be flushed: the next beat writes the picture and the stream again', async () => {
    const engine = await join('all')
    const reader = await join('web')
    const heard = listen(reader)
    engine.put('account', account(1))
    for (const n of upTo(5)) await engine.append('n', n)
    await vi.waitFor(() => expect(heard).toEqual(upTo(5)))
    await vi.waitFor(() => expect(reader.picture()).toEqual({ account: account(1) }))
    await command((redis) => redis.flushall())
    engine.beat()
    await vi.waitFor(async () => {
      const late = await join('web')
      expect(late.picture()).toEqual({ account: account(1) })
      expect((await late.eventsAfter('0-0')).map(({ body }) => body)).toEqual(upTo(5))
    }, patiently)
    await engine.append('n', 5)
    await vi.waitFor(() => expect(heard).toEqual(upTo(6)), patiently)
  })

  test('flushed between two events loses neither, even when the first was before its time', async () => {
    await (await join('web')).append('n', 0)
    const engine = await join('engine')
    const heard = listen(engine)
    await Promise.all(open.splice(0, 1).map((bus) => bus.close()))
    await command((redis) => redis.flushall())
    await engine.append('n', 1)
    expect((await engine.eventsAfter('0-0')).map(({ body }) => body)).toEqual([0, 1])
    await vi.waitFor(() => expect(heard).toEqual([1]))
  })

  test('may cut every connection at any moment: each event arrives once, in order', async () => {
    const engine = await join('engine')
    const heard = [listen(engine), listen(await join('web'))]
    const appended: Promise<string>[] = []
    for (const n of upTo(600)) {
      appended.push(engine.append('n', n))
      if (n % 100 === 50)
        await command(async (redis) => {
          await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
          await redis.call('CLIENT', 'KILL', 'TYPE', 'normal')
        })
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const ids = await Promise.all(appended)
    expect(new Set(ids).size).toBe(600)
    await vi.waitFor(() => {
      for (const bodies of heard) expect(bodies).toEqual(upTo(600))
    }, patiently)
  })

  test('shows a process that comes later the whole picture and the last heartbeat', async () => {
    const engine = await join('engine')
    engine.put('account', account(7))
    engine.beat()
    await vi.waitFor(async () => {
      const late = await join('web')
      expect(late.picture()).toEqual({ account: account(7) })
      expect(late.engineSeenAt()).toBe(engine.engineSeenAt())
    }, patiently)
  })

  test('forgets the picture of an engine that is gone when the next one starts', async () => {
    const engine = await join('engine')
    const reader = await join('web')
    engine.put('account', account(7))
    await vi.waitFor(() => expect(reader.picture()).toEqual({ account: account(7) }))
    await engine.close()
    await join('engine')
    await vi.waitFor(() => expect(reader.picture()).toEqual({}))
  })
})

/** A Redis for one test, ended however the test ends. */
const startOwn = async (): Promise<RedisServer> => {
  const server = await startRedis()
  onTestFinished(server.stop)
  return server
}

test('a web process may not put', async () => {
  const server = await startOwn()
  const reader = await createRedisBus({ url: server.url, prefix: 'p', wall, log, role: 'web' })
  expect(() => reader.put('account', account(1))).toThrow('only the engine puts the picture')
  await reader.close()
})

test('what is still waiting when the bus closes is refused, not forgotten', async () => {
  const server = await startOwn()
  const engine = await createRedisBus({ url: server.url, prefix: 'p', wall, log, role: 'engine' })
  await server.kill()
  const waiting = engine.append('n', 1)
  const refused = expect(waiting).rejects.toThrow('the bus is closed')
  await engine.close()
  await refused
})

test('a Redis that hangs is noticed, and what was under way arrives once', async () => {
  const server = await startOwn()
  const engine = await createRedisBus({ url: server.url, prefix: 'p', wall, log, role: 'engine' })
  const heard: unknown[] = []
  engine.onEvent(({ body }) => heard.push(body))
  await engine.append('n', 0)
  server.freeze()
  const waiting = [engine.append('n', 1), engine.append('n', 2)]
  await vi.waitFor(() => expect(engine.state().state).toBe('down'), patiently)
  server.thaw()
  await Promise.all(waiting)
  await vi.waitFor(() => expect(heard).toEqual([0, 1, 2]), patiently)
  await vi.waitFor(() => expect(engine.state().state).toBe('ok'), patiently)
  expect(await engine.eventsAfter('0-0')).toHaveLength(3)
  await engine.close()
}, 30_000)

test('a Redis that cannot be reached is named without its password', async () => {
  const url = `redis://:secret@127.0.0.1:${await freePort()}`
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  const refused = expect(createRedisBus({ url, prefix: 'p', wall, log, role: 'all' })).rejects.toThrow(
    /^Redis at 127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/,
  )
  for (let step = 0; step < 200; step++) {
    await vi.advanceTimersByTimeAsync(50)
    await new Promise(setImmediate)
  }
  await refused
  vi.useRealTimers()
})
