import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountReading, Gate, Picture, Topic } from '#src/domain/picture.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { unheardAccount } from '#src/domain/trading/unheard.ts'
import type { Bus, BusEvent } from '#src/engine/ports.ts'
import { backing } from '#src/testing/database.ts'
import { createMemoryBus } from './memory.ts'
import { createRedisBus } from './redis.ts'

/** One engine and two web processes; on the memory bus they are one and the same. */
type Rig = { readonly engine: Bus; readonly readers: readonly [Bus, Bus] }

const wall = () => Date.now()
const log = pino({ level: 'silent' })

const rigs: { name: string; open: () => Promise<Rig> }[] = [
  {
    name: 'memory',
    open: async () => {
      const bus = createMemoryBus({ wall })
      return { engine: bus, readers: [bus, bus] }
    },
  },
  {
    name: 'Redis',
    open: async () => {
      const shared = { url: await backing('redis'), prefix: randomUUID(), wall, log }
      const engine = await createRedisBus({ ...shared, role: 'engine' })
      const first = await createRedisBus({ ...shared, role: 'web' })
      return { engine, readers: [first, await createRedisBus({ ...shared, role: 'web' })] }
    },
  },
]

const account = (accountSize: number): AccountReading => unheardAccount(accountSize, defaultLimits, 0)
const gate: Gate = {
  open: false,
  facts: [{ id: 'feed', watched: true, ok: false, reason: 'no “live” feed', since: 1, source: 'feed' }],
}

describe.each(rigs)('the $name bus', ({ open }) => {
  let rig: Rig
  beforeEach(async () => {
    rig = await open()
  })
  afterEach(() => Promise.all([rig.engine, ...rig.readers].map((bus) => bus.close())))

  const everyReaderSees = (picture: Partial<Picture>) =>
    vi.waitFor(() => {
      for (const reader of rig.readers) expect(reader.picture()).toEqual(picture)
    })

  test('shows every process the same picture', async () => {
    rig.engine.put('account', account(50_000))
    rig.engine.put('gate', gate)
    expect(rig.engine.picture()).toEqual({ account: account(50_000), gate })
    await everyReaderSees({ account: account(50_000), gate })
  })

  test('lets the newest value win', async () => {
    for (let size = 1; size <= 500; size++) rig.engine.put('account', account(size))
    await everyReaderSees({ account: account(500) })
  })

  test('names the changed topics once the picture has them, until told to stop', async () => {
    const heard: Topic[] = []
    const [reader] = rig.readers
    const stop = reader.onChange((topics) => {
      for (const topic of topics) expect(reader.picture()[topic]).toBeDefined()
      heard.push(...topics)
    })
    rig.engine.put('gate', gate)
    await vi.waitFor(() => expect(heard).toEqual(['gate']))
    stop()
    rig.engine.put('account', account(1))
    await everyReaderSees({ gate, account: account(1) })
    expect(heard).toEqual(['gate'])
  })

  test('tells the engine itself of its changes', () => {
    const heard: (readonly Topic[])[] = []
    rig.engine.onChange((topics) => heard.push(topics))
    rig.engine.put('gate', gate)
    expect(heard).toEqual([['gate']])
  })

  test('delivers every event to every process, once and in order', async () => {
    const heard = [rig.engine, ...rig.readers].map((bus) => {
      const events: BusEvent[] = []
      bus.onEvent((event) => events.push(event))
      return events
    })
    const ids: string[] = []
    for (let n = 0; n < 40; n++) ids.push(await rig.engine.append('fill', { n }))
    await vi.waitFor(() => {
      for (const events of heard) expect(events).toEqual(ids.map((id, n) => ({ id, kind: 'fill', body: { n } })))
    })
  })

  test('gives events ids that ascend as text', async () => {
    const ids = await Promise.all(Array.from({ length: 1_200 }, (_, n) => rig.readers[n % 2 ? 1 : 0].append('n', n)))
    expect(new Set(ids).size).toBe(1_200)
    const events = await rig.engine.eventsAfter('0-0')
    expect(events.map(({ id }) => id)).toEqual([...ids].sort())
  })

  test('reads back what came after an event', async () => {
    const ids = [await rig.engine.append('a', 1), await rig.engine.append('b', null), await rig.engine.append('c', [])]
    expect(await rig.readers[0].eventsAfter(ids[0] ?? '')).toEqual([
      { id: ids[1], kind: 'b', body: null },
      { id: ids[2], kind: 'c', body: [] },
    ])
    expect(await rig.readers[1].eventsAfter(ids[0] ?? '', 1)).toMatchObject([{ kind: 'b' }])
    expect(await rig.readers[1].eventsAfter(ids[2] ?? '')).toEqual([])
  })

  test('does not tell a new listener of old events', async () => {
    const heard: BusEvent[] = []
    const old: BusEvent[] = []
    rig.readers[0].onEvent((event) => old.push(event))
    await rig.engine.append('old', 0)
    await vi.waitFor(() => expect(old).toHaveLength(1))
    const stop = rig.readers[0].onEvent((event) => heard.push(event))
    await rig.engine.append('new', 1)
    await vi.waitFor(() => expect(heard).toMatchObject([{ kind: 'new' }]))
    stop()
    await rig.engine.append('later', 2)
    await vi.waitFor(() => expect(old).toHaveLength(3))
    expect(heard).toHaveLength(1)
  })

  test('keeps the newest ten thousand events or a few more', async () => {
    await Promise.all(Array.from({ length: 10_500 }, (_, n) => rig.engine.append('n', n)))
    const kept = await rig.engine.eventsAfter('0-0', 20_000)
    expect(kept.length).toBeGreaterThanOrEqual(10_000)
    expect(kept.length).toBeLessThan(10_200)
    expect(kept.at(-1)?.body).toBe(10_499)
  })

  test('knows when the engine was last seen', async () => {
    expect(rig.readers[0].engineSeenAt()).toBeUndefined()
    const before = wall()
    rig.engine.beat()
    await vi.waitFor(() => {
      for (const bus of [rig.engine, ...rig.readers]) expect(bus.engineSeenAt()).toBeGreaterThanOrEqual(before)
    })
  })

  test('says that it works', () => {
    for (const bus of [rig.engine, ...rig.readers]) expect(bus.state().state).toBe('ok')
  })
})
