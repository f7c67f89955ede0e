import { expect, test } from 'vitest'
import { morning, now } from '#src/testing/world.ts'
import { inOutage, outageOf } from './outage.ts'
import type { Dependency, Outage } from './picture.ts'

const { clock } = morning
/** Ten seconds by the machine after the clock of the picture was put. */
const wall = clock.wall + 10_000

/** What a process leans on, all well but for these. */
const but = (...down: readonly Dependency['name'][]): Dependency[] =>
  (['engine', 'database', 'bus', 'feed'] as const).map((name) => ({
    ...{ name, since: wall, detail: '' },
    state: down.includes(name) ? 'down' : 'ok',
  }))

test('nothing is away while the feed alone is down: the engine says that itself', () => {
  expect(outageOf(but('feed'), clock)).toBeUndefined()
})

test('behind an engine that is not heard the picture stands still since its clock did', () => {
  expect(outageOf(but('engine', 'feed'), clock)).toEqual({ what: 'engine', since: clock.at, isBlind: true })
  expect(outageOf(but('engine', 'bus'), clock)).toEqual({ what: 'bus', since: clock.at, isBlind: true })
  expect(outageOf(but('engine'), undefined)).toEqual({ what: 'engine', since: wall, isBlind: true })
})

test('a database or a bus that is away beside a living engine leaves the picture current', () => {
  expect(outageOf(but('database'), clock)).toEqual({ what: 'database', since: clock.at + 10_000, isBlind: false })
  expect(outageOf(but('bus'), { ...clock, speed: 60 })).toEqual({
    ...{ what: 'bus', since: clock.at + 600_000, isBlind: false },
  })
})

test('without an outage a page is shown what is known, and nothing else', () => {
  expect(inOutage(morning, undefined, wall)).toEqual({})
  expect(inOutage({}, { what: 'engine', since: now, isBlind: true }, wall)).toEqual({
    outage: { what: 'engine', since: now, isBlind: true },
  })
})

test('in any outage the gate is shut, for that reason first', () => {
  const outage: Outage = { what: 'database', since: now, isBlind: false }
  expect(morning.gate.open).toBe(true)
  const { gate, ...rest } = inOutage(morning, outage, wall)
  expect(gate?.open).toBe(false)
  expect(gate?.facts[0]).toEqual({
    ...{ id: 'database', watched: true, ok: false, reason: 'database-away', since: now, source: 'this server' },
  })
  expect(gate?.facts.slice(1)).toEqual(morning.gate.facts)
  expect(rest).toEqual({ outage })
})

test('where the picture stands still so does its clock, ages count on, and no market is heard', () => {
  const { clock: shown, feed } = inOutage(morning, { what: 'engine', since: now, isBlind: true }, wall)
  expect(shown).toEqual({ ...clock, wall, stopped: true })
  expect([feed?.state, feed?.since]).toEqual(['down', now])
  expect(new Set(feed?.markets.map(({ state }) => state))).toEqual(new Set(['unheard']))
})
