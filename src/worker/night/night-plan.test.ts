import { describe, expect, test } from 'vitest'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { type NightStep, nightSteps } from '#src/domain/lab-reading.ts'
import { type Night, nightAt, stepsToBegin } from './night-plan.ts'

/** An instant by New York's clock. */
const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const night = (ms: number): Night => nightAt(ms, defaultBoundaries)

describe('the night an instant belongs to', () => {
  test('begins at flat-by and lasts until the next one', () => {
    expect(night(at('2026-11-18', 11, 59))).toMatchObject({ tradeDate: '2026-11-17' })
    const wednesday = { tradeDate: '2026-11-18', from: at('2026-11-18', 12), morning: at('2026-11-19', 0) }
    for (const instant of [at('2026-11-18', 12), at('2026-11-18', 23), at('2026-11-19', 0), at('2026-11-19', 11, 59)])
      expect(night(instant)).toEqual(wednesday)
    expect(night(at('2026-11-19', 12)).tradeDate).toBe('2026-11-19')
  })

  test('lasts from Friday to Monday', () => {
    const friday = { tradeDate: '2026-11-20', from: at('2026-11-20', 12), morning: at('2026-11-23', 0) }
    for (const instant of [at('2026-11-20', 12), at('2026-11-21', 15), at('2026-11-22', 23, 59), at('2026-11-23', 9)])
      expect(night(instant)).toEqual(friday)
  })

  test('passes over Thanksgiving to the half day after it', () => {
    const before = { tradeDate: '2026-11-25', from: at('2026-11-25', 12), morning: at('2026-11-27', 0) }
    for (const instant of [at('2026-11-25', 13), at('2026-11-26', 12), at('2026-11-27', 8)])
      expect(night(instant)).toEqual(before)
    expect(night(at('2026-11-27', 12))).toEqual({
      tradeDate: '2026-11-27',
      from: at('2026-11-27', 12),
      morning: at('2026-11-30', 0),
    })
  })

  test('is an hour longer or shorter when the clocks change on its Sunday', () => {
    const hours = ({ from, morning }: Night): number => (morning - from) / 3_600_000
    expect(hours(night(at('2026-10-31', 0)))).toBe(61)
    expect(hours(night(at('2026-03-07', 0)))).toBe(59)
    expect(hours(night(at('2026-10-24', 0)))).toBe(60)
    // 12:00 in summer time, midnight in winter time.
    expect(night(at('2026-10-31', 0))).toMatchObject({
      from: Date.UTC(2026, 9, 30, 16),
      morning: Date.UTC(2026, 10, 2, 5),
    })
  })
})

describe('the steps to begin', () => {
  const friday = night(at('2026-11-20', 12))
  const begin = (
    now: number,
    over: readonly NightStep[],
    {
      running = [],
      offHours = true,
      hurried = false,
    }: { running?: readonly NightStep[]; offHours?: boolean; hurried?: boolean } = {},
  ) => stepsToBegin(friday, { over: new Set(over), running: new Set(running) }, { now, offHours, hurried })
  const noon = (minute: number): number => at('2026-11-20', 12, minute)
  const days = ['backfill', 'quality', 'shadow', 'calibration', 'parity'] as const

  test('come one after the other from a quarter past flat-by on', () => {
    expect(begin(noon(14), [])).toEqual([])
    expect(begin(noon(15), [])).toEqual(['backfill'])
    expect(begin(noon(15), [], { running: ['backfill'] })).toEqual([])
    expect(begin(noon(20), ['backfill'])).toEqual(['quality'])
    expect(begin(noon(20), ['backfill', 'quality'])).toEqual(['shadow'])
    expect(begin(noon(20), days.slice(0, 3))).toEqual(['calibration'])
    expect(begin(noon(20), days.slice(0, 4))).toEqual(['parity'])
    expect(begin(noon(29), days)).toEqual([])
  })

  test('are one of each kind from half past on: the draft beside the backtests', () => {
    expect(begin(noon(30), days)).toEqual(['focus', 'backtests'])
    expect(begin(noon(30), days, { running: ['backtests'] })).toEqual(['focus'])
    expect(begin(noon(31), [...days, 'focus', 'backtests'])).toEqual(['optimization'])
    expect(begin(noon(50), [...days, 'focus', 'backtests', 'optimization'])).toEqual(['summary'])
  })

  test('are light ones alone while the live phase has the machine', () => {
    expect(begin(noon(30), days, { offHours: false })).toEqual(['focus'])
    expect(begin(noon(31), [...days, 'focus'], { offHours: false })).toEqual([])
  })

  test('do not wait for one that was given up', () => {
    expect(begin(noon(20), ['backfill', 'quality', 'shadow'])).toEqual(['calibration'])
  })

  test('refresh the focus five minutes into the next morning', () => {
    const rest = nightSteps.filter((step) => step !== 'refresh')
    expect(begin(at('2026-11-23', 0, 4), rest)).toEqual([])
    expect(begin(at('2026-11-23', 0, 5), rest)).toEqual(['refresh'])
  })

  test('write the summary a quarter of an hour before the morning though heavy work is left', () => {
    const light = [...days, 'focus'] as const
    expect(begin(at('2026-11-22', 23, 44), light, { running: ['backtests'] })).toEqual([])
    expect(begin(at('2026-11-22', 23, 45), light, { running: ['backtests'] })).toEqual(['summary'])
    expect(begin(at('2026-11-22', 23, 45), days.slice(0, 4), { running: ['backtests', 'parity'] })).toEqual([])
    expect(begin(at('2026-11-23', 8), [...light, 'refresh'], { offHours: false })).toEqual(['summary'])
    // A night that is caught up with by day, where nothing stands against it, is summed up when it is whole.
    expect(begin(at('2026-11-23', 8), [...light, 'refresh'], { running: ['backtests'] })).toEqual([])
  })

  test('come at once when somebody is in a hurry, each after those it rests on', () => {
    expect(begin(noon(1), [], { hurried: true })).toEqual(['backfill'])
    expect(begin(noon(2), days, { hurried: true })).toEqual(['focus', 'backtests'])
    expect(begin(noon(3), [...days, 'focus'], { hurried: true, running: ['backtests'] })).toEqual([])
    expect(begin(noon(4), [...days, 'focus', 'backtests', 'optimization'], { hurried: true })).toEqual(['summary'])
    expect(begin(noon(5), [...days, 'focus', 'backtests', 'optimization', 'summary'], { hurried: true })).toEqual([])
  })
})
