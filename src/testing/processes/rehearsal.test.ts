import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineTime } from '#src/adapters/clock.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts'
import { letSettle, runStorm } from '../rehearsal/storm.ts'
import { eventually } from './eventually.ts'

const instruments = ['MES', 'MGC'] as const
/** A Friday in November, 05:00 in New York: the plan is about to freeze. */
const from = Date.UTC(2026, 10, 20, 10)

let rehearsal: Rehearsal
let begun = 0

beforeAll(async () => {
  rehearsal = await startRehearsal({ from, speed: 60, instruments, env: { HISTORY_DAYS: '3' } })
  begun = Math.ceil(rehearsal.clock.now() / minuteMs) * minuteMs
  await eventually('live', () => rehearsal.screen.state() === 'live' || undefined)
}, 120_000)
afterAll(() => rehearsal?.stop())

const order = async (path: string): Promise<number> => {
  const { terminal } = rehearsal
  const headers = { 'x-api-key': terminal.apiKey }
  return (await fetch(`${terminal.url}${path}`, { method: 'POST', headers })).status
}

/** Until the screen says so; answers after how many ms. */
const untilScreen = async (state: string): Promise<number> => {
  const began = machineTime()
  await eventually(`the screen says ${state}`, () => rehearsal.screen.state() === state || undefined)
  return machineTime() - began
}

test('it is a rehearsal and says so, with the contracts by name', async () => {
  const feed = await rehearsal.readFeed()
  expect(feed).toMatchObject({ mode: 'REPLAY', source: 'massive stand-in', grain: 'tick' })
  expect(feed.markets).toMatchObject([{ contract: 'MES Z6' }, { contract: 'MGC Z6' }])
  expect((await rehearsal.read<{ market: string }>('/analysis/data_source')).market).toMatch(/^rehearsal-\d+$/)
})

describe('while the line is bad', () => {
  test('a silent stall with pings answered is STALE on the screen within seconds, and LIVE again after it', async () => {
    rehearsal.massive.inject({ kind: 'stalled' })
    // Three seconds on a machine of its own; here others run too.
    expect(await untilScreen('stale')).toBeLessThan(10_000)
    rehearsal.massive.clear()
    await untilScreen('live')
  })

  test('garbage among the messages, prices as text, bars twice and trades out of order change nothing and are counted', async () => {
    for (const fault of [
      { kind: 'garbage', perSecond: 20 },
      { kind: 'strings' },
      { kind: 'duplicate-bars' },
      { kind: 'reordered-trades', withinMs: 400 },
    ] as const)
      rehearsal.massive.inject(fault)
    await pause(3_000)
    const { refused } = await rehearsal.readFeed()
    expect(refused.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20)
    expect(rehearsal.screen.state()).toBe('live')
    rehearsal.massive.clear()
  })

  test('twenty cuts: the screen does not go on saying LIVE while nobody is there', async () => {
    const until = rehearsal.clock.now() + 40 * minuteMs
    const { disconnects, longestLieMs } = await runStorm(rehearsal, { cuts: 20, until, seed: 5 })
    expect(disconnects).toBeGreaterThan(5)
    expect(longestLieMs).toBeLessThan(10_000)
  }, 60_000)

  test('afterwards every minute is stored as the vendor has it, and none twice', async () => {
    await untilScreen('live')
    await letSettle(rehearsal, 3)
    const end = Math.floor(rehearsal.clock.now() / minuteMs) * minuteMs - 3 * minuteMs
    for (const id of instruments) {
      expect(rehearsal.vendorBars(id, begun, end).length).toBeGreaterThan(20)
      expect(await rehearsal.differences(id, begun, end)).toEqual([])
    }
  }, 60_000)
})

test('the feed rests when it is told to, and wakes when it is told to', async () => {
  expect(await order('/actions/live_feed/stop')).toBe(202)
  await untilScreen('asleep')
  expect(rehearsal.massive.counts().open).toBe(0)
  expect(await order('/actions/live_feed/start')).toBe(202)
  await untilScreen('live')
})

test('another program on the same key is told in words, and left alone for a minute', async () => {
  const { massive, screen } = rehearsal
  massive.kick()
  await untilScreen('down')
  const { note } = await rehearsal.readFeed()
  expect(note).toBe("another program uses this account's one connection")
  await eventually('told', () => screen.alerts().some((text) => text.includes('another program')) || undefined)
  const before = massive.counts().connections
  await pause(3_000)
  expect(massive.counts().connections).toBe(before)
})
