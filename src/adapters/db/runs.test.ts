import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases } from '#src/testing/database.ts'
import type { Database } from './connect.ts'
import { endRun, latestRuns, startRun, touchRun } from './runs.ts'

const night = Date.UTC(2026, 10, 21, 1)

describe.each(databases)('runs in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const start = (market: string, at: number, job = 'optimize') =>
    startRun(database.db, { market, job, at, leaseUntil: at + 60_000 })
  const started = async (market: string, at: number): Promise<number> => {
    const run = await start(market, at)
    if (!run.ok) throw new Error(run.reason)
    return run.id
  }

  test('hold the lock of their job, and of no other', async () => {
    await started('lock', night)
    expect(await start('lock', night + 59_999)).toEqual({ ok: false, reason: 'already-running' })
    expect(await start('lock', night, 'backfill')).toMatchObject({ ok: true })
    expect(await start('unlocked', night)).toMatchObject({ ok: true })
  })

  test('started at the same instant by many are one', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => start('race', night)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('whose lease has passed are marked failed and taken over', async () => {
    const lost = await started('lease', night)
    expect(await touchRun(database.db, lost, { leaseUntil: night + 120_000, progress: 0.25 })).toBe(true)
    expect(await start('lease', night + 119_999)).toMatchObject({ ok: false })
    const heir = await started('lease', night + 120_000)
    expect(await touchRun(database.db, lost, { leaseUntil: night + 999_000, progress: 0.5 })).toBe(false)
    expect(await endRun(database.db, lost, { state: 'done', at: night + 130_000 })).toBe(false)
    expect(await latestRuns(database.db, 'lease', 5)).toStrictEqual([
      {
        id: heir,
        market: 'lease',
        job: 'optimize',
        state: 'running',
        startedAt: night + 120_000,
        leaseUntil: night + 180_000,
        progress: 0,
      },
      {
        id: lost,
        market: 'lease',
        job: 'optimize',
        state: 'failed',
        startedAt: night,
        endedAt: night + 120_000,
        leaseUntil: night + 120_000,
        progress: 0.25,
        detail: { reason: 'lease-expired' },
      },
    ])
  })

  test('that end free their job', async () => {
    const id = await started('end', night)
    expect(await endRun(database.db, id, { state: 'done', at: night + 5, detail: { tried: 400 } })).toBe(true)
    expect(await latestRuns(database.db, 'end', 1)).toMatchObject([
      { state: 'done', endedAt: night + 5, progress: 1, detail: { tried: 400 } },
    ])
    expect(await start('end', night + 6)).toMatchObject({ ok: true })
  })
})
