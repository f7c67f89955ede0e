import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readBars, saveBars } from '#src/adapters/db/bars.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { latestGaps } from '#src/adapters/db/coverage.ts'
import { latestRuns, startRun } from '#src/adapters/db/runs.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import type { HistoryReading } from '#src/domain/picture.ts'
import type { Refused } from '#src/engine/ports.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createPast, pastOf } from '#src/testing/past.ts'
import { createHistoryKeeper } from './history.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const at = (text: string): number => Date.parse(`${text}:00Z`)

/** Friday 2026-11-20, 10:00 New York: the trade date opened at 23:00 UTC of Thursday. */
const friday = at('2026-11-20T15:00')
const unavailable: Refused = { ok: false, reason: 'unavailable', detail: 'the source does not answer' }

type Room = {
  readonly market: string
  readonly instruments?: readonly InstrumentId[]
  readonly days?: number
  readonly hand?: ReturnType<typeof createHandClock>
} & Partial<Omit<Parameters<typeof createPast>[0], 'now'>>

describe.each(databases)('the history in $name', ({ name, open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  const createRoom = ({ market, instruments = ['MES'], days = 6, hand = createHandClock(friday), ...past }: Room) => {
    const { source, asked, given } = createPast({ now: hand.clock.now, ...past })
    const told: { instrument: InstrumentId; bars: readonly RecordedBar[] }[] = []
    const readings: Omit<HistoryReading, 'rolls'>[] = []
    const keeper = createHistoryKeeper({
      ...{ db: database.db, market, source, instruments, days, log },
      ...{ clock: hand.clock, schedule: hand.schedule, fronts: () => frontContract },
      onBars: (instrument, bars) => told.push({ instrument, bars }),
      onReading: (reading) => readings.push(reading),
    })
    stops.push(keeper.stop)
    return { keeper, asked, given, told, readings, hand }
  }

  const all = { from: 0, to: Number.MAX_SAFE_INTEGER }
  const timesOf = async (market: string, instrument: InstrumentId, contract: number) => [
    ...(await readBars(database.db, { market, instrument, contract, ...all })).time,
  ]
  const iso = (time: number): string => new Date(time).toISOString().slice(0, 16)
  const spans = (asked: readonly { contract: string; from: number; to: number }[]) =>
    asked.map(({ contract, from, to }) => `${contract} ${iso(from)} ${iso(to)}`)

  test('is asked for newest first, each contract in one question, and kept with what the source has of it', async () => {
    const { keeper, asked, told } = createRoom({ market: 'newest', instruments: ['MES', 'MCL'], days: 16 })
    await keeper.start()
    // Crude leaves December for January with the trade date of Friday 2026-11-13: both are wanted for six dates before it.
    expect(spans(asked).sort()).toEqual([
      'MCL F7 2026-11-04T23:00 2026-11-20T15:00',
      'MCL Z6 2026-11-03T23:00 2026-11-12T23:00',
      'MES Z6 2026-11-03T23:00 2026-11-20T15:00',
    ])
    const z6 = contractOf('MES', 202612)
    expect(await timesOf('newest', 'MES', 202612)).toEqual(
      pastOf(z6, at('2026-11-03T23:00'), friday).map(({ time }) => time),
    )
    // 'MCL F7' before the roll is kept, but it was not the front: nobody is told.
    expect(
      told.filter(({ instrument }) => instrument === 'MCL').map(({ bars }) => iso(bars[0]?.time ?? 0)),
    ).toHaveLength(13)
    const reading = keeper.reading()
    expect(reading).toMatchObject({ source: 'past', state: 'idle', detail: 'held from 2026-11-04 on', progress: 1 })
    const mes = reading.markets[0]?.dates
      .slice(-8)
      .map(({ tradeDate, expected, present, silent, holes }) => [tradeDate, expected, present + silent, holes.length])
    expect(mes).toEqual([
      ['2026-11-11', 1380, 1380, 0],
      ['2026-11-12', 1380, 1380, 0],
      ['2026-11-13', 1380, 1380, 0],
      ['2026-11-16', 1380, 1380, 0],
      ['2026-11-17', 1380, 1380, 0],
      ['2026-11-18', 1380, 1380, 0],
      ['2026-11-19', 1380, 1380, 0],
      ['2026-11-20', 960, 960, 0],
    ])
  })

  test('goes on where it was stopped, and asks for nothing twice', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 3_000 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
        async (pageBars, stopsAfter) => {
          const market = `stops-${runs++}`
          const pages: ReturnType<typeof createRoom>['given'][] = []
          for (const stopAfter of [...stopsAfter, Number.POSITIVE_INFINITY]) {
            let answers = 0
            const { keeper, given } = createRoom({
              ...{ market, instruments: ['MES', 'MCL'], pageBars },
              answer: () => {
                if (answers++ === stopAfter) void keeper.stop()
                return undefined
              },
            })
            pages.push(given)
            await keeper.start()
            await keeper.stop()
          }
          for (const [instrument, contract, from] of [
            ['MES', 202612, '2026-11-13T23:00'],
            ['MCL', 202701, '2026-11-13T23:00'],
          ] as const) {
            const whole = pastOf(contractOf(instrument, contract), at(from), friday)
            expect(await timesOf(market, instrument, contract)).toEqual(whole.map(({ time }) => time))
          }
          const minutes = pages
            .flat()
            .flatMap(({ contract, from, to }) =>
              Array.from({ length: (to - from) / minuteMs }, (_, i) => `${contract} ${from + i * minuteMs}`),
            )
          expect(new Set(minutes).size).toBe(minutes.length)
        },
      ),
      { numRuns: name === 'PGlite' ? 4 : 8 },
    )
  }, 120_000)

  test('is not asked for again while key or plan are not good enough, until the next night', async () => {
    let refused: Refused | undefined = { ok: false, reason: 'bad-key', detail: 'the key is not known' }
    const { keeper, asked, hand } = createRoom({
      market: 'bad-key',
      instruments: ['MES', 'MNQ'],
      answer: () => refused,
    })
    await keeper.start()
    expect(asked.length).toBeLessThanOrEqual(2)
    expect(keeper.reading()).toMatchObject({ state: 'waiting', detail: 'the key is not known' })
    keeper.fill('MES', at('2026-11-20T14:00'), at('2026-11-20T14:05'), 'reconnect')
    await hand.pass(10_000)
    expect(asked.length).toBeLessThanOrEqual(2)
    refused = undefined
    await keeper.nightly()
    expect(keeper.reading()).toMatchObject({ state: 'idle', detail: 'held from 2026-10-26 on' })
  }, 60_000)

  test('reaches as far as the plan does when the source says so for old dates only', async () => {
    const { keeper } = createRoom({
      ...{ market: 'plan', instruments: ['MCL'], days: 75 },
      answer: ({ contract }) =>
        contract === 'MCL F7' ? undefined : { ok: false, reason: 'not-entitled', detail: 'not in this plan' },
    })
    await keeper.start()
    expect(keeper.reading()).toMatchObject({ state: 'idle', detail: 'held from 2026-11-13 on', progress: 1 })
  }, 60_000)

  test('ends where the source has nothing older, and stays ended after a start', async () => {
    const room = { market: 'begins', days: 300, begins: at('2026-11-12T23:00') } as const
    const first = createRoom(room)
    await first.keeper.start()
    await first.keeper.stop()
    expect(first.keeper.reading()).toMatchObject({ state: 'idle', detail: 'held from 2026-11-13 on' })
    // 24 trade dates of the first question were empty and all of the second: the summer is not asked for.
    expect(spans(first.asked)).toEqual([
      'MES Z6 2026-10-09T22:00 2026-11-20T15:00',
      'MES Z6 2026-09-02T22:00 2026-10-09T22:00',
    ])
    const second = createRoom(room)
    await second.keeper.start()
    expect(spans(second.asked)).toEqual(['MES Z6 2026-11-20T14:59 2026-11-20T15:00'])
  }, 60_000)

  test('is asked for again after longer and longer waits while the source does not answer', async () => {
    let answers = false
    const { keeper, asked, hand } = createRoom({ market: 'waits', answer: () => (answers ? undefined : unavailable) })
    const done = keeper.start()
    const wait = async (ms: number, times: number): Promise<void> => {
      await hand.pass(ms)
      await vi.waitFor(() => expect(asked).toHaveLength(times))
    }
    await vi.waitFor(() => expect(keeper.reading()).toMatchObject({ state: 'waiting', detail: unavailable.detail }))
    await wait(4_000, 1)
    await wait(1_000, 2)
    await vi.waitFor(() => expect(keeper.reading().state).toBe('waiting'))
    await wait(9_000, 2)
    answers = true
    await wait(1_000, 3)
    await done
    expect(keeper.reading()).toMatchObject({ state: 'idle', progress: 1 })
  }, 60_000)

  test('leaves out what is answered with garbage three times', async () => {
    const garbage: Refused = { ok: false, reason: 'garbage', detail: 'unreadable' }
    const { keeper, asked, hand } = createRoom({
      ...{ market: 'garbage', instruments: ['MES', 'MNQ'] },
      answer: ({ contract }) => (contract === 'MES Z6' ? garbage : undefined),
    })
    const done = keeper.start()
    for (const tries of [1, 2, 3]) {
      await vi.waitFor(() => expect(asked.filter(({ contract }) => contract === 'MES Z6')).toHaveLength(tries))
      await new Promise((resolve) => setTimeout(resolve, 20))
      await hand.pass(20_000)
    }
    await done
    expect(asked.filter(({ contract }) => contract === 'MES Z6')).toHaveLength(3)
    expect(await timesOf('garbage', 'MNQ', 202612)).not.toHaveLength(0)
    expect(keeper.reading().state).toBe('idle')
  }, 60_000)

  test('waits for another process that fetches it, until that one is gone', async () => {
    const { keeper, asked, hand } = createRoom({ market: 'lock', days: 1 })
    const wall = hand.clock.wall()
    await startRun(database.db, { market: 'lock', job: 'history', at: wall, leaseUntil: wall + 15_000 })
    const done = keeper.start()
    await vi.waitFor(() =>
      expect(keeper.reading()).toMatchObject({ state: 'waiting', detail: 'another process is fetching the history' }),
    )
    expect(asked).toEqual([])
    await hand.pass(15_000)
    await done
    expect(asked).toHaveLength(1)
    await vi.waitFor(async () =>
      expect(await latestRuns(database.db, 'lock', 2)).toMatchObject([
        { state: 'done', progress: 1, detail: { dates: 1 } },
        { state: 'failed' },
      ]),
    )
  }, 60_000)

  test('does not hold up a start for longer than it may', async () => {
    let release = (): void => {}
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined)
    })
    const { keeper, hand } = createRoom({ market: 'prepare', answer: () => held })
    let ready = false
    const preparing = keeper.prepare(3, 90_000).then(() => {
      ready = true
    })
    await hand.pass(89_999)
    expect(ready).toBe(false)
    await hand.pass(1)
    await preparing
    release()
    await keeper.start()
    expect(keeper.reading().state).toBe('idle')
  }, 60_000)

  const z6 = contractOf('MES', 202612)
  const opened = at('2026-11-19T23:00')
  const asLive = (bars: readonly Bar[]): RecordedBar[] =>
    bars.map((bar) => ({
      ...bar,
      close: bar.close + 0.25,
      finality: 'live',
      asOf: bar.time + minuteMs,
      source: 'feed',
    }))
  /** Plays the feed: what it heard of the trade date up to now is stored. */
  const record = (market: string, bars: readonly RecordedBar[]) =>
    saveBars(database.db, { market, instrument: 'MES', contract: 202612, bars })
  const isWithin = (from: string, to: string) => (bar: Pick<Bar, 'time'>) => bar.time >= at(from) && bar.time < at(to)

  test('fills what was lost and what was seen in part, and leaves alone what was seen whole', async () => {
    const { keeper, asked, told, hand } = createRoom({ market: 'fill', days: 1 })
    await keeper.start()
    told.length = 0
    asked.length = 0
    await hand.pass(10 * minuteMs)
    const heard = asLive(pastOf(z6, friday, friday + 10 * minuteMs))
    const lost = isWithin('2026-11-20T15:02', '2026-11-20T15:06')
    const cut = heard.find(isWithin('2026-11-20T15:06', '2026-11-20T15:07')) as RecordedBar
    await record('fill', [...heard.filter((bar) => !lost(bar) && bar !== cut), { ...cut, finality: 'partial' }])
    keeper.fill('MES', at('2026-11-20T15:02') + 17_000, at('2026-11-20T15:06') + 31_000, 'reconnect')
    await hand.pass(2_000)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    // One question for everything of the date since it was last asked about.
    expect(spans(asked)).toEqual(['MES Z6 2026-11-20T14:59 2026-11-20T15:07'])
    expect(told[0]?.bars.map(({ time, finality, source }) => [iso(time), finality, source])).toEqual([
      // 15:03 is one of the minutes nobody traded in.
      ['2026-11-20T15:02', 'history', 'past'],
      ['2026-11-20T15:04', 'history', 'past'],
      ['2026-11-20T15:05', 'history', 'past'],
      ['2026-11-20T15:06', 'history', 'past'],
    ])
    const kept = await readBars(database.db, { market: 'fill', instrument: 'MES', contract: 202612, ...all })
    const truth = pastOf(z6, at('2026-11-20T15:00'), at('2026-11-20T15:10'))
    expect([...kept.close.slice(-truth.length)]).toEqual(
      truth.map((bar) => (isWithin('2026-11-20T15:02', '2026-11-20T15:07')(bar) ? bar.close : bar.close + 0.25)),
    )
    expect(await latestGaps(database.db, 'fill', 5)).toMatchObject([
      { from: at('2026-11-20T15:02'), to: at('2026-11-20T15:07'), reason: 'reconnect', bars: 4, filledAt: 1_602_000 },
    ])
  }, 60_000)

  test('waits for the end of the minute, and for a source that has it later', async () => {
    const { keeper, asked, told, hand } = createRoom({ market: 'late', days: 1 })
    await keeper.start()
    told.length = 0
    asked.length = 0
    keeper.fill('MES', friday, friday + 20_000, 'reconnect')
    await hand.pass(64_999)
    expect(asked).toEqual([])
    await hand.pass(1)
    await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 20_000 })
    expect(told[0]?.bars.map(({ time }) => iso(time))).toEqual(['2026-11-20T15:00'])
    expect(await latestGaps(database.db, 'late', 5)).toMatchObject([{ to: friday + minuteMs, bars: 1 }])
    expect((await latestGaps(database.db, 'late', 5))[0]).not.toHaveProperty('filledAt')
    await vi.waitFor(
      async () => {
        await hand.pass(5_000)
        expect(await latestGaps(database.db, 'late', 5)).toMatchObject([{ filledAt: expect.any(Number) }])
      },
      { timeout: 20_000, interval: 50 },
    )
    expect(told).toHaveLength(1)
  }, 60_000)

  test('survives a storm of 500 lost connections with few questions, and every minute is right in the end', async () => {
    const { keeper, asked, told, hand } = createRoom({ market: 'storm', days: 1 })
    await keeper.start()
    told.length = 0
    asked.length = 0
    const settle = () => new Promise((resolve) => setTimeout(resolve, name === 'PGlite' ? 12 : 4))
    const askedAt: number[] = []
    for (let second = 0; second < 300; second++) {
      const now = hand.clock.now()
      keeper.fill('MES', now - 700, now + 100, 'reconnect')
      if (second % 3 !== 0) keeper.fill('MES', now + 100, now + 600, 'reconnect')
      await hand.pass(1_000)
      await settle()
      while (askedAt.length < asked.length) askedAt.push(hand.clock.wall())
    }
    for (let second = 0; second < 150; second++) {
      await hand.pass(1_000)
      await settle()
    }
    expect(asked.length).toBeLessThanOrEqual(30)
    expect(askedAt.every((time, i) => i === 0 || time - (askedAt[i - 1] ?? 0) >= 2_000)).toBe(true)
    const lost = pastOf(z6, friday, friday + 5 * minuteMs)
    const kept = await readBars(database.db, { market: 'storm', instrument: 'MES', contract: 202612, ...all })
    expect([...kept.close.slice(-lost.length)]).toEqual(lost.map(({ close }) => close))
    expect(told.flatMap(({ bars }) => bars.map(({ time }) => time))).toEqual(lost.map(({ time }) => time))
    const gaps = await latestGaps(database.db, 'storm', 50)
    expect(gaps.length).toBeLessThanOrEqual(20)
    expect(gaps.every(({ filledAt }) => filledAt !== undefined)).toBe(true)
    const inGaps = lost.filter(({ time }) => gaps.some(({ from, to }) => time >= from && time < to))
    expect(inGaps).toEqual(lost)
  }, 60_000)

  test('asks every quarter of an hour for the running trade date, so that quiet minutes do not look like lost ones', async () => {
    const { keeper, asked, hand } = createRoom({ market: 'quiet', days: 1 })
    await keeper.start()
    asked.length = 0
    for (let minute = 0; minute < 16; minute++) {
      await record('quiet', asLive(pastOf(z6, hand.clock.now(), hand.clock.now() + minuteMs)))
      await hand.pass(minuteMs)
      await vi.waitFor(() => expect(hand.pending()).toBeGreaterThan(0))
      await new Promise((resolve) => setTimeout(resolve, name === 'PGlite' ? 200 : 100))
    }
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    expect(asked[0]?.from).toBe(at('2026-11-20T14:59'))
    // 15:03 was a hole until now; 15:14 was too new for the source.
    const holes = [{ from: at('2026-11-20T15:14'), to: at('2026-11-20T15:15') }]
    await vi.waitFor(() => expect(keeper.reading().markets[0]?.dates.at(-1)).toMatchObject({ holes, silent: 88 }))
    // Every bar was there already: nothing was lost.
    expect(await latestGaps(database.db, 'quiet', 1)).toEqual([])
  }, 60_000)

  test('closes at night what was lost by day without anybody having noticed', async () => {
    const { keeper, told, readings, hand } = createRoom({ market: 'night', days: 1 })
    const heard = asLive(pastOf(z6, opened, friday))
    await record(
      'night',
      heard.filter((bar) => !isWithin('2026-11-20T08:00', '2026-11-20T08:20')(bar)),
    )
    await keeper.nightly()
    expect(told.flatMap(({ bars }) => bars.filter(({ time }) => time >= opened)).map(({ source }) => source)).toEqual(
      Array(pastOf(z6, at('2026-11-20T08:00'), at('2026-11-20T08:20')).length).fill('past'),
    )
    expect(await latestGaps(database.db, 'night', 5)).toMatchObject([{ reason: 'nightly', bars: 18 }])
    await hand.pass(1_000)
    expect(readings.at(-1)).toMatchObject({ state: 'idle', gaps: { found: 1, filled: 1 } })
    expect(readings.at(-1)?.markets[0]?.dates.at(-1)).toMatchObject({ tradeDate: '2026-11-20', holes: [] })
    expect(readings.at(-1)?.markets[0]?.dates).toHaveLength(20)
  }, 60_000)
})
