import { expect, test } from 'vitest'
import { createFronts } from './fronts.ts'
import { instrumentIds } from './instrument.ts'
import { previewRoll } from './roll-preview.ts'

test('gold on 18 November 2026 rolls into February in four trade dates', () => {
  expect(previewRoll('MGC', '2026-11-18', createFronts([]))).toEqual({
    instrument: 'MGC',
    contract: 'MGC Z6',
    next: 'MGC G7',
    rollsOn: '2026-11-24',
    tradeDates: 4,
  })
})

test('volumes are told where they are known', () => {
  const volumes = { front: 100, next: 40 }
  expect(previewRoll('MES', '2026-12-11', createFronts([]), volumes)).toEqual({
    instrument: 'MES',
    contract: 'MES Z6',
    next: 'MES H7',
    rollsOn: '2026-12-14',
    tradeDates: 1,
    volumes,
  })
})

test('a market that rolled early looks ahead to the roll after', () => {
  const early = { instrument: 'MGC', tradeDate: '2026-11-19', contract: 202702, reason: 'volume' } as const
  expect(previewRoll('MGC', '2026-11-19', createFronts([early]))).toMatchObject({
    contract: 'MGC G7',
    next: 'MGC J7',
    rollsOn: '2027-01-26',
  })
})

test('crude crosses Thanksgiving, which is no trade date', () => {
  expect(previewRoll('MCL', '2026-11-25', createFronts([]))).toMatchObject({
    contract: 'MCL F7',
    next: 'MCL G7',
    rollsOn: '2026-12-14',
    tradeDates: 12,
  })
})

test('the roll is always ahead, and the front changes on that date', () => {
  const fronts = createFronts([])
  for (const id of instrumentIds) {
    for (const date of ['2026-01-02', '2026-05-28', '2026-09-08', '2026-12-31']) {
      const { rollsOn, tradeDates, next } = previewRoll(id, date, fronts)
      expect(tradeDates).toBeGreaterThan(0)
      expect(previewRoll(id, rollsOn, fronts).contract).toBe(next)
    }
  }
})
