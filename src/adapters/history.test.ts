import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isOpen } from '#src/domain/instruments/calendar.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { toColumns } from '#src/domain/market/series.ts'
import { databases } from '#src/testing/database.ts'
import { readBars } from './db/bars.ts'
import type { Database, Db } from './db/connect.ts'
import { readFrontRecords } from './db/front-bars.ts'
import { heldUntil, historyStart, interleave, saveHistory, toHistory } from './history.ts'

const at = (text: string): number => Date.parse(`${text}:00Z`)
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16)

const bar = (time: string, close = 1): RecordedBar => ({
  time: at(time),
  ...{ open: close, high: close, low: close, close, volume: 1 },
  ...{ finality: 'history', asOf: at('2026-12-31T00:00'), source: 'synthetic market, seed 7' },
})

/** Bars of every minute from one instant to another. */
const minutes = (from: string, to: string): readonly { readonly time: number }[] =>
  Array.from({ length: (at(to) - at(from)) / 60_000 }, (_, i) => ({ time: at(from) + i * 60_000 }))

describe('history begins', () => {
  test.each([
    ['thirty trade dates before, at 18:00 of the evening before', '2026-11-20T13:45', '2026-10-08T22:00'],
    ['where it does all day long', '2026-11-19T23:00', '2026-10-08T22:00'],
    ['a trade date later once the next has opened', '2026-11-22T23:00', '2026-10-11T22:00'],
    ['so over a weekend already', '2026-11-21T12:00', '2026-10-11T22:00'],
    ['a trade date earlier after a holiday', '2026-11-27T13:45', '2026-10-14T22:00'],
  ])('%s', (_, now, start) => {
    expect(iso(historyStart('MES', at(now)))).toBe(start)
  })
})

describe('bars are held', () => {
  const range = { from: at('2026-11-18T23:00'), to: at('2026-11-20T13:45') }
  const wednesday = minutes('2026-11-18T23:00', '2026-11-19T22:00')
  const thursday = minutes('2026-11-19T23:00', '2026-11-20T13:45')
  const held = (...bars: readonly { readonly time: number }[]) => iso(heldUntil('MES', bars, range))

  test('to the end when none are missing; the hour of maintenance is no hole', () => {
    expect(held(...wednesday, ...thursday)).toBe('2026-11-20T13:45')
  })

  test('from the start on when there are none', () => {
    expect(held()).toBe('2026-11-18T23:00')
  })

  test('to the last one when the end is missing, be it one minute', () => {
    expect(held(...wednesday, ...thursday.slice(0, -1))).toBe('2026-11-20T13:44')
    expect(held(...wednesday)).toBe('2026-11-19T22:00')
  })

  test('not at all when the first hour is missing, though later ones are there', () => {
    expect(held(...wednesday.slice(60), ...thursday)).toBe('2026-11-18T23:00')
    expect(held(...thursday)).toBe('2026-11-18T23:00')
  })

  test('to a hole of an hour, not to one of a thin market', () => {
    const without = (count: number) => wednesday.filter((_, i) => i < 100 || i >= 100 + count)
    expect(held(...without(60), ...thursday)).toBe('2026-11-19T00:40')
    expect(held(...without(59), ...thursday)).toBe('2026-11-20T13:45')
    expect(held(...wednesday.slice(59), ...thursday)).toBe('2026-11-20T13:45')
  })

  test('over the closed hours an hour of open market is missing around', () => {
    const lateFriday = minutes('2026-11-20T14:00', '2026-11-20T21:30')
    const monday = minutes('2026-11-22T23:29', '2026-11-23T14:00')
    const weekend = { from: at('2026-11-20T14:00'), to: at('2026-11-23T14:00') }
    expect(iso(heldUntil('MES', [...lateFriday, ...monday], weekend))).toBe('2026-11-23T14:00')
    expect(iso(heldUntil('MES', [...lateFriday, ...monday.slice(1)], weekend))).toBe('2026-11-20T21:30')
  })
})

describe.each(databases)('history in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const closes = async (contract: number) => {
    const range = { from: 0, to: Number.MAX_SAFE_INTEGER }
    return [...(await readBars(database.db, { market: 'sim-7', instrument: 'MES', contract, ...range })).close]
  }

  test('is saved under the contract that was the front when each bar traded', async () => {
    const bars = [bar('2026-12-11T21:59', 1), bar('2026-12-13T23:00', 2), bar('2026-12-14T15:00', 3)]
    await saveHistory(database.db, 'sim-7', 'MES', bars)
    await saveHistory(database.db, 'sim-7', 'MES', bars)
    expect(await closes(202612)).toEqual([1])
    expect(await closes(202703)).toEqual([2, 3])
    const range = { from: at('2026-12-11T00:00'), to: at('2026-12-15T00:00') }
    expect(await readFrontRecords(database.db, 'sim-7', 'MES', range)).toStrictEqual(bars)
  })

  test('that is cut off on its way to the disk lacks a beginning, which is looked for, and nothing else', async () => {
    const range = { from: at('2026-11-16T23:00'), to: at('2026-11-19T20:10') }
    const open = minutes('2026-11-16T23:00', '2026-11-19T20:10').filter(({ time }) => isOpen('equity', time))
    const history = open.map(({ time }) => ({ ...bar('2026-11-16T23:00'), time }))
    expect(history).toHaveLength(4_030)
    let stored = 0
    const cutOff = { transaction: (run) => (++stored > 1 ? Promise.reject() : database.db.transaction(run)) } as Db
    await saveHistory(cutOff, 'cut', 'MES', history).catch(() => undefined)
    const { time } = await readBars(database.db, { market: 'cut', instrument: 'MES', contract: 202612, ...range })
    const held = [...time].map((each) => ({ time: each }))
    expect(held.length).toBeLessThan(4_000)
    expect(held).toEqual(open.slice(-held.length))
    expect(heldUntil('MES', held, range)).toBe(range.from)
  })

  test('may be none', async () => {
    await saveHistory(database.db, 'none', 'MES', [])
    const range = { from: 0, to: at('2026-12-15T00:00') }
    expect(await readFrontRecords(database.db, 'none', 'MES', { ...range, from: at('2026-12-11T00:00') })).toEqual([])
  })
})

test('columns become bars known whole', () => {
  const given = [bar('2026-11-20T14:30', 1), bar('2026-11-20T14:31', 2)]
  expect(toHistory(toColumns(given), 'synthetic market, seed 7', at('2026-12-31T00:00'))).toStrictEqual(given)
})

test('bars of several markets come in market order, at the same minute in the order of the markets', () => {
  const series = [
    { instrument: 'MGC', bars: [bar('2026-11-20T14:31', 1), bar('2026-11-20T14:33', 2)] },
    { instrument: 'MES', bars: [bar('2026-11-20T14:30', 3), bar('2026-11-20T14:31', 4)] },
  ] as const
  const mixed = interleave(series)
  expect(mixed.map(({ instrument, close }) => [instrument, close])).toEqual([
    ['MES', 3],
    ['MGC', 1],
    ['MES', 4],
    ['MGC', 2],
  ])
  expect(mixed[0]).toStrictEqual({ ...bar('2026-11-20T14:30', 3), instrument: 'MES' })
  expect(interleave([])).toEqual([])
})
