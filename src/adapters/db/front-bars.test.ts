import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { databases } from '#src/testing/database.ts'
import { saveBars } from './bars.ts'
import type { Database } from './connect.ts'
import { frontStretches, readFrontBars, readFrontRecords, readTimeframe } from './front-bars.ts'

const at = (text: string): number => Date.parse(`${text}:00Z`)

/** A bar of the minute that opens, rises one, falls one and closes half a point higher; ten contracts. */
const bar = (time: string, open: number) => ({
  time: at(time),
  ...{ open, high: open + 1, low: open - 1, close: open + 0.5, volume: 10 },
  ...{ finality: 'history' as const, asOf: at('2026-12-31T00:00'), source: 'import:es.csv' },
})

describe.each(databases)('front bars in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    const save = (instrument: InstrumentId, contract: number, ...bars: ReturnType<typeof bar>[]) =>
      saveBars(database.db, { market: 'real', instrument, contract, bars })
    // The S&P 500 leaves December for March with the trade date of Monday 2026-12-14, which opens on Sunday at 18:00.
    await save('MES', 202612, bar('2026-12-11T21:59', 1), bar('2026-12-11T22:59', 2), bar('2026-12-13T23:00', 99))
    await save('MES', 202703, bar('2026-12-11T22:58', 99), bar('2026-12-13T23:00', 3), bar('2026-12-14T15:00', 4))
    await saveBars(database.db, {
      market: 'sim-7',
      instrument: 'MES',
      contract: 202703,
      bars: [bar('2026-12-14T15:01', 99)],
    })
    await save(
      'MGC',
      202612,
      bar('2026-11-19T21:59', 10),
      bar('2026-11-19T23:00', 20),
      bar('2026-11-20T14:59', 30),
      bar('2026-11-20T15:00', 40),
      bar('2026-11-20T15:04', 50),
      bar('2026-11-20T15:05', 60),
      bar('2026-11-20T21:59', 70),
      bar('2026-11-22T23:00', 80),
    )
  })
  afterAll(() => database.close())

  const opens = async (from: string, to: string, instrument: InstrumentId = 'MES') =>
    (await readFrontBars(database.db, 'real', instrument, { from: at(from), to: at(to) })).map((each) => each.open)
  const rolled = async (timeframe: Timeframe, from: string, to: string) => {
    const columns = await readTimeframe(database.db, 'real', 'MGC', timeframe, { from: at(from), to: at(to) })
    return Array.from(columns.time, (time, i) => [
      new Date(time).toISOString().slice(0, 16),
      columns.open[i],
      columns.high[i],
      columns.low[i],
      columns.close[i],
      columns.volume[i],
    ])
  }

  test('change the contract with the trade date of the roll, on the evening before', async () => {
    expect(await opens('2026-12-11T00:00', '2026-12-15T00:00')).toEqual([1, 2, 3, 4])
    const [first] = await readFrontBars(database.db, 'real', 'MES', {
      from: at('2026-12-11T00:00'),
      to: at('2026-12-12T00:00'),
    })
    expect(first).toEqual({ time: at('2026-12-11T21:59'), open: 1, high: 2, low: 0, close: 1.5, volume: 10 })
  })

  test('begin in the range, its end excluded, on either side of a roll', async () => {
    expect(await opens('2026-12-11T22:59', '2026-12-13T23:00')).toEqual([2])
    expect(await opens('2026-12-13T23:00', '2026-12-14T15:00')).toEqual([3])
    expect(await opens('2026-12-14T15:00', '2026-12-14T15:01')).toEqual([4])
  })

  test.each([
    ['ends where it begins', '2026-12-14T15:00', '2026-12-14T15:00'],
    ['ends before it begins', '2026-12-15T15:00', '2026-12-14T15:00'],
    ['lies in a weekend', '2026-12-12T00:00', '2026-12-13T00:00'],
    ['lies where nothing is stored', '2026-06-01T00:00', '2026-07-01T00:00'],
  ])('are none when the range %s', async (_, from, to) => {
    const range = { from: at(from), to: at(to) }
    expect(await readFrontBars(database.db, 'real', 'MES', range)).toEqual([])
    expect(await readFrontRecords(database.db, 'real', 'MES', range)).toEqual([])
    expect((await readTimeframe(database.db, 'real', 'MES', '1d', range)).time).toHaveLength(0)
    expect((await readTimeframe(database.db, 'real', 'MES', '5m', range)).time).toHaveLength(0)
  })

  test('come with how they came to be, as they were saved', async () => {
    const range = { from: at('2026-12-11T00:00'), to: at('2026-12-13T23:01') }
    expect(await readFrontRecords(database.db, 'real', 'MES', range)).toStrictEqual([
      bar('2026-12-11T21:59', 1),
      bar('2026-12-11T22:59', 2),
      bar('2026-12-13T23:00', 3),
    ])
  })

  test('of a minute are the stored ones', async () => {
    expect(await rolled('1m', '2026-11-20T15:00', '2026-11-20T15:05')).toEqual([
      ['2026-11-20T15:00', 40, 41, 39, 40.5, 10],
      ['2026-11-20T15:04', 50, 51, 49, 50.5, 10],
    ])
  })

  test('of five minutes and of an hour keep to the clock', async () => {
    expect(await rolled('5m', '2026-11-20T14:55', '2026-11-20T15:10')).toEqual([
      ['2026-11-20T14:55', 30, 31, 29, 30.5, 10],
      ['2026-11-20T15:00', 40, 51, 39, 50.5, 20],
      ['2026-11-20T15:05', 60, 61, 59, 60.5, 10],
    ])
    expect(await rolled('60m', '2026-11-20T14:00', '2026-11-20T16:00')).toEqual([
      ['2026-11-20T14:00', 30, 31, 29, 30.5, 10],
      ['2026-11-20T15:00', 40, 61, 39, 60.5, 30],
    ])
  })

  test('of a day are trade dates, from 18:00 New York of the evening before', async () => {
    expect(await rolled('1d', '2026-11-18T23:00', '2026-11-23T00:00')).toEqual([
      ['2026-11-18T23:00', 10, 11, 9, 10.5, 10],
      ['2026-11-19T23:00', 20, 71, 19, 70.5, 60],
      ['2026-11-22T23:00', 80, 81, 79, 80.5, 10],
    ])
  })

  test('are whole or left out where a range cuts through them', async () => {
    expect(await rolled('5m', '2026-11-20T15:01', '2026-11-20T15:06')).toEqual([
      ['2026-11-20T15:05', 60, 61, 59, 60.5, 10],
    ])
    expect(await rolled('15m', '2026-11-20T14:50', '2026-11-20T15:03')).toEqual([
      ['2026-11-20T15:00', 40, 61, 39, 60.5, 30],
    ])
    expect(await rolled('1d', '2026-11-19T12:00', '2026-11-20T15:01')).toEqual([
      ['2026-11-19T23:00', 20, 71, 19, 70.5, 60],
    ])
  })

  describe('of contracts that were changed earlier than the calendar has it', () => {
    // On the evening of Thursday the 10th, two trade dates early.
    const fronts = createFronts([{ instrument: 'MES', tradeDate: '2026-12-11', contract: 202703, reason: 'volume' }])
    const range = { from: at('2026-12-10T00:00'), to: at('2026-12-15T00:00') }
    const week = { db: () => database.db, market: 'week' }
    beforeAll(async () => {
      const save = (contract: number, ...bars: ReturnType<typeof bar>[]) =>
        saveBars(week.db(), { market: week.market, instrument: 'MES', contract, bars })
      await save(202612, bar('2026-12-10T15:00', 100), bar('2026-12-10T21:58', 110), bar('2026-12-10T21:59', 112))
      await save(202703, bar('2026-12-09T21:59', 1), bar('2026-12-10T21:58', 140), bar('2026-12-10T23:00', 145))
    })
    const read = (adjust: 'none' | 'back', options = { fronts }) =>
      readFrontBars(week.db(), week.market, 'MES', range, { ...options, adjust })

    test('are of the contract that was decided', async () => {
      expect((await read('none')).map((each) => each.open)).toEqual([100, 110, 112, 145])
      expect((await readFrontBars(week.db(), week.market, 'MES', range)).map((each) => each.open)).toEqual([
        100, 110, 112,
      ])
      expect(
        (await readFrontRecords(week.db(), week.market, 'MES', range, { fronts })).map((each) => each.open),
      ).toEqual([100, 110, 112, 145])
      const hours = await readTimeframe(week.db(), week.market, 'MES', '60m', range, { fronts })
      expect([...hours.open]).toEqual([100, 110, 145])
    })

    test('say where one contract follows another', () => {
      expect(frontStretches('MES', range, fronts)).toEqual([
        { contract: 202612, from: at('2026-12-10T00:00'), to: at('2026-12-10T23:00') },
        { contract: 202703, from: at('2026-12-10T23:00'), to: at('2026-12-15T00:00') },
      ])
      expect(frontStretches('MES', range).map(({ contract, to }) => [contract, to])).toEqual([
        [202612, at('2026-12-11T23:00')],
        [202703, at('2026-12-15T00:00')],
      ])
    })

    test('are moved by the price gap of the last minute both traded, and the newest stay as they were', async () => {
      // At 21:58 the old one closed at 110.5, the new one at 140.5: what came before is 30 points higher.
      expect((await read('back')).map(({ open, high, low, close }) => [open, high, low, close])).toEqual([
        [130, 131, 129, 130.5],
        [140, 141, 139, 140.5],
        [142, 143, 141, 142.5],
        [145, 146, 144, 145.5],
      ])
    })

    test('stay as they were where no minute of both is stored', async () => {
      const opens = (await readFrontBars(database.db, 'real', 'MES', range, { adjust: 'back' })).map(
        (each) => each.open,
      )
      expect(opens).toEqual([1, 2, 3, 4])
    })
  })
})
