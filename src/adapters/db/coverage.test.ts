import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { databases } from '#src/testing/database.ts'
import { saveBars } from './bars.ts'
import type { Database } from './connect.ts'
import { askedOf, countGaps, coverStored, latestGaps, noteFilledGap, noteGap } from './coverage.ts'

const at = (text: string): number => Date.parse(`${text}:00Z`)
const monday = '2026-11-16'
const opened = at('2026-11-15T23:00')
const now = at('2026-11-15T23:10')

const bar = (minute: number, close: number, how: Partial<RecordedBar> = {}): RecordedBar => ({
  time: opened + minute * 60_000,
  ...{ open: 4000, high: 4010, low: 3990, close, volume: 5 },
  ...{ finality: 'history', asOf: now, source: 'massive' },
  ...how,
})

describe.each(databases)('coverage in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const of = (market: string) => ({ market, instrument: 'MES' as const, contract: 202612, tradeDate: monday })
  const answer = (askedTo: number, ...bars: RecordedBar[]) => ({ source: 'massive', askedTo, bars, duplicates: 0 })
  const cover = (market: string, given?: ReturnType<typeof answer>, wall = 1) =>
    coverStored(database.db, { ...of(market), now, wall, ...(given && { answer: given }) })
  const gap = (market: string, from: number, to: number) => ({
    ...{ market, instrument: 'MES' as const, contract: 202612, reason: 'reconnect' as const },
    ...{ from: opened + from * 60_000, to: opened + to * 60_000 },
  })

  test('tells holes from minutes nobody traded in by how far the source was asked', async () => {
    const { coverage, fresh } = await cover('holes', answer(opened + 4 * 60_000, bar(0, 4001), bar(2, 4002)))
    expect(coverage).toEqual({
      ...{ tradeDate: monday, contract: 202612, expected: 10, present: 2, partial: 0, silent: 2 },
      holes: [{ from: opened + 4 * 60_000, to: now }],
      ...{ offHours: 0, offGrid: 0, outliers: 0, duplicates: 0, sources: ['massive'] },
    })
    expect(fresh.map(({ close }) => close)).toEqual([4001, 4002])
    expect(await askedOf(database.db, 'holes')).toEqual([
      { instrument: 'MES', contract: 202612, tradeDate: monday, askedTo: opened + 4 * 60_000, present: 2 },
    ])
  })

  test('names as new only what was new or better', async () => {
    await saveBars(database.db, {
      ...of('better'),
      bars: [
        bar(0, 4001, { finality: 'live', source: 'feed' }),
        bar(1, 4001, { finality: 'partial', source: 'feed' }),
        bar(2, 4001, { asOf: 5 }),
        bar(3, 4001, { asOf: 5 }),
      ],
    })
    const { fresh } = await cover(
      'better',
      answer(now, bar(0, 4002), bar(1, 4003), bar(2, 4001), bar(3, 4005), bar(4, 4006)),
    )
    expect(fresh.map(({ close }) => close)).toEqual([4003, 4005, 4006])
  })

  test('never forgets how far the source was asked, however many count at the same time', async () => {
    await Promise.all([
      cover('race', answer(opened + 3 * 60_000, bar(0, 4001))),
      ...Array.from({ length: 6 }, () => cover('race')),
      cover('race', { ...answer(opened + 2 * 60_000), duplicates: 3 }),
    ])
    const { coverage, askedTo } = await cover('race')
    expect(askedTo).toBe(opened + 3 * 60_000)
    expect(coverage).toMatchObject({ present: 1, silent: 2, duplicates: 3 })
  })

  test('keeps nothing of an answer it cannot keep whole', async () => {
    const half = { ...bar(1, 4002), time: opened + 30_000 }
    await expect(cover('half', answer(now, bar(0, 4001), half))).rejects.toThrow()
    expect(await askedOf(database.db, 'half')).toEqual([])
    expect((await cover('half')).coverage).toMatchObject({ present: 0 })
  })

  test('gaps that touch are one until they are filled, and count what filled them', async () => {
    await noteGap(database.db, { ...gap('gaps', 2, 4), foundAt: 100 })
    await noteGap(database.db, { ...gap('gaps', 4, 5), foundAt: 101 })
    await noteGap(database.db, { ...gap('gaps', 7, 8), foundAt: 102 })
    await cover('gaps', answer(opened + 4 * 60_000, bar(1, 4001), bar(2, 4001)), 200)
    expect(await countGaps(database.db, 'gaps', 100)).toEqual({ found: 2, filled: 0 })
    await cover('gaps', answer(opened + 5 * 60_000, bar(2, 4001), bar(4, 4001)), 300)
    expect(await latestGaps(database.db, 'gaps', 5)).toMatchObject([
      { ...gap('gaps', 7, 8), foundAt: 102, bars: 0 },
      { ...gap('gaps', 2, 5), foundAt: 100, filledAt: 300, bars: 2 },
    ])
    await noteGap(database.db, { ...gap('gaps', 4, 6), foundAt: 400 })
    expect(await countGaps(database.db, 'gaps', 101)).toEqual({ found: 2, filled: 0 })
    expect(await countGaps(database.db, 'gaps', 100)).toEqual({ found: 3, filled: 1 })
  })

  test('a gap found when it was filled is both at once', async () => {
    await noteFilledGap(database.db, { ...gap('found', 0, 3), reason: 'nightly', bars: 3, at: 500 })
    expect(await latestGaps(database.db, 'found', 1)).toMatchObject([{ foundAt: 500, filledAt: 500, bars: 3 }])
  })
})
