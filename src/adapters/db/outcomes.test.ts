import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases } from '#src/testing/database.ts'
import { saveBars } from './bars.ts'
import type { Database } from './connect.ts'
import {
  type KeptOutcome,
  livedElsewhere,
  outcomesAfter,
  permutationDays,
  playedDates,
  saveOutcomes,
  savePermutation,
  storedContracts,
} from './outcomes.ts'

const friday = { instrument: 'MGC', tradeDate: '2026-11-20' } as const
const won: KeptOutcome = {
  ...friday,
  cardId: '2026-11-20-MGC-1',
  side: 'long',
  quality: 62.5,
  components: [{ name: 'waves', points: 20, max: 25, why: 'ratio 1.80' }],
  grade: 'A+',
  drawnAt: 1,
  enteredAt: 2,
  endedAt: 3,
  endedAs: 'target-1',
  won: true,
  r: 1.125,
  lived: false,
}
const { grade: _, enteredAt: __, r: ___, ...bare } = won
const never: KeptOutcome = { ...bare, cardId: '2026-11-20-MGC-2', components: [], endedAs: 'invalid', won: false }
const all = { after: '', until: '2026-12-31', limit: 100 }

describe.each(databases)('what became of cards in $name', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  const method = (market: string, codeVersion = 'v1') => ({ market, codeVersion })

  test('comes back as it was kept, in the order of the ids', async () => {
    const { db } = database
    await saveOutcomes(db, method('plain'), friday, [never, won])
    expect(await outcomesAfter(db, method('plain'), all)).toStrictEqual([won, never])
    expect(await outcomesAfter(db, method('plain'), { ...all, limit: 1 })).toStrictEqual([won])
    expect(await outcomesAfter(db, method('plain'), { ...all, after: won.cardId })).toStrictEqual([never])
    expect(await outcomesAfter(db, method('plain'), { ...all, until: '2026-11-19' })).toEqual([])
  })

  test('of a date is replaced as a whole, and a date without cards is remembered too', async () => {
    const { db } = database
    await saveOutcomes(db, method('again'), friday, [won, never])
    await saveOutcomes(db, method('again'), friday, [{ ...won, lived: true }])
    await saveOutcomes(db, method('again'), { ...friday, tradeDate: '2026-11-19' }, [])
    expect(await outcomesAfter(db, method('again'), all)).toStrictEqual([{ ...won, lived: true }])
    expect(await playedDates(db, method('again'), 'MGC')).toEqual(new Set(['2026-11-19', '2026-11-20']))
    expect(await playedDates(db, method('again'), 'MES')).toEqual(new Set())
  })

  test('of one market or version never mixes with that of another', async () => {
    const { db } = database
    await saveOutcomes(db, method('real'), friday, [{ ...won, lived: true }])
    await saveOutcomes(db, method('real', 'v2'), friday, [never])
    await saveOutcomes(db, method('sim-7'), friday, [never])
    expect(await outcomesAfter(db, method('real'), all)).toStrictEqual([{ ...won, lived: true }])
    expect(await livedElsewhere(db, method('real', 'v2'), friday)).toEqual(new Set([won.cardId]))
    expect(await livedElsewhere(db, method('real'), friday)).toEqual(new Set())
    expect(await livedElsewhere(db, method('sim-7', 'v2'), friday)).toEqual(new Set())
  })

  test('is tested against chance once a date', async () => {
    const { db } = database
    const thursday = { tradeDate: '2026-11-19', n: 40, auc: 0.55, p: 0.2, runs: 1_000 }
    const test = { tradeDate: '2026-11-20', n: 45, auc: 0.61, p: 0.03, runs: 1_000 }
    await savePermutation(db, method('days'), thursday)
    await savePermutation(db, method('days'), { ...test, p: 0.5 })
    await savePermutation(db, method('days'), test)
    const newest = { until: '2026-11-20', limit: 30 }
    expect(await permutationDays(db, method('days'), newest)).toStrictEqual([test, thursday])
    expect(await permutationDays(db, method('days'), { ...newest, until: '2026-11-19' })).toStrictEqual([thursday])
  })

  test('can be known of the contracts that are stored', async () => {
    const { db } = database
    const bar = { open: 1, high: 1, low: 1, close: 1, volume: 1, finality: 'history', asOf: 0, source: 'x' } as const
    const save = (contract: number, ...times: readonly number[]) =>
      saveBars(db, {
        ...{ market: 'stored', instrument: 'MGC', contract },
        bars: times.map((time) => ({ ...bar, time: time * 60_000 })),
      })
    await save(202612, 7, 5)
    await save(202610, 2, 3)
    expect(await storedContracts(db, { market: 'stored', instrument: 'MGC' })).toEqual([
      { contract: 202610, first: 120_000, last: 180_000 },
      { contract: 202612, first: 300_000, last: 420_000 },
    ])
    expect(await storedContracts(db, { market: 'stored', instrument: 'MES' })).toEqual([])
  })
})
