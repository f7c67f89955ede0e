import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { databases } from '#src/testing/database.ts'
import { openSeal } from './audit-seal.ts'
import type { Database } from './connect.ts'
import { type MarketTime, openMarketTime } from './market-time.ts'

const free = () => false
const until = (end: number) => (time: number) => time < end

describe.each(databases)('the market time in $name', ({ open: openDatabase }) => {
  let database: Database
  let folder: string
  let up: number
  const opened: MarketTime[] = []
  beforeAll(async () => {
    database = await openDatabase()
    folder = mkdtempSync(join(tmpdir(), 'copilot-time-'))
  })
  afterAll(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(async () => {
    up = 1_000
    await database.db.execute(sql`delete from settings`)
  })
  afterEach(async () => {
    for (const time of opened.splice(0)) await time.save()
  })
  const openAt = async (uptime: number, speed = 1) => {
    up = uptime
    const seal = openSeal(folder)
    const time = await openMarketTime({
      db: database.db,
      seal,
      book: 'real',
      uptime: () => up,
      wall: () => 0,
      speed,
      onError: (error) => expect.fail(`${error}`),
    })
    opened.push(time)
    return time
  }

  test('is what the clock says while nothing is held', async () => {
    const time = await openAt(0)
    expect([100, 90, 5_000_000].map((now) => time.believe(now, free))).toEqual([100, 90, 5_000_000])
  })

  test('runs neither backward nor faster than the machine while something is held', async () => {
    const time = await openAt(1_000)
    expect(time.believe(100_000, until(200_000))).toBe(100_000)
    up += 2_000
    expect(time.believe(150_000, until(200_000))).toBe(102_000)
    expect(time.believe(50_000, until(200_000))).toBe(102_000)
    up += 98_500
    expect(time.believe(199_000, until(200_000))).toBe(199_000)
    up += 1_000
    expect(time.believe(900_000, until(200_000))).toBe(900_000)
  })

  test('runs as much faster as its market does', async () => {
    const time = await openAt(0, 60)
    time.believe(0, until(1e9))
    up += 1_000
    expect(time.believe(1e8, until(1e9))).toBe(60_000)
  })

  test('is kept over a restart of the program', async () => {
    const first = await openAt(0)
    expect(first.found).toBe('new')
    first.believe(100_000, until(200_000))
    await first.save()
    const second = await openAt(3_000)
    expect(second.found).toBe('kept')
    expect(second.believe(190_000, until(200_000))).toBe(103_000)
  })

  test('believes the clock of a machine that was started since, but nothing before what was seen', async () => {
    const first = await openAt(50_000)
    first.believe(100_000, until(200_000))
    await first.save()
    const [one, other] = [await openAt(10), await openAt(10)]
    expect(one.believe(150_000, until(200_000))).toBe(150_000)
    expect(other.believe(60_000, until(200_000))).toBe(100_000)
  })

  test('changed by hand is found and not believed', async () => {
    const first = await openAt(0)
    first.believe(100_000, free)
    await first.save()
    await database.db.execute(sql`update settings set value = value || '{"time": 199999}'`)
    expect((await openAt(10)).found).toBe('changed')
    await database.db.execute(sql`update settings set value = '7'`)
    expect((await openAt(10)).found).toBe('changed')
  })
})
