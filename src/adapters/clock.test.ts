import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClock, createUptime, machineTime, repeat, schedule } from './clock.ts'

const opening = Date.UTC(2026, 10, 20, 13, 45)

describe('market time', () => {
  test.each([
    [1, 90_000],
    [60, 5_400_000],
    [0.5, 45_000],
    [0, 0],
  ])('at speed %d passes %d ms in a minute and a half', (speed, passed) => {
    let wall = 1_000_000
    const clock = createClock(opening, speed, () => wall)
    expect(clock.now()).toBe(opening)
    wall += 90_000
    expect(clock.now()).toBe(opening + passed)
    expect(clock.wall()).toBe(1_090_000)
    expect(clock.speed).toBe(speed)
  })

  test("begins when the clock is made and follows the machine's", () => {
    vi.useFakeTimers({ now: 5_000 })
    const clock = createClock(opening, 60)
    vi.setSystemTime(6_000)
    expect(machineTime()).toBe(6_000)
    expect(clock.now()).toBe(opening + 60_000)
    vi.useRealTimers()
  })
})

describe('timers', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('run once, or never when called off', () => {
    const run = vi.fn()
    schedule(run, 100)
    schedule(run, 100)()
    vi.advanceTimersByTime(1_000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('run again and again until stopped', () => {
    const run = vi.fn()
    const stop = repeat(run, 100)
    vi.advanceTimersByTime(350)
    stop()
    vi.advanceTimersByTime(1_000)
    expect(run).toHaveBeenCalledTimes(3)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('the uptime of the machine is read ten times a second at most, and goes on between', () => {
  let now = 0
  let machine = 50_000
  let reads = 0
  const uptime = createUptime(
    () => {
      reads++
      return machine
    },
    () => now,
  )
  expect(uptime()).toBe(50_000)
  now = 99.4
  expect(uptime()).toBe(50_099)
  expect(reads).toBe(1)
  // An hour's sleep, in which the elapsed time stood still.
  machine += 3_600_000
  now = 100
  expect(uptime()).toBe(3_650_000)
  expect(reads).toBe(2)
  machine += 95
  now = 200
  expect(uptime()).toBe(3_650_100)
})
