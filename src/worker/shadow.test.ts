import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#src/adapters/db/connect.ts'
import { outcomesAfter, permutationDays } from '#src/adapters/db/outcomes.ts'
import { savePlanVersion } from '#src/adapters/db/plans.ts'
import { saveTransitions } from '#src/adapters/db/transitions.ts'
import { saveHistory } from '#src/adapters/history.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import type { CalibrationReading } from '#src/domain/picture.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import type { CardTransition } from '#src/domain/signals/transition.ts'
import { databases } from '#src/testing/database.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { eventually } from '#src/testing/processes/eventually.ts'
import { eastern, recordedDay } from '#src/testing/recorded-day.ts'
import { createShadowKeeper } from './shadow.ts'

const log = { info: () => {}, error: () => {} }
const all = { after: '', until: '2026-12-31', limit: 100 }

/** Rests of a few milliseconds are over at once, so that the work is done in the time it takes. */
const schedule = (run: () => void, ms: number): (() => void) => {
  if (ms >= 1_000) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const turn = setImmediate(run)
  return () => clearImmediate(turn)
}

describe.skipIf(!hasOracles).each(databases)('the shadow book in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    const bars = recordedDay().MES.map((bar) => {
      const asOf = bar.time + minuteMs
      return { ...bar, finality: 'history', asOf, source: 'recorded' } as const
    })
    await saveHistory(database.db, 'real', 'MES', bars)
  })
  afterAll(() => database.close())

  const clockOf = (now: number | (() => number)) => (typeof now === 'number' ? () => now : now)
  const open_ = (
    codeVersion: string,
    now: number | (() => number) = eastern(17, 40),
    turned?: (turns: number) => void,
  ) => {
    const readings: CalibrationReading[] = []
    let turns = 0
    const keeper = createShadowKeeper({
      ...{ db: database.db, method: { market: 'real', codeVersion }, livesHere: true, instruments: ['MES'] },
      ...{ boundaries: defaultBoundaries, accountSize: dollars(50_000), limits: defaultLimits, log },
      fronts: () => frontContract,
      clock: { now: clockOf(now), wall: clockOf(now), speed: 1 },
      schedule: (run, ms) => {
        turned?.(++turns)
        return schedule(run, ms)
      },
      isReady: () => true,
      put: (reading) => readings.push(reading),
    })
    return { keeper, readings }
  }
  const rowsOf = (codeVersion: string) => outcomesAfter(database.db, { market: 'real', codeVersion }, all)

  test('is the same after it was cut off in the middle and begun again', async () => {
    const whole = open_('whole')
    await whole.keeper.run()
    const cut = open_('cut', eastern(17, 40), (turns) => {
      // In the afternoon of the second of three dates: the first is kept, the second is not.
      if (turns === 330) void cut.keeper.stop()
    })
    await cut.keeper.run()
    const before = await rowsOf('cut')
    const again = open_('cut')
    await again.keeper.run()
    const rows = await rowsOf('whole')
    expect(rows.length).toBeGreaterThan(before.length)
    expect(await rowsOf('cut')).toEqual(rows)
    expect(rows.filter(({ tradeDate }) => tradeDate === '2013-10-09').map(({ cardId }) => cardId)).toEqual([
      '2013-10-09-MES-1',
      '2013-10-09-MES-2',
    ])
    expect(again.readings.at(-1)).toMatchObject({
      market: 'real',
      codeVersion: 'cut',
      dates: { first: '2013-10-07', last: '2013-10-09', count: 3 },
      cards: rows.length,
      lived: 0,
      job: { state: 'idle', last: { state: 'done', from: '2013-10-08', to: '2013-10-09', played: 2 } },
    })
  })

  test('plays a date once, and none that is not over', async () => {
    const morning = open_('once', eastern(9))
    await morning.keeper.run()
    expect((await rowsOf('once')).filter(({ tradeDate }) => tradeDate === '2013-10-09')).toEqual([])
    expect(morning.readings.at(-1)?.dates).toMatchObject({ last: '2013-10-08' })
    const idle = open_('once', eastern(9))
    await idle.keeper.run()
    expect(idle.readings.map(({ job }) => job.state)).not.toContain('running')
  })

  test('asked while it is at work, it plays what was stored after that began too', async () => {
    let now = eastern(9)
    const day = open_(
      'asked',
      () => now,
      (turns) => {
        if (turns === 30) now = eastern(17, 40)
      },
    )
    const morning = day.keeper.run()
    await eventually('the work', () => day.readings.some(({ job }) => job.state === 'running') || undefined)
    await Promise.all([morning, day.keeper.run()])
    expect(day.readings.at(-1)?.dates).toEqual({ first: '2013-10-07', last: '2013-10-09', count: 3 })
  })

  test('takes a card the terminal lived for its own shadow', async () => {
    const { db } = database
    const card = { id: '2013-10-09-MES-1', instrument: 'MES', contract: 'MES Z3', side: 'long' } as const
    const bracket = { zone: { low: 1650, high: 1651 }, stop: 1647, target1: 1655, target2: 1660 }
    await savePlanVersion(db, 'real', {
      ...{ tradeDate: '2013-10-09', version: 1, hash: 'h', drawnAt: eastern(5), reason: 'freeze' },
      cards: [{ ...card, ...bracket, contracts: 2, quality: 71 }],
    })
    const step = (to: CardTransition['to'], at: number, price: number): CardTransition => ({
      ...{ cardId: card.id, instrument: 'MES', tradeDate: '2013-10-09', side: 'long', from: 'watching' },
      ...{ to, at, price },
    })
    await saveTransitions(db, 'real', [step('triggered', eastern(6), 1650.5), step('target-1', eastern(7), 1655)])
    const lived = open_('lived')
    await lived.keeper.run()
    const rows = (await rowsOf('lived')).filter(({ tradeDate }) => tradeDate === '2013-10-09')
    expect(rows.map(({ cardId, lived, won, quality }) => [cardId, lived, won, quality])).toEqual([
      ['2013-10-09-MES-1', true, true, 71],
      ['2013-10-09-MES-2', false, true, 63.4],
    ])
    expect(lived.readings.at(-1)).toMatchObject({ lived: 1 })
    expect(
      await permutationDays(db, { market: 'real', codeVersion: 'lived' }, { until: '2013-10-09', limit: 9 }),
    ).toEqual(lived.readings.at(-1)?.days)
  })
})
