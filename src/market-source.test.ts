import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saveBars } from '#src/adapters/db/bars.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { bars } from '#src/adapters/db/schema.ts'
import { historyOf } from '#src/adapters/feed/synthetic/history-of.ts'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { saveHistory, toHistory } from '#src/adapters/history.ts'
import { planDayStart } from '#src/adapters/start-time.ts'
import { readConfig } from '#src/config.ts'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar, RecordedBar } from '#src/domain/market/bar.ts'
import { type BarColumns, toColumns } from '#src/domain/market/series.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { type MarketSource, openMarket } from './market-source.ts'

const quiet = pino({ level: 'silent' })

const at = (text: string): number => Date.parse(`${text}:00Z`)
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16)

const friday = at('2026-11-20T14:00')

const [{ open }] = databases
let database: Database
const forget = async (): Promise<void> => void (await database.db.execute(sql`truncate bars`))
/** How many bars are stored, of whatever market. */
const stored = (): Promise<number> => database.db.$count(bars)
beforeAll(async () => {
  database = await open()
})
afterAll(() => database.close())
beforeEach(() => forget())

/** Silver alone, unless told: it is thin, some of its trade dates begin or end with a minute without a trade. */
const start = (variables: NodeJS.ProcessEnv = {}, now = friday) =>
  openMarket(database, readConfig({ INSTRUMENTS: 'SIL', ...variables }), quiet, () => now)

/** Everything a start hands the engine of a market, in its order. */
const barsOf = async (source: MarketSource, id: InstrumentId): Promise<readonly Bar[]> => {
  const dayStart = planDayStart(source.startAt)
  return [...(await source.past(id, dayStart)), ...(await source.today(id, dayStart))]
}

/** The bars to the last bit. */
const digestOf = (columns: BarColumns): string => {
  const hash = createHash('sha256')
  for (const column of Object.values(columns)) hash.update(column)
  return `${columns.time.length} bars, ${hash.digest('hex')}`
}

const made = createSyntheticMarket({ seed: 7 })

/** Whether a start hands over the synthetic market itself, all thirty trade dates of it and the day so far. */
const isComplete = async (source: MarketSource, id: InstrumentId = 'SIL'): Promise<void> =>
  expect(digestOf(toColumns(await barsOf(source, id)))).toBe(digestOf(historyOf(made, id, source.startAt)))

/** What the recorder keeps of a running market: every bar from one instant to another, live. */
const record = async (id: InstrumentId, from: string, to: string): Promise<void> => {
  const bars = toHistory(historyOf(made, id, at(to), 0), 'synthetic market, seed 7', at(to))
    .filter(({ time }) => time >= at(from))
    .map((bar): RecordedBar => ({ ...bar, finality: 'live' }))
  await saveHistory(database.db, 'sim-7', id, bars)
}

