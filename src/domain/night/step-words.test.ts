import { expect, test } from 'vitest'
import { easternMs } from '../instruments/zone.ts'
import type { DateCoverage } from '../market/coverage.ts'
import type { FocusDraft } from '../night-paper.ts'
import { calibrationWords, focusWords, parityWords, qualityWords, shadowWords } from './step-words.ts'

const whole: DateCoverage = {
  ...{ tradeDate: '2026-11-20', contract: 202612, expected: 1380, present: 1380, partial: 0, silent: 0, holes: [] },
  ...{ offHours: 0, offGrid: 0, outliers: 0, duplicates: 0, sources: ['wire'] },
}
const hole = (minute: number, minutes: number) => {
  const from = easternMs('2026-11-20', minute)
  return { from, to: from + minutes * 60_000 }
}

test('bars are told by market, those alike together', () => {
  const dates = (['MES', 'MNQ', 'MGC'] as const).map((instrument) => ({ instrument, coverage: whole }))
  expect(qualityWords(dates)).toBe('MES, MNQ, MGC: every minute')
  const faulty = { ...whole, partial: 1, offGrid: 2, outliers: 1, holes: [hole(571, 3), hole(600, 1), hole(700, 1)] }
  expect(qualityWords([...dates.slice(0, 2), { instrument: 'MGC', coverage: faulty }])).toBe(
    'MES, MNQ: every minute; MGC: 5 minutes missing (09:31 ET–09:34 ET, 10:00 ET–10:01 ET and 1 stretch more), 1 minute in part, 2 bars off the grid, 1 bar far from the rest',
  )
  expect(qualityWords([{ instrument: 'MCL', coverage: { ...whole, present: 0 } }])).toBe('MCL: nothing is stored')
  // What cannot lose a minute has none where nobody traded.
  expect(qualityWords([{ instrument: 'MGC', coverage: { ...whole, holes: [hole(571, 3)] } }], false)).toBe(
    'MGC: 3 minutes without a trade',
  )
})

test('cards are counted as drawn, entered and won', () => {
  expect(shadowWords([])).toBe('no card was drawn')
  expect(shadowWords([{ won: false }, { enteredAt: 1, won: true }, { enteredAt: 2, won: false }])).toBe(
    '3 cards, 2 entered, 1 reached its first target',
  )
})

test('calibration says how much of it is known, and what chance would do', () => {
  const buckets = Array.from({ length: 10 }, (_, i) => ({ calibrated: i < 3 }))
  expect(calibrationWords({ n: 1204, buckets, permutation: { p: 0.0119 } })).toBe(
    '3 of 10 buckets calibrated; over 1,204 cards entered chance does as well with 0.012',
  )
  expect(calibrationWords({ n: 1, buckets })).toBe(
    '3 of 10 buckets calibrated; over 1 card entered nobody won or nobody lost yet',
  )
})

test('parity says how many differences are left to explain', () => {
  const open = { cardId: 'a', what: 'drawn', live: 'x', replayed: 'y' } as const
  const explained = { ...open, explained: 'z' }
  const words = (differences: Parameters<typeof parityWords>[0]['differences']) =>
    parityWords({ cards: 14, transitions: 1, differences })
  expect(words([])).toBe('0 differences over 14 cards and 1 change')
  expect(words([explained])).toBe('1 difference over 14 cards and 1 change, explained')
  expect(words([explained, explained])).toBe('2 differences over 14 cards and 1 change, each explained')
  expect(words([explained, open])).toBe('2 differences over 14 cards and 1 change, 1 unexplained')
  const backtest = { cards: 14, transitions: 31, differences: [open] }
  expect(parityWords({ cards: 14, transitions: 120, differences: [], backtest })).toBe(
    '0 differences over 14 cards and 120 changes; backtest: 1 difference over 14 cards and 31 changes, 1 unexplained',
  )
})

test('tomorrow names what has a bias and what has none', () => {
  const draft: FocusDraft = {
    ...{ instrument: 'MGC', bias: 'long', quality: 62.6, excluded: false, close: 1, levels: [], words: '' },
  }
  const excluded = { ...draft, instrument: 'MES', excluded: true } as const
  const neutral = { ...draft, instrument: 'MCL', bias: 'neutral' } as const
  expect(focusWords([draft, excluded, neutral])).toBe('MGC long 63; MES, MCL: nothing')
  expect(focusWords([neutral])).toBe('MCL: nothing')
})
