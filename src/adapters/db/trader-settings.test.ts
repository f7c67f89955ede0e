import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defaultBoundaries } from '#src/domain/instruments/phase.ts'
import { dollars } from '#src/domain/money.ts'
import { defaultLimits } from '#src/domain/risk/limits.ts'
import { databases } from '#src/testing/database.ts'
import { createAudit, latestAudit } from './audit.ts'
import { openSeal } from './audit-seal.ts'
import type { Database } from './connect.ts'
import { createTraderSettings, type TraderSettingsDesk } from './trader-settings.ts'

const defaults = { accountSize: dollars(50_000), phases: defaultBoundaries, instruments: ['MES', 'MGC'] as const }
let database: Database
let folder: string
let settings: TraderSettingsDesk
let dates = { tradeDate: '2026-11-20', following: '2026-11-23' }
beforeAll(async () => {
  database = await databases[0].open()
  folder = mkdtempSync(join(tmpdir(), 'copilot-settings-'))
  const audit = createAudit({ db: database.db, seal: openSeal(folder) })
  settings = createTraderSettings({ db: database.db, audit, wall: () => 7, tradeDates: () => dates, defaults })
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => database.db.execute(sql`delete from settings`))

const lines = async () => (await latestAudit(database.db, 1_000)).length
const last = async () => (await latestAudit(database.db, 1))[0]

test('are the usual ones until something is set', async () => {
  expect(await settings.read()).toEqual({ ...defaults, limits: defaultLimits, news: '' })
})

test('a change is one line in the audit log: who, what, before and after', async () => {
  const before = await lines()
  expect(await settings.saveLimits({ dailyLoss: dollars(400) }, 'the trader')).toEqual({ ok: true, takesEffect: 'now' })
  expect((await settings.read()).limits).toEqual({ ...defaultLimits, dailyLoss: dollars(400) })
  expect(await last()).toMatchObject({
    at: 7,
    kind: 'settings',
    who: 'the trader',
    body: {
      key: 'limits',
      before: { inForce: { limits: { dailyLoss: dollars(500) } } },
      after: { inForce: { limits: { dailyLoss: dollars(400) } } },
    },
  })
  await settings.saveLimits({ dailyLoss: dollars(400) }, 'the trader')
  expect(await lines()).toBe(before + 1)
})

test('what is looser waits for its trade date, and fees saved meanwhile leave it waiting', async () => {
  expect(await settings.saveLimits({ dailyLoss: dollars(900) }, 'the trader')).toEqual({
    ok: true,
    takesEffect: 'next-trade-date',
  })
  expect(await settings.saveLimits({ fees: { MES: dollars(0.5) }, maxTradesPerDay: 3 }, 'the trader')).toEqual({
    ok: true,
    takesEffect: 'mixed',
  })
  const { limits, waiting } = await settings.read()
  expect([limits.dailyLoss, limits.fees.MES, limits.maxTradesPerDay]).toEqual([dollars(500), dollars(0.5), 3])
  expect(waiting).toMatchObject({ from: '2026-11-23', limits: { limits: { dailyLoss: dollars(900) } } })
  dates = { tradeDate: '2026-11-23', following: '2026-11-24' }
  expect((await settings.read()).limits.dailyLoss).toBe(dollars(900))
  expect((await settings.read()).waiting).toBeUndefined()
})

test('what is out of its range throws and stores nothing', async () => {
  const before = await lines()
  await expect(settings.saveLimits({ riskShare: 0.5 }, 'the trader')).rejects.toThrow(z.ZodError)
  expect(await settings.read()).toEqual({ ...defaults, limits: defaultLimits, news: '' })
  expect(await lines()).toBe(before)
})

test('phases ascend and hold at the next start', async () => {
  const wrong = { ...defaultBoundaries, windDown: 300 }
  expect(await settings.savePhases(wrong, 'the trader')).toEqual({
    ok: false,
    field: 'windDown',
    reason: 'not-ascending',
  })
  const wanted = { ...defaultBoundaries, flatBy: 700 }
  expect(await settings.savePhases(wanted, 'the trader')).toEqual({ ok: true, takesEffect: 'next-start' })
  expect((await settings.read()).phases).toEqual(wanted)
})

test('markets are kept in the usual order; none is refused', async () => {
  expect(await settings.saveInstruments([], 'the trader')).toEqual({
    ok: false,
    field: 'instruments',
    reason: 'none-chosen',
  })
  await settings.saveInstruments(['MNQ', 'MGC'], 'the trader')
  expect((await settings.read()).instruments).toEqual(['MGC', 'MNQ'])
})

test('a news file is kept as written; the first bad line is named', async () => {
  const text = '# mine\n2026-11-24 08:30 America/New_York | GDP | all\n'
  expect(await settings.saveNews(`${text}tomorrow`, 'the trader')).toMatchObject({ ok: false, field: 'news', line: 3 })
  expect(await settings.saveNews('x'.repeat(40_001), 'the trader')).toMatchObject({ reason: 'too-long' })
  await settings.saveNews(text, 'the trader')
  expect((await settings.read()).news).toBe(text)
})

test('how the screen is drawn is kept with one line, who and both sides', async () => {
  const before = await settings.preferences()
  expect(before).toEqual({ theme: 'dark', palette: 'green-red' })
  const after = { theme: 'light', palette: 'blue-orange' } as const
  await settings.savePreferences(after, 'the trader')
  await settings.savePreferences(after, 'the trader')
  expect(await settings.preferences()).toEqual(after)
  const [line, earlier] = await latestAudit(database.db, 2)
  expect(line).toMatchObject({ kind: 'settings', who: 'the trader', body: { key: 'preferences', before, after } })
  expect(earlier?.body).not.toMatchObject({ key: 'preferences' })
})
