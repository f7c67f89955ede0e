import { expect, test } from 'vitest'
import type { KeptOutcome } from '#src/adapters/db/outcomes.ts'
import { createTally, testOn } from './shadow-reading.ts'

const components = [{ name: 'waves', points: 20, max: 25, why: '' }] as const
const won: KeptOutcome = {
  cardId: '2026-11-20-MGC-1',
  instrument: 'MGC',
  tradeDate: '2026-11-20',
  side: 'long',
  quality: 65,
  components,
  grade: 'A+',
  drawnAt: 1_000,
  enteredAt: 2_000,
  endedAt: 3_000,
  endedAs: 'target-1',
  won: true,
  r: 1.5,
  lived: true,
}
const lost: KeptOutcome = {
  ...{ ...won, cardId: '2026-11-20-MGC-2', drawnAt: 4_000, endedAs: 'stopped', won: false, r: -1, lived: false },
  components: [{ name: 'waves', points: 5, max: 25, why: '' }],
}
const { enteredAt: _, r: __, ...unentered } = { ...lost, cardId: '2026-11-20-MES-1', drawnAt: 2_000 }
const never: KeptOutcome = { ...unentered, instrument: 'MES', endedAs: 'invalid' }

test('a card nobody entered is counted as drawn and nowhere else', () => {
  const tally = createTally()
  tally.add([never, won])
  tally.add([lost])
  const { buckets, recent, ...counted } = tally.read()
  expect(counted).toEqual({
    cards: 3,
    n: 2,
    won: 1,
    lived: 1,
    entered: [
      { quality: 65, won: true },
      { quality: 65, won: false },
    ],
    markets: [
      { instrument: 'MGC', cards: 2, n: 2, won: 1, r: 0.25 },
      { instrument: 'MES', cards: 1, n: 0, won: 0, r: 0 },
    ],
    components: [{ name: 'waves', winners: 0.8, others: 0.2 }],
  })
  expect(buckets.map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 0, 2, 0, 0, 0])
  expect(recent.map(({ cardId }) => cardId)).toEqual([lost.cardId, never.cardId, won.cardId])
  expect(recent[0]).not.toHaveProperty('components')
})

test('only the newest thirty cards are shown', () => {
  const tally = createTally()
  for (let i = 0; i < 70; i++) tally.add([{ ...never, drawnAt: i }])
  expect(tally.read().recent.map(({ drawnAt }) => drawnAt)).toEqual(Array.from({ length: 30 }, (_, i) => 69 - i))
})

test('the test of a date is a thousand shuffles that depend on the date alone', async () => {
  const told = Array.from({ length: 40 }, (_, i) => ({ quality: 40 + i, won: i >= 20 !== (i % 3 === 0) }))
  let turns = 0
  const turn = async (): Promise<void> => void turns++
  const first = await testOn('2026-11-20', told, turn)
  expect(first).toEqual(await testOn('2026-11-20', told, turn))
  expect(first).toMatchObject({ n: 40, runs: 1_000 })
  expect(turns).toBe(80)
  expect(await testOn('2026-11-19', told, turn)).toMatchObject({ auc: first?.auc })
  expect(await testOn('2026-11-20', told.slice(0, 1), turn)).toBeUndefined()
})

test('a score that orders every card is as good in none of a thousand shuffles', async () => {
  const told = Array.from({ length: 60 }, (_, i) => ({ quality: 40 + i, won: i >= 30 }))
  expect(await testOn('2026-11-20', told, async () => {})).toEqual({ n: 60, auc: 1, p: 1 / 1_001, runs: 1_000 })
})
