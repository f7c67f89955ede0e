import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { databases } from '#src/testing/database.ts'
import { barCoverage, readBars, saveBars } from './bars.ts'
import type { Database } from './connect.ts'

const minute = Date.UTC(2026, 10, 20, 14, 30)
const bar = (index: number, rest: Partial<RecordedBar> = {}): RecordedBar => ({
  time: minute + index * 60_000,
  open: 4100.1,
  high: 4101.3,
  low: 4099.8,
  close: 4100.7,
  volume: 12,
  finality: 'history',
  asOf: minute + 3_600_000,
  source: 'import:"a", {b}.csv',
  ...rest,
})
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER }

describe.each(databases)('bars in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const of = (market: string) => ({ market, instrument: 'MGC', contract: 202612 }) as const
  const save = (market: string, ...bars: RecordedBar[]) => saveBars(database.db, { ...of(market), bars })
  const closes = async (market: string) => [...(await readBars(database.db, { ...of(market), ...everything })).close]

  test('come back as columns, oldest first, to the last bit', async () => {
    expect(await save('exact', bar(1, { close: 0.1 + 0.2 }), bar(0))).toEqual({ stored: 2 })
    const columns = await readBars(database.db, { ...of('exact'), ...everything })
    expect(columns).toEqual({
      time: new Float64Array([minute, minute + 60_000]),
      open: new Float64Array([4100.1, 4100.1]),
      high: new Float64Array([4101.3, 4101.3]),
      low: new Float64Array([4099.8, 4099.8]),
      close: new Float64Array([4100.7, 0.30000000000000004]),
      volume: new Float64Array([12, 12]),
    })
  })

  test('are read from the first instant up to, not including, the last', async () => {
    await save('range', bar(0, { close: 1 }), bar(1, { close: 2 }), bar(2, { close: 3 }))
    const part = await readBars(database.db, { ...of('range'), from: minute + 60_000, to: minute + 120_000 })
    expect([...part.close]).toEqual([2])
    const none = await readBars(database.db, { ...of('range'), from: 0, to: minute })
    expect(none.time).toHaveLength(0)
  })

  test('of late history never overwrite a live bar', async () => {
    await save('late', bar(0, { finality: 'live', asOf: minute + 60_000, close: 1 }))
    expect(await save('late', bar(0, { finality: 'history', asOf: minute + 9_000_000, close: 2 }))).toEqual({
      stored: 0,
    })
    expect(await closes('late')).toEqual([1])
  })

  test.each([
    ['a later finality replaces an earlier one', 'live', 'settled', -1, 2],
    ['a newer view of the same finality replaces the older', 'live', 'live', 1, 2],
    ['an older view of the same finality changes nothing', 'live', 'live', -1, 1],
    ['the same view changes nothing', 'live', 'live', 0, 1],
    ['a partial bar never replaces history', 'history', 'partial', 1, 1],
  ] as const)('%s', async (market, first, second, later, expected) => {
    await save(market, bar(0, { finality: first, asOf: minute, close: 1 }))
    await save(market, bar(0, { finality: second, asOf: minute + later, close: 2 }))
    expect(await closes(market)).toEqual([expected])
  })

  test('of one minute given twice leave the better', async () => {
    await save('twice', bar(0, { finality: 'live', close: 1 }), bar(0, { finality: 'partial', close: 2 }))
    expect(await closes('twice')).toEqual([1])
  })

  test('in more than one batch are saved whole or not at all', async () => {
    const many = Array.from({ length: 10_500 }, (_, i) => bar(i))
    await expect(save('atomic', ...many, bar(10_500, { time: minute + 1 }))).rejects.toThrow()
    expect(await closes('atomic')).toEqual([])
    expect(await save('atomic', ...many)).toEqual({ stored: 10_500 })
    expect(await save('atomic', ...many)).toEqual({ stored: 0 })
    expect(await closes('atomic')).toHaveLength(10_500)
  })

  test('of no minutes are no work', async () => {
    expect(await save('nothing')).toEqual({ stored: 0 })
  })

  test('are counted by contract, and markets never mix', async () => {
    await save('real', bar(0), bar(1))
    await saveBars(database.db, { market: 'real', instrument: 'MGC', contract: 202602, bars: [bar(7)] })
    await saveBars(database.db, { market: 'real', instrument: 'SIL', contract: 202612, bars: [bar(3)] })
    await save('sim-7', bar(5))
    expect(await barCoverage(database.db, { market: 'real', instrument: 'MGC' })).toEqual([
      { contract: 202602, from: minute + 420_000, to: minute + 420_000, count: 1 },
      { contract: 202612, from: minute, to: minute + 60_000, count: 2 },
    ])
    expect(await barCoverage(database.db, { market: 'real', instrument: 'MNQ' })).toEqual([])
  })
})