describe('the synthetic market', () => {
  test('makes thirty trade dates at its first start, keeps them, and makes nothing at its second', async () => {
    const first = await start()
    expect(first).toMatchObject({
      mode: 'SIM MARKET',
      source: 'synthetic market, seed 7',
      grain: 'tick',
      market: 'sim-7',
      ledger: 'sim-7',
      startAt: at('2026-11-20T13:45'),
    })
    await isComplete(first)
    const whole = await barsOf(first, 'SIL')
    const dates = new Set(whole.map(({ time }) => dateOfBar('metals', time)))
    expect([dates.size, [...dates].at(0), [...dates].at(-1)]).toEqual([31, '2026-10-09', '2026-11-20'])
    await first.settle()
    expect(await stored()).toBe(whole.length)

    const second = await start({}, friday + 3_600_000)
    expect(second.startAt).toBe(first.startAt)
    const read = await barsOf(second, 'SIL')
    expect(digestOf(toColumns(read))).toBe(digestOf(toColumns(whole)))
    // What a start makes it stores: of what was there before nothing comes back.
    await forget()
    await second.settle()
    expect(await stored()).toBe(0)
  })

  test('hands over the same bars before and after they are stored, today with how they came to be', async () => {
    const source = await start()
    const dayStart = planDayStart(source.startAt)
    const [past, today] = [await source.past('SIL', dayStart), await source.today('SIL', dayStart)]
    expect(past.at(-1)?.time).toBeLessThan(dayStart)
    expect(today[0]).toMatchObject({ finality: 'history', asOf: source.startAt, source: source.source })
    await source.settle()
    expect(toColumns(await source.past('SIL', dayStart))).toEqual(toColumns(past))
    expect(await source.today('SIL', dayStart)).toStrictEqual(today)
  })

  test('goes on where it was left the same day, and fills in what one market lacks', async () => {
    const both = { INSTRUMENTS: 'SIL,MES' }
    await (await start(both)).settle()
    await record('MES', '2026-11-20T13:45', '2026-11-20T14:30')
    await record('SIL', '2026-11-20T13:45', '2026-11-20T14:20')
    const source = await start(both, at('2026-11-20T14:01'))
    expect(iso(source.startAt)).toBe('2026-11-20T14:30')
    await isComplete(source, 'MES')
    await isComplete(source, 'SIL')
    const today = await source.today('MES', planDayStart(source.startAt))
    expect(today.at(-1)).toMatchObject({ time: at('2026-11-20T14:29'), finality: 'live' })
  })

  test('begins the morning anew when it was left after the trading hours, and the next morning on the next day', async () => {
    await (await start()).settle()
    await record('SIL', '2026-11-20T13:45', '2026-11-20T17:01')
    const again = await start()
    expect(iso(again.startAt)).toBe('2026-11-20T13:45')
    await isComplete(again)
    const monday = await start({}, at('2026-11-23T15:00'))
    expect(iso(monday.startAt)).toBe('2026-11-23T13:45')
    await isComplete(monday)
  })

  test('is made whole after a crash before the history was stored', async () => {
    await start()
    await record('SIL', '2026-11-20T13:45', '2026-11-20T13:50')
    const source = await start()
    expect(iso(source.startAt)).toBe('2026-11-20T13:50')
    await isComplete(source)
  })

  test('started in the past knows nothing of what is stored later', async () => {
    await (await start()).settle()
    const earlier = await start({ SIM_START: '2026-11-10T15:00:30Z' })
    expect(iso(earlier.startAt)).toBe('2026-11-10T15:00')
    await isComplete(earlier)
    await earlier.settle()
    await isComplete(await start())
  })

  test('does not take the evening a later start has stored for where it was left', async () => {
    await (await start()).settle()
    const thursday = await start({}, at('2026-11-19T15:00'))
    expect(iso(thursday.startAt)).toBe('2026-11-19T13:45')
    await isComplete(thursday)
  })

  test('fills a hole between what two starts far apart have stored', async () => {
    for (const SIM_START of ['2026-03-10T15:00:00Z', '2026-11-20T13:45:00Z'])
      await (await start({ SIM_START })).settle()
    await isComplete(await start({ SIM_START: '2026-09-10T15:00:00Z' }))
    await isComplete(await start({ SIM_START: '2026-10-20T15:00:00Z' }))
  })

  test('runs its clock at the configured speed from where it starts', async () => {
    const source = await start({ SIM_SPEED: '0' })
    expect(source.startClock()).toMatchObject({ speed: 0 })
    expect(source.startClock().now()).toBe(source.startAt)
    expect(source.createFeed(source.startClock())).toMatchObject({ mode: 'SIM MARKET', source: source.source })
  })
})

