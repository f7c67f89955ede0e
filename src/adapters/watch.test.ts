import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Dependency, Picture } from '#src/domain/picture.ts'
import { createMemoryBus } from './bus/memory.ts'
import type { Database } from './db/connect.ts'
import type { Recorder } from './db/recorder.ts'
import { createWatch } from './watch.ts'

const began = Date.UTC(2026, 10, 20, 13, 45)
const plan = { tradeDate: '2026-11-20' } as Picture['plan']
const feed = (state: Picture['feed']['state']) => ({ source: 'synthetic market, seed 7', state }) as Picture['feed']

beforeEach(() => {
  vi.useFakeTimers({ now: began })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A watch over things that can be broken; all is well at first, and the engine runs. Times are seconds since it began. */
const createRoom = (role: 'all' | 'web' = 'all', kind: Database['kind'] = 'postgres') => {
  const wall = (): number => Date.now()
  const memory = createMemoryBus({ wall })
  const room = {
    answer: async (): Promise<void> => {},
    running: role === 'all',
    failing: false,
    bus: undefined as ReturnType<typeof memory.state> | undefined,
  }
  const recorder = { state: () => ({ failing: room.failing, since: 0 }), waiting: () => 12 } as Recorder
  const ping = vi.fn(() => room.answer())
  const watch = createWatch({
    database: { kind, ping } as Partial<Database> as Database,
    bus: { ...memory, state: () => room.bus ?? memory.state() },
    wall,
    role,
    running: () => (room.running ? { recorder } : undefined),
  })
  if (role === 'all') memory.put('feed', feed('live'))
  return {
    ...watch,
    room,
    ping,
    bus: memory,
    pass: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000),
    read: (name: Dependency['name']) => {
      const found = watch.health().dependencies.find((each) => each.name === name)
      return found && [found.state, found.detail, (found.since - began) / 1000]
    },
  }
}

const refused = async (): Promise<void> => {
  throw new Error('Failed query: select 1', { cause: new Error('connect ECONNREFUSED 127.0.0.1:5432') })
}
const silent = (): Promise<void> => new Promise(() => {})

describe('the database', () => {
  test('is starting until it answers, then ok since its answer', async () => {
    const { read, pass } = createRoom()
    expect(read('database')).toEqual(['starting', 'postgres', 0])
    await pass(10)
    expect(read('database')).toEqual(['ok', 'postgres', 0])
  })

  test('is down since it refused, for the reason it gave, and ok again since it answered', async () => {
    const { room, read, pass } = createRoom()
    await pass(3)
    room.answer = refused
    await pass(10)
    expect(read('database')).toEqual(['down', 'connect ECONNREFUSED 127.0.0.1:5432', 4])
    room.answer = async () => {}
    await pass(10)
    expect(read('database')).toEqual(['ok', 'postgres', 14])
  })

  test('that does not answer within three seconds is down', async () => {
    const { room, read, pass, ping } = createRoom()
    await pass(1)
    room.answer = silent
    await pass(3.9)
    expect(read('database')).toEqual(['ok', 'postgres', 0])
    await pass(0.2)
    expect(read('database')).toEqual(['down', 'no answer', 5])
    expect(ping).toHaveBeenCalledTimes(2)
  })

  test('that is embedded has ten seconds for its answer, as a long question may stand before', async () => {
    const { room, read, pass } = createRoom('all', 'pglite')
    room.answer = silent
    await pass(11.9)
    expect(read('database')).toEqual(['ok', 'pglite', 0])
    await pass(0.2)
    expect(read('database')?.slice(0, 2)).toEqual(['down', 'no answer'])
  })

  test('is asked one question at a time, and an answer that comes too late is not heard', async () => {
    const { room, read, pass, ping } = createRoom()
    let answerLate = (): void => {}
    room.answer = () => new Promise((resolve) => (answerLate = resolve))
    await pass(2.5)
    expect(ping).toHaveBeenCalledTimes(2)
    room.answer = refused
    await pass(5)
    expect(read('database')?.[0]).toBe('down')
    answerLate()
    await pass(0.5)
    expect(read('database')?.[0]).toBe('down')
  })

  test('is degraded while the recorder cannot store', async () => {
    const { room, read, pass } = createRoom()
    await pass(3)
    room.failing = true
    await pass(2)
    expect(read('database')).toEqual(['degraded', '12 entries wait to be stored', 4])
    room.answer = refused
    await pass(2)
    expect(read('database')?.[0]).toBe('down')
    room.failing = false
    room.answer = async () => {}
    await pass(2)
    expect(read('database')?.[0]).toBe('ok')
  })

  test('is asked no more after a stop between two questions', async () => {
    const { stop, pass, ping } = createRoom()
    await pass(1)
    stop()
    expect(vi.getTimerCount()).toBe(0)
    await pass(60)
    expect(ping).toHaveBeenCalledTimes(1)
  })

  test('is asked no more after a stop during a question', async () => {
    const { stop, pass, ping, room } = createRoom()
    await pass(1)
    room.answer = silent
    await pass(2)
    stop()
    await pass(60)
    expect(ping).toHaveBeenCalledTimes(2)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the engine', () => {
  test('in this process is starting until it runs', async () => {
    const { room, read, pass } = createRoom()
    room.running = false
    expect(read('engine')?.slice(0, 2)).toEqual(['starting', 'recovering the day'])
    await pass(5)
    room.running = true
    expect(read('engine')).toEqual(['ok', 'in this process', 5])
  })

  test('in another process is known by its heartbeat', async () => {
    const { read, pass, bus } = createRoom('web')
    expect(read('engine')).toEqual(['down', 'no engine was seen', 0])
    await pass(10)
    bus.beat()
    await pass(4)
    expect(read('engine')).toEqual(['ok', 'in another process', 12])
    await pass(0.1)
    expect(read('engine')).toEqual(['down', 'its heartbeat stopped', 10])
    await pass(19.9)
    expect(read('engine')).toEqual(['down', 'its heartbeat stopped', 10])
    bus.beat()
    expect(read('engine')).toEqual(['ok', 'in another process', 34])
  })
})

test('an engine in another process is not heard without the bus, from the start of that', async () => {
  const { room, read, pass, bus } = createRoom('web')
  bus.beat()
  expect(read('engine')?.[0]).toBe('ok')
  await pass(1)
  room.bus = { state: 'down', since: began + 500, detail: 'connection lost' }
  expect(read('engine')).toEqual(['down', 'not heard without the bus', 0.5])
})

test('the bus says itself since when it is as it is', async () => {
  const { room, read, pass } = createRoom()
  expect(read('bus')).toEqual(['ok', 'in this process', 0])
  await pass(60)
  room.bus = { state: 'down', since: began + 7_000, detail: 'connection lost' }
  expect(read('bus')).toEqual(['down', 'connection lost', 7])
})

describe('the feed', () => {
  test.each([
    ['live', 'ok'],
    ['closed', 'ok'],
    ['finished', 'ok'],
    ['stale', 'degraded'],
    ['down', 'down'],
  ] as const)('that is %s is %s', (state, expected) => {
    const { bus, read } = createRoom()
    bus.put('feed', feed(state))
    expect(read('feed')?.slice(0, 2)).toEqual([expected, `synthetic market, seed 7: ${state}`])
  })

  test('has its state since it changed, whoever looked when', async () => {
    const { bus, read, pass } = createRoom()
    await pass(4)
    bus.put('feed', feed('stale'))
    await pass(60)
    expect(read('feed')).toEqual(['degraded', 'synthetic market, seed 7: stale', 6])
  })

  test('of an engine that is gone is not live, whatever the picture still says', async () => {
    const { bus, read, pass } = createRoom('web')
    bus.beat()
    expect(read('feed')).toEqual(['starting', 'not started', 0])
    bus.put('feed', feed('live'))
    expect(read('feed')?.[0]).toBe('ok')
    await pass(6)
    expect(read('feed')?.slice(0, 2)).toEqual(['down', 'nothing is known without the engine'])
  })
})

describe('the terminal is ready', () => {
  test('once the engine runs and its picture holds a plan', () => {
    const { room, bus, health } = createRoom()
    expect(health().ready).toBe(false)
    bus.put('plan', plan)
    expect(health().ready).toBe(true)
    room.running = false
    expect(health().ready).toBe(false)
  })

  test('while the engine of another process beats', async () => {
    const { bus, health, pass } = createRoom('web')
    bus.put('plan', plan)
    expect(health().ready).toBe(false)
    bus.beat()
    expect(health().ready).toBe(true)
    await pass(6)
    expect(health().ready).toBe(false)
  })

  test('not while the database is down: what happens could not be stored', async () => {
    const { bus, room, health, read, pass } = createRoom()
    bus.put('plan', plan)
    room.answer = refused
    await pass(10)
    expect(read('database')?.[0]).toBe('down')
    expect(health().ready).toBe(false)
    room.answer = async () => {}
    await pass(2)
    expect(health().ready).toBe(true)
  })
})
