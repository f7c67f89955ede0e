import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { DayColumns, StudySpec } from '#src/domain/optimization/trial.ts'
import { databases } from '#src/testing/database.ts'
import { packDays } from '../packed-days.ts'
import type { Database, Db } from './connect.ts'
import { askStudy, idOf, keptTrials, moveStudy, openStudies, saveTrials, studyOf, trialsOf } from './studies.ts'

const { ticksPerPoint, tickValue } = specOf('MGC')
const { active, windDown, flatBy } = defaultBoundaries
const spec: StudySpec = {
  ...{ instrument: 'MGC', strategy: 'rsi', method: 'grid', objective: 'expectancy', seed: 7, budget: 8, round: 8 },
  ...{ windows: { train: 6, test: 1, step: 1 }, from: '2026-11-17', to: '2026-11-19', accountSize: dollars(50_000) },
  terms: {
    ...{ ticksPerPoint, tickValue, feePerSide: dollars(0.72), feeShare: 0, slippageTicks: 2, spreadTicks: 1 },
    ...{ limitThrough: 1, path: 'stop-first', latencyMs: 0, volumeShare: 1 },
  },
  discipline: { entriesFrom: active, entriesUntil: windDown, flatBy },
  ...{ champion: { stop: 1 }, dataHash: 'aa', codeVersion: 'test' },
}
const result = { tried: 8, of: 8 } as StudyResult

const daysOf = (scale: number): DayColumns => ({
  net: Float64Array.of(scale, -0, 12.5),
  r: Float64Array.of(0.1, scale / 3, -1.02),
  rSquared: Float64Array.of(0.01, 1e-300, 1.0404),
  trades: Int32Array.of(3, 0, 2 ** 31 - 1),
  wins: Int32Array.of(1, 0, 2),
})
const packed = (number: number, scale = number) => ({
  ...{ number, parameters: { stop: 1.5, length: 14 }, packed: packDays(daysOf(scale)) },
})
const trial = (number: number) => ({ number, parameters: { stop: 1.5, length: 14 }, days: daysOf(number) })

test('an id is of the values, whatever the order of their names', () => {
  expect(idOf('real', { a: 1, b: { c: 2, d: [3, 4] } })).toBe(idOf('real', { b: { d: [3, 4], c: 2 }, a: 1 }))
  expect(idOf('real', { a: 1, b: [3, 4] })).not.toBe(idOf('real', { a: 1, b: [4, 3] }))
})

describe.each(databases)('$name', ({ open }) => {
  let database: Database
  let db: Db
  beforeAll(async () => {
    database = await open()
    db = database.db
  })
  afterAll(() => database.close())

  const ask = (seed: number): Promise<string> =>
    askStudy(db, { market: 'real', spec: { ...spec, seed }, askedAt: 1_000 + seed })

  test('trials come back bit for bit, in the order of their numbers', async () => {
    const id = await ask(1)
    await saveTrials(db, id, [packed(9), packed(0)])
    await saveTrials(
      db,
      id,
      Array.from({ length: 8 }, (_, i) => packed(i + 1)),
    )
    expect(await trialsOf(db, id)).toEqual(Array.from({ length: 10 }, (_, i) => trial(i)))
  })

  test('a trial is kept once: what was there first stands', async () => {
    const id = await ask(2)
    await saveTrials(db, id, [packed(0)])
    await saveTrials(db, id, [packed(0, 99), packed(1)])
    expect(await trialsOf(db, id)).toEqual([trial(0), trial(1)])
    expect(await keptTrials(db, id, [0, 1, 2])).toEqual(new Set([0, 1]))
  })

  test('a study asked again while it is open or done is left as it is; one that was given up goes on', async () => {
    const id = await ask(3)
    expect(await ask(3)).toBe(id)
    await moveStudy(db, id, { state: 'failed', at: 2_000, reason: 'out of memory' })
    expect(await studyOf(db, id)).toMatchObject({ state: 'failed', endedAt: 2_000, reason: 'out of memory' })
    await ask(3)
    const again = await studyOf(db, id)
    expect(again).toMatchObject({ state: 'waiting' })
    expect(again).not.toHaveProperty('reason')
    await moveStudy(db, id, { state: 'done', at: 3_000, result })
    await ask(3)
    expect(await studyOf(db, id)).toMatchObject({ state: 'done', endedAt: 3_000, result })
  })

  test('a study that is over does not move: a result that comes late is nobody’s', async () => {
    const id = await ask(4)
    expect(await moveStudy(db, id, { state: 'cancelled', at: 2_000 })).toBe(true)
    expect(await moveStudy(db, id, { state: 'done', at: 2_500, result })).toBe(false)
    expect((await studyOf(db, id))?.result).toBeUndefined()
  })

  test('the open studies of a market come oldest first', async () => {
    const [first, second] = [await ask(5), await ask(6)]
    await moveStudy(db, second, { state: 'running', at: 2_000 })
    const open_ = (await openStudies(db, 'real')).map(({ id }) => id)
    expect(open_.indexOf(first)).toBeLessThan(open_.indexOf(second))
    expect(open_).toContain(second)
    expect(await openStudies(db, 'sim-7')).toEqual([])
  })
})