describe('a replay', () => {
  const variables = {
    FEED: 'replay',
    INSTRUMENTS: 'MES',
    REPLAY_FROM: '2013-10-09T14:00:00Z',
    REPLAY_TO: '2013-10-09T14:02:00Z',
  }
  const bar = (time: string, close: number): RecordedBar => ({
    time: at(time),
    ...{ open: close, high: close, low: close, close, volume: 1 },
    ...{ finality: 'history', asOf: friday, source: 'import:es.csv' },
  })
  const closes = (bars: readonly Bar[]) => bars.map(({ close }) => close)

  beforeEach(async () => {
    const of = { instrument: 'MES', contract: 201312 } as const
    const real = [
      bar('2013-10-08T15:00', 1),
      bar('2013-10-09T03:59', 2),
      bar('2013-10-09T04:00', 3),
      bar('2013-10-09T13:59', 4),
      bar('2013-10-09T14:00', 5),
      bar('2013-10-09T14:01', 6),
    ]
    await saveBars(database.db, { market: 'real', ...of, bars: real })
    for (const market of ['sim-7', 'replay-1'])
      await saveBars(database.db, { market, ...of, bars: real.map((each) => ({ ...each, close: 99 })) })
  })

  test('reads recorded bars of the real market alone', async () => {
    const source = await start(variables)
    expect(source).toMatchObject({
      mode: 'REPLAY',
      source: 'recorded bars, 2013-10-09',
      grain: 'bar',
      market: 'real',
      startAt: at('2013-10-09T14:00'),
    })
    const dayStart = planDayStart(source.startAt)
    expect(closes(await source.past('MES', dayStart))).toEqual([1, 2])
    expect(await source.today('MES', dayStart)).toStrictEqual([bar('2013-10-09T04:00', 3), bar('2013-10-09T13:59', 4)])
    expect(await source.past('MGC', dayStart)).toEqual([])
  })

  test('plays the bars of its range and nothing else', async () => {
    const source = await start(variables)
    const hands = createHandClock(source.startAt)
    const played: number[] = []
    const feed = source.createFeed(hands.clock)
    const over = new Promise<void>((resolve) => {
      feed.start({
        onTick: () => {},
        onQuote: () => {},
        onBar: (_, { close }) => played.push(close),
        onTime: () => {},
        onHistory: () => {},
        onSecondPrice: () => {},
        onFeedState: (state) => state === 'finished' && resolve(),
      })
    })
    await hands.pass(600_000)
    await over
    expect(played).toEqual([5, 6])
    await feed.stop()
  })

  test('keeps a ledger of its own, and leaves what is stored as it is', async () => {
    const before = await stored()
    const [first, second] = [await start(variables, 1_000), await start(variables, 2_000)]
    expect([first.ledger, second.ledger]).toEqual(['replay-1000', 'replay-2000'])
    await first.settle()
    const range = { from: at('2013-10-09T00:00'), to: at('2013-10-10T00:00') }
    expect(closes(await readFrontRecords(database.db, 'real', 'MES', range))).toEqual([2, 3, 4, 5, 6])
    expect(await stored()).toBe(before)
  })
})

test('a stop does not wait until the past is stored: the next start makes what is missing', async () => {
  const whole = await barsOf(await start(), 'SIL')
  const source = await start()
  await source.settle(AbortSignal.abort())
  expect(await barsOf(await start(), 'SIL')).toEqual(whole)
})

test('an older past is made date by date, and goes on where it was stopped', async () => {
  const source = await start()
  await source.settle()
  const datesStored = async (): Promise<number> => {
    const bars = await readFrontRecords(database.db, 'sim-7', 'SIL', { from: at('2026-01-01T00:00'), to: friday })
    return new Set(bars.map(({ time }) => dateOfBar('metals', time))).size
  }
  const stopAfter = (dates: number) => {
    let turns = 0
    return async (): Promise<void> => {
      if (turns++ === dates) throw new Error('stopped')
    }
  }
  const before = await datesStored()
  for (const dates of [2, 1]) await expect(source.deepen?.(stopAfter(dates), () => {})).rejects.toThrow('stopped')
  expect((await datesStored()) - before).toBe(3)
})
