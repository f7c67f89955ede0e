import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { rollsOf } from '#src/adapters/db/rolls.ts'
import { contractCode } from '#src/domain/instruments/contract-code.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Refused, SessionVolume } from '#src/engine/ports.ts'
import { databases } from '#src/testing/database.ts'
import { createHandClock } from '#src/testing/hand-clock.ts'
import { createPast } from '#src/testing/past.ts'
import { createRollKeeper } from './rolls.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const at = (text: string): number => Date.parse(`${text}:00Z`)
const unavailable: Refused = { ok: false, reason: 'unavailable', detail: 'the source does not answer' }

/** The S&P 500 rolls into March on Monday 2026-12-14 by the calendar; this is the Wednesday before, 16:59 New York. */
const wednesday = at('2026-12-09T21:59')

const volumes = (z6: number, h7: number, tradeDate = '2026-12-09'): readonly SessionVolume[] => [
  { contract: { id: 'MES', year: 2026, month: 12 }, tradeDate, volume: z6 },
  { contract: { id: 'MES', year: 2027, month: 3 }, tradeDate, volume: h7 },
]

describe.each(databases)('the contracts of the markets in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  const createRoom = async (
    market: string,
    startAt: number,
    past: Partial<Omit<Parameters<typeof createPast>[0], 'now'>> = {},
    instruments: readonly InstrumentId[] = ['MES'],
  ) => {
    const hand = createHandClock(startAt)
    const { source, asked, volumesAsked } = createPast({ now: hand.clock.now, ...past })
    const told: Fronts[] = []
    const opening = createRollKeeper({
      ...{ db: database.db, market, source, instruments, log },
      ...{ clock: hand.clock, schedule: hand.schedule, onRolls: (fronts) => told.push(fronts) },
    })
    return { opening, hand, asked, volumesAsked, told }
  }
  const opened = async (...[market, startAt, past, instruments]: Parameters<typeof createRoom>) => {
    const { opening, ...room } = await createRoom(market, startAt, past, instruments)
    const keeper = await opening
    stops.push(keeper.stop)
    const frontOn = (date: string, fronts: Fronts = keeper.fronts()): string => contractCode(fronts('MES', date))
    return { ...room, keeper, frontOn }
  }

  test('change after a close with more traded in the next one, and stay changed after a start', async () => {
    const shown = { now: volumes(1_000_000, 400_000, '2026-12-08') }
    const room = await opened('volume', wednesday, { volumes: () => shown.now, begins: at('2027-01-01T00:00') })
    shown.now = volumes(700_000, 700_001)
    await room.hand.pass(5 * 60_000)
    expect(room.told).toEqual([])
    await room.hand.pass(60_000)
    await vi.waitFor(() => expect(room.told).toHaveLength(1))
    expect(room.volumesAsked).toEqual([['MES Z6', 'MES H7']])
    expect(['2026-12-09', '2026-12-10', '2026-12-11'].map((date) => room.frontOn(date, room.told[0]))).toEqual([
      'MES Z6',
      'MES H7',
      'MES H7',
    ])
    expect(await rollsOf(database.db, 'volume')).toEqual([
      {
        instrument: 'MES',
        tradeDate: '2026-12-10',
        contract: 202703,
        reason: 'volume',
        volumes: { front: 700_000, next: 700_001 },
      },
    ])
    const heir = await opened('volume', wednesday + 86_400_000, { volumes: () => [] })
    expect(heir.frontOn('2026-12-10')).toBe('MES H7')
  })

  test('stay where most is traded, and tell when the calendar will change them', async () => {
    const { keeper, hand, volumesAsked, told } = await opened('stay', wednesday, {
      volumes: () => volumes(700_000, 700_000),
    })
    await hand.pass(6 * 60_000)
    await vi.waitFor(() => expect(volumesAsked).toHaveLength(1))
    await vi.waitFor(() =>
      expect(keeper.previews()).toEqual([
        {
          instrument: 'MES',
          contract: 'MES Z6',
          next: 'MES H7',
          rollsOn: '2026-12-14',
          tradeDates: 2,
          volumes: { front: 700_000, next: 700_000 },
        },
      ]),
    )
    expect(told).toEqual([])
    await hand.pass(60_000)
    expect(volumesAsked).toHaveLength(1)
  })

  test('are decided bar by bar where the source shows the volumes of another session', async () => {
    const { hand, told, asked } = await opened('other', wednesday, { volumes: () => volumes(1, 9, '2026-12-08') })
    asked.length = 0
    await hand.pass(6 * 60_000)
    // As much was traded in the one as in the other.
    await vi.waitFor(() => expect(asked.map(({ contract }) => contract)).toEqual(['MES Z6', 'MES H7']))
    await vi.waitFor(() => expect(hand.pending()).toBe(1))
    expect(told).toEqual([])
    expect(await rollsOf(database.db, 'other')).toEqual([])
  })

  test('change with the calendar whatever the source says or does not say', async () => {
    const { hand, told } = await opened('calendar', at('2026-12-11T21:00'), {
      volumes: () => volumes(9, 1, '2026-12-11'),
    })
    await hand.pass(66 * 60_000)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect(await rollsOf(database.db, 'calendar')).toEqual([
      { instrument: 'MES', tradeDate: '2026-12-14', contract: 202703, reason: 'calendar' },
    ])
  })

  test('missed by night are decided at the start from the bars of the last trade date', async () => {
    // 08:00 New York: what the source shows of volumes is of the session that runs.
    const { frontOn, told, volumesAsked, asked } = await opened('missed', at('2026-12-10T13:00'), {
      answer: ({ contract }) => (contract === 'MES Z6' ? unavailable : undefined),
    })
    expect(volumesAsked).toEqual([])
    expect(asked.map(({ contract }) => contract)).toEqual(['MES Z6'])
    expect(frontOn('2026-12-10')).toBe('MES Z6')
    expect(told).toEqual([])
    const next = await opened('missed', at('2026-12-10T13:00'), { begins: at('2027-01-01T00:00') })
    // Nothing was traded in either: missing data decides nothing.
    expect(next.frontOn('2026-12-10')).toBe('MES Z6')
    expect(next.asked.map(({ contract, from, to }) => [contract, from, to])).toEqual([
      ['MES Z6', at('2026-12-08T23:00'), at('2026-12-09T23:00')],
      ['MES H7', at('2026-12-08T23:00'), at('2026-12-09T23:00')],
    ])
  })

  test('do not change any more once the trading day has come near', async () => {
    const answers = { now: false }
    const room = await opened('late', at('2026-12-10T08:00'), {
      answer: () => (answers.now ? undefined : unavailable),
    })
    answers.now = true
    await room.hand.pass(2 * 3_600_000)
    await vi.waitFor(() => expect(room.hand.pending()).toBe(1))
    expect(room.asked).toHaveLength(1)
    expect(room.told).toEqual([])
    expect(await rollsOf(database.db, 'late')).toEqual([])
  })

  test('do not hold up a start for more than 15 seconds', async () => {
    let release = (): void => {}
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined)
    })
    const { opening, hand, asked } = await createRoom('slow', at('2026-12-10T13:00'), { answer: () => held })
    let ready = false
    const opened = opening.then(({ stop }) => {
      stops.push(stop)
      ready = true
    })
    await vi.waitFor(() => expect(hand.pending()).toBe(1))
    await hand.pass(14_999)
    expect(ready).toBe(false)
    await hand.pass(1)
    release()
    await opened
    expect(asked).toHaveLength(1)
  })
})
