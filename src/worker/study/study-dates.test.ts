import { afterAll, beforeAll, expect, test } from 'vitest'
import { championHistory } from '#src/adapters/db/champions.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { moveStudy, studyOf } from '#src/adapters/db/studies.ts'
import { saveHistory } from '#src/adapters/history.ts'
import { contractOf } from '#src/domain/instruments/contract-code.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { dollars } from '#src/domain/money.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { databases } from '#src/testing/database.ts'
import { pastOf } from '#src/testing/past.ts'
import { createPool } from '../threads/pool.ts'
import { startThread } from '../threads/start-thread.ts'
import { localHands } from './hands.ts'
import { createStudyRoom } from './study-room.ts'

const at = (date: string, hour: number, minute = 0): number => easternMs(date, hour * 60 + minute)
const wanted = { instrument: 'MES', strategy: 'rsi', method: 'grid', budget: 10 } as const

let database: Database
beforeAll(async () => {
  database = await databases[0].open()
})
afterAll(() => database.close())

const store = async (from: number, to: number): Promise<void> => {
  const bars = pastOf(contractOf('MES', 202612), from, to).map((bar) => {
    const asOf = bar.time + minuteMs
    return { ...bar, finality: 'history', asOf, source: 'past' } as const
  })
  await saveHistory(database.db, 'real', 'MES', bars)
}

/** A room at an instant; nobody works in it, so that no thread is ever started. */
const roomAt = (now: number) => {
  const { db } = database
  const pool = createPool({ threads: 1, start: () => startThread('shares') })
  const rules = { boundaries: defaultBoundaries, limits: defaultLimits, accountSize: dollars(50_000) }
  return createStudyRoom({
    ...{ db, market: 'real', pool, hands: localHands(db, pool), codeVersion: 'test', fronts: () => frontContract },
    ...{ settings: async () => rules, now: () => now, wall: () => now, schedule: () => () => {}, onChange: () => {} },
    log: { info: () => {}, error: () => {} },
  })
}

test('a trade date counts once the trader’s day is over, and what comes after changes nothing in it', async () => {
  await store(at('2026-11-16', 18), at('2026-11-20', 12, 10))
  expect(await roomAt(at('2026-11-20', 12, 4)).stored('MES')).toEqual({ from: '2026-11-17', to: '2026-11-19' })
  const noon = roomAt(at('2026-11-20', 12, 10))
  expect(await noon.stored('MES')).toEqual({ from: '2026-11-17', to: '2026-11-20' })
  const asked = await noon.ask(wanted)
  await store(at('2026-11-20', 12, 10), at('2026-11-22', 20))
  for (const later of [at('2026-11-20', 16), at('2026-11-22', 20)]) expect(await roomAt(later).ask(wanted)).toBe(asked)
  expect((await studyOf(database.db, asked))?.spec).toMatchObject({ from: '2026-11-17', to: '2026-11-20' })
})

test.each([
  ['2026-11-14', '2026-11-15'],
  ['2026-11-26', '2026-11-26'],
  ['2026-11-20', '2026-11-19'],
])('from %s to %s is no trade date that is stored, and is refused as such', async (from, to) => {
  await store(at('2026-11-24', 18), at('2026-11-27', 14))
  const asked = roomAt(at('2026-11-30', 9)).backtest({ instrument: 'MES', strategy: 'rsi', from, to })
  await expect(asked).rejects.toThrow(`nothing of MES is stored from ${from} to ${to}`)
})

test('a date that is not over is not played in part', async () => {
  await store(at('2026-11-18', 18), at('2026-11-20', 12, 10))
  const asked = roomAt(at('2026-11-20', 10)).backtest({
    ...{ instrument: 'MES', strategy: 'rsi', from: '2026-11-20', to: '2026-11-20' },
  })
  await expect(asked).rejects.toThrow('nothing of MES is stored from 2026-11-20 to 2026-11-20')
})

test('a challenger of a study that was finished late changes no date that has begun', async () => {
  const id = await roomAt(at('2026-11-20', 12, 10)).ask(wanted)
  const result = {
    challenger: { length: 9 },
    decision: { effective: '2026-11-23', words: 'better: takes over on 2026-11-23' },
  } as unknown as StudyResult
  const late = roomAt(at('2026-11-23', 13))
  await late.decide(id, result)
  await late.decide(id, result)
  expect(await championHistory(database.db, 'real', 9)).toMatchObject([
    { from: '2026-11-24', words: 'better: takes over on 2026-11-24', study: id },
  ])
})

test('a study asked by hand is judged with all that were tried up to its trade date: lots are not drawn again for nothing', async () => {
  const room = roomAt(at('2026-11-20', 12, 10))
  const end = async (seed: number, sets: readonly number[], effective: string | null) => {
    const id = await room.ask({ ...wanted, strategy: 'sma-cross', seed })
    const result = {
      challenger: { length: 9 },
      tests: { permutation: { p: 0.001 }, trials: { p: sets, runs: 9_999, chosen: 0 } },
      decision: { effective, words: 'better: takes over on 2026-11-23' },
    } as unknown as StudyResult
    await moveStudy(database.db, id, { state: 'done', at: 1, result })
    await room.settle(id, result)
    return { id, reason: (await studyOf(database.db, id))?.reason }
  }
  const inForce = async () => (await championHistory(database.db, 'real', 9)).map(({ study }) => study)
  const vain = Array.from({ length: 90 }, () => 0.9)
  await end(1, [0.8, ...vain], null)
  const lucky = await end(2, [0.004], '2026-11-23')
  expect(lucky.reason).toBe(
    'kept: the challenger won, but among the 92 sets tried of 2026-11-20 chance does as well with 0.37, at most 0.10 may be',
  )
  expect(await inForce()).not.toContain(lucky.id)
  const sure = await end(3, [0.0001], '2026-11-23')
  expect(sure.reason).toBeUndefined()
  expect(await inForce()).toContain(sure.id)
})
