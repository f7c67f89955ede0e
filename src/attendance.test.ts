import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from '#src/adapters/clock.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { settings } from '#src/adapters/db/schema.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { databases } from '#src/testing/database.ts'
import { createAttendance } from './attendance.ts'

const [{ open }] = databases
let database: Database
beforeAll(async () => {
  database = await open()
})
afterAll(() => database.close())
beforeEach(() => database.db.delete(settings))

const at = (text: string): number => Date.parse(`${text}:00Z`)

/** A feed that is sent to sleep and woken; the market's clock is moved by hand, a second is a real one called for. */
const attend = async (from: number, { sleeps = true } = {}) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let now = from
  const told: string[] = []
  const engine = { staleFor: 0 }
  const refresh = vi.fn(async () => {})
  const attendance = createAttendance({
    db: database.db,
    config: { instruments: ['MES', 'MGC'], boundaries: defaultBoundaries, feedSleeps: sleeps },
    clock: { ...createClock(0, 1), now: () => now, wall: () => now },
    feed: { sleep: (detail) => told.push(`sleep: ${detail}`), wake: () => told.push('wake') },
    engine,
    log: pino({ level: 'silent' }),
    follow: () => {},
    refresh,
    stop: async () => {},
  })
  onTestFinished(async () => {
    await attendance.stop()
    vi.useRealTimers()
  })
  return {
    ...attendance,
    told,
    engine,
    refresh,
    moveTo: (ms: number): void => {
      now = ms
      vi.advanceTimersByTime(1_000)
    },
  }
}

test('the feed wakes ten minutes before the day and sleeps from noon on', async () => {
  const { moveTo, told } = await attend(at('2026-11-19T20:00'))
  for (const time of ['2026-11-20T04:49', '2026-11-20T04:50', '2026-11-20T16:59', '2026-11-20T17:00']) moveTo(at(time))
  expect(told).toEqual([
    'sleep: outside the trading day, until 2026-11-19 23:50 ET',
    'wake',
    'sleep: outside the trading day, until 2026-11-22 23:50 ET',
  ])
})

test('a feed that does not sleep still rests while nobody can trade', async () => {
  const { moveTo, told } = await attend(at('2026-11-19T20:00'), { sleeps: false })
  for (const time of ['2026-11-19T22:00', '2026-11-19T22:54', '2026-11-19T22:55', '2026-11-20T22:00']) moveTo(at(time))
  expect(told).toEqual([
    'wake',
    'sleep: the exchange’s maintenance hour, until 2026-11-19 17:55 ET',
    'wake',
    'sleep: the market is closed, until 2026-11-22 17:55 ET',
  ])
})

test('an order wakes it until the day’s own hours take over, another lets it rest until it is called back, and a restart keeps it', async () => {
  const first = await attend(at('2026-11-19T20:00'))
  await first.obey('feed-start')
  first.moveTo(at('2026-11-20T04:50'))
  first.moveTo(at('2026-11-20T17:00'))
  expect(first.told.slice(1)).toEqual(['wake', 'sleep: outside the trading day, until 2026-11-22 23:50 ET'])
  await first.obey('feed-stop')
  await first.stop()
  const second = await attend(at('2026-11-20T14:00'))
  await vi.waitFor(() => expect(second.told.at(-1)).toMatch(/^sleep: as ordered/))
  await second.obey('feed-start')
  expect(second.told.at(-1)).toBe('wake')
})

test('a connection that is silent for fifteen seconds is made anew, once a minute at most', async () => {
  const start = at('2026-11-20T14:00')
  const { moveTo, told, engine } = await attend(start)
  engine.staleFor = 14_999
  moveTo(start + 1_000)
  engine.staleFor = 15_000
  for (const seconds of [2, 3, 61, 62]) moveTo(start + seconds * 1_000)
  expect(told).toEqual(['wake', 'sleep: silent for too long', 'wake', 'sleep: silent for too long', 'wake'])
})

test('a refresh asks the source again', async () => {
  const { obey, refresh } = await attend(at('2026-11-20T14:00'))
  await obey('refresh')
  expect(refresh).toHaveBeenCalledOnce()
})
