import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen } from './calendar.ts'
import { attendanceAt, type FeedHours } from './feed-hours.ts'
import { defaultBoundaries } from './phase.ts'
import { easternMs } from './zone.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const sleeper: FeedHours = { boundaries: defaultBoundaries, groups: ['equity', 'metals', 'energy'], sleeps: true }
const waker: FeedHours = { ...sleeper, sleeps: false }

describe('a feed that sleeps', () => {
  test('is awake from ten minutes before midnight to flat-by', () => {
    const awake = { awake: true, until: at('2026-11-18', 12), reason: 'phase' }
    expect(attendanceAt(at('2026-11-17', 23, 50), sleeper)).toEqual(awake)
    expect(attendanceAt(at('2026-11-18', 11, 59), sleeper)).toEqual(awake)
    const asleep = { awake: false, until: at('2026-11-18', 23, 50), reason: 'off-hours' }
    expect(attendanceAt(at('2026-11-18', 12), sleeper)).toEqual(asleep)
    expect(attendanceAt(at('2026-11-18', 23, 49), sleeper)).toEqual(asleep)
  })

  test('says when it could not be awake anyway', () => {
    const until = at('2026-11-18', 23, 50)
    expect(attendanceAt(at('2026-11-18', 17, 30), sleeper)).toEqual({ awake: false, until, reason: 'maintenance' })
    const monday = at('2026-11-22', 23, 50)
    expect(attendanceAt(at('2026-11-20', 17, 30), sleeper)).toEqual({ awake: false, until: monday, reason: 'closed' })
    expect(attendanceAt(at('2026-11-22', 19), sleeper)).toEqual({ awake: false, until: monday, reason: 'off-hours' })
  })

  test('sleeps through Thanksgiving, on which nothing settles', () => {
    const asleep = { awake: false, until: at('2026-11-26', 23, 50), reason: 'off-hours' }
    expect(attendanceAt(at('2026-11-26', 9), sleeper)).toEqual(asleep)
    expect(attendanceAt(at('2026-11-26', 16), sleeper)).toEqual({ ...asleep, reason: 'closed' })
  })

  test('wakes ten minutes before midnight of the day the clocks changed', () => {
    expect(attendanceAt(at('2026-10-30', 13), sleeper).until).toBe(Date.UTC(2026, 10, 2, 4, 50))
    expect(attendanceAt(at('2026-03-06', 13), sleeper).until).toBe(Date.UTC(2026, 2, 9, 3, 50))
  })

  test('follows a boundary that was moved', () => {
    const boundaries = { ...defaultBoundaries, preMarket: 120, flatBy: 660 }
    expect(attendanceAt(at('2026-11-18', 0), { ...sleeper, boundaries })).toEqual({
      awake: false,
      until: at('2026-11-18', 1, 50),
      reason: 'off-hours',
    })
    expect(attendanceAt(at('2026-11-18', 2), { ...sleeper, boundaries }).until).toBe(at('2026-11-18', 11))
  })

  test('goes home with the market on a Good Friday that is a jobs Friday', () => {
    expect(attendanceAt(at('2026-04-03', 9), sleeper)).toMatchObject({ awake: true, until: at('2026-04-03', 9, 15) })
    expect(attendanceAt(at('2026-04-03', 9, 15), sleeper)).toMatchObject({ awake: false, reason: 'closed' })
    expect(attendanceAt(at('2026-04-03', 9), { ...sleeper, groups: ['metals'] }).reason).toBe('closed')
  })
})

describe('a feed that does not sleep', () => {
  test('rests in the maintenance hour and is there five minutes before it ends', () => {
    const rest = { awake: false, until: at('2026-11-18', 17, 55), reason: 'maintenance' }
    expect(attendanceAt(at('2026-11-18', 17), waker)).toEqual(rest)
    expect(attendanceAt(at('2026-11-18', 17, 54), waker)).toEqual(rest)
    const awake = { awake: true, until: at('2026-11-19', 17), reason: 'open' }
    expect(attendanceAt(at('2026-11-18', 17, 55), waker)).toEqual(awake)
  })

  test('rests over the weekend and the long close of a holiday', () => {
    const weekend = { awake: false, until: at('2026-11-22', 17, 55), reason: 'closed' }
    expect(attendanceAt(at('2026-11-20', 17), waker)).toEqual(weekend)
    const holiday = { awake: false, until: at('2026-11-26', 17, 55), reason: 'closed' }
    expect(attendanceAt(at('2026-11-26', 15), waker)).toEqual(holiday)
  })

  test('stays for as long as any of its markets is open', () => {
    expect(attendanceAt(at('2026-11-26', 13, 30), waker).until).toBe(at('2026-11-26', 14, 30))
    expect(attendanceAt(at('2026-11-26', 13, 30), { ...waker, groups: ['equity'] }).awake).toBe(false)
  })
})

describe("the trader's word", () => {
  test('wakes a sleeping feed while there is a market, and no longer', () => {
    const on: FeedHours = { ...sleeper, override: 'on' }
    const awake = { awake: true, until: at('2026-11-18', 17), reason: 'override' }
    expect(attendanceAt(at('2026-11-18', 14), on)).toEqual(awake)
    const rest = { awake: false, until: at('2026-11-18', 17, 55), reason: 'maintenance' }
    expect(attendanceAt(at('2026-11-18', 17, 30), on)).toEqual(rest)
  })

  test('puts it to sleep until it is taken back', () => {
    const off = { awake: false, until: Number.POSITIVE_INFINITY, reason: 'override' }
    expect(attendanceAt(at('2026-11-18', 9), { ...sleeper, override: 'off' })).toEqual(off)
  })
})

test('what is said lasts until the instant named and not beyond, and no market is listened to while all are shut', () => {
  const instants = fc.integer({ min: Date.UTC(2021, 6, 1), max: Date.UTC(2028, 11, 1) })
  const feeds = fc.constantFrom(sleeper, waker, { ...sleeper, override: 'on' as const })
  fc.assert(
    fc.property(instants, feeds, (ms, hours) => {
      const { awake, until } = attendanceAt(ms, hours)
      expect(until).toBeGreaterThan(ms)
      expect(attendanceAt(until - 1, hours).awake).toBe(awake)
      expect(attendanceAt(until, hours).awake).toBe(!awake)
      const soon = [ms, ms + 300_000].some((at) => hours.groups.some((group) => isOpen(group, at)))
      if (awake) expect(soon).toBe(true)
    }),
  )
})
