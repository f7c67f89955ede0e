import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '#src/domain/trading/account.ts'
import { databases } from '#src/testing/database.ts'
import { accountsOf, saveAccount } from './accounts.ts'
import type { Database } from './connect.ts'
import { type EquityPeak, peaksOf, raisePeaks } from './equity-peaks.ts'

const account: Account = {
  name: 'Sim101',
  alias: 'Practice',
  kind: 'SIM',
  firm: 'personal-sim-50k',
  rules: {
    startBalance: 500_000_000,
    drawdown: { kind: 'static', amount: 20_000_000, lockAt: 'never', includesOpen: true, checkedIntraday: true },
    maxContracts: { mini: 5, microsPerMini: 10 },
    automationAllowed: true,
    overnightAllowed: false,
  },
  commission: 'settings',
  anchor: { balance: 500_123_800, at: 1_795_266_147_000 },
  watched: true,
}

describe.each(databases)('accounts in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('are kept as the trader wants them, in their book alone', async () => {
    const { db } = database
    await saveAccount(db, 'real', account, 1)
    await saveAccount(db, 'real', { ...account, name: 'Eval50', peak: 501_000_000 }, 1)
    expect(await accountsOf(db, 'real')).toStrictEqual([{ ...account, name: 'Eval50', peak: 501_000_000 }, account])
    expect(await accountsOf(db, 'sim:7')).toEqual([])
  })

  test('kept again are as they were wanted last, a peak taken away included', async () => {
    const { db } = database
    const leaving = { ...account, peak: 501_000_000, unwatchedFrom: '2026-11-23' }
    await saveAccount(db, 'again', leaving, 1)
    expect(await accountsOf(db, 'again')).toStrictEqual([leaving])
    await saveAccount(db, 'again', { ...account, alias: 'Mine', watched: false }, 2)
    expect(await accountsOf(db, 'again')).toStrictEqual([{ ...account, alias: 'Mine', watched: false }])
  })

  test('have one peak a trade date, which only rises', async () => {
    const { db } = database
    const peak = (tradeDate: string, peak: number, at: number): EquityPeak => ({
      account: 'Sim101',
      tradeDate,
      peak,
      at,
    })
    await raisePeaks(db, 'real', [peak('2026-11-20', 500, 1), peak('2026-11-23', 700, 2)])
    await raisePeaks(db, 'real', [peak('2026-11-20', 499, 3), peak('2026-11-23', 701, 4)])
    await raisePeaks(db, 'real', [])
    await raisePeaks(db, 'sim:7', [peak('2026-11-20', 9_000, 5)])
    expect(await peaksOf(db, 'real')).toEqual([peak('2026-11-20', 500, 1), peak('2026-11-23', 701, 4)])
    expect(await peaksOf(db, 'real', '2026-11-21')).toEqual([peak('2026-11-23', 701, 4)])
  })
})
