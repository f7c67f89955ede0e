import { expect, test } from 'vitest'
import type { Dependency, Topic } from '#src/domain/picture.ts'
import { morning } from '#src/testing/world.ts'
import { createMemoryBus } from './bus/memory.ts'
import { createShownPicture } from './shown-picture.ts'

const { clock, gate, system, feed } = morning

/** A bus with the world's morning, and a process that leans on an engine which can be away. */
const createRoom = () => {
  const room = { wall: clock.wall, engine: 'ok' as Dependency['state'], look: (): void => {} }
  const bus = createMemoryBus({ wall: () => room.wall })
  for (const [topic, value] of Object.entries({ clock, gate, system, feed })) bus.put(topic as Topic, value)
  const dependencies = (): Dependency[] => [
    { name: 'engine', state: room.engine, since: room.wall, detail: 'in another process' },
  ]
  const shown = createShownPicture({
    ...{ bus, dependencies, wall: () => room.wall },
    schedule: (run) => {
      room.look = run
      return () => {}
    },
  })
  const told: Topic[] = []
  shown.onChange((topics) => told.push(...topics))
  return { room, bus, shown, told }
}

test('shows what the bus has, from the start and as it changes', () => {
  const { bus, shown, told } = createRoom()
  expect(shown.picture()).toMatchObject({ clock, gate, feed })
  bus.put('clock', { ...clock, at: clock.at + 1_000 })
  expect(shown.picture().clock?.at).toBe(clock.at + 1_000)
  expect(told).toEqual(['clock'])
})

test('says of what it leans on what it sees itself, not what the engine says', () => {
  const { bus, shown } = createRoom()
  const own = [{ name: 'engine', state: 'ok', since: clock.wall, detail: 'in another process' }]
  expect(shown.picture().system?.dependencies).toEqual(own)
  bus.put('system', { ...system, pages: 3 })
  expect(shown.picture().system).toMatchObject({ pages: 3, dependencies: own })
})

test('tells an outage and its end without a word from the engine, and counts time on in between', () => {
  const { room, shown, told } = createRoom()
  room.look()
  expect(told).toEqual([])
  room.engine = 'down'
  room.wall += 5_000
  room.look()
  expect(told).toEqual(['outage', 'clock', 'feed', 'gate', 'system'])
  expect(shown.picture()).toMatchObject({
    outage: { what: 'engine', since: clock.at, isBlind: true },
    gate: { open: false },
    clock: { at: clock.at, wall: clock.wall + 5_000, stopped: true },
  })
  room.wall += 500
  room.look()
  expect(shown.picture().clock?.wall).toBe(clock.wall + 5_500)
  room.engine = 'ok'
  room.look()
  expect(shown.picture()).toMatchObject({ clock, gate, feed })
  expect('outage' in shown.picture()).toBe(false)
})

test('a page opened during an outage is shown it from the first byte', () => {
  const { room, bus } = createRoom()
  room.wall += 18_000
  const shown = createShownPicture({
    ...{ bus, wall: () => room.wall, schedule: () => () => {} },
    dependencies: () => [{ name: 'engine', state: 'down', since: clock.wall, detail: 'its heartbeat stopped' }],
  })
  expect(shown.picture()).toMatchObject({ gate: { open: false }, clock: { wall: clock.wall + 18_000, stopped: true } })
})
