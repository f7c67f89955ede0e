import { describe, expect, test } from 'vitest'
import type { CalibrationReading } from '#src/domain/picture.ts'
import { calibrationOf, type Outcome } from '#src/domain/signals/calibration.ts'
import { pageOf, textOf } from '#src/testing/pages.tsx'
import { morning, now } from '#src/testing/world.ts'
import { renderTopic } from '../fragments.tsx'
import { jobWords, permutationWords, recordWords } from './words.ts'

const cards = (count: number, quality: number, won: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => ({ quality, won: i < won }))

/** 214 cards of the eighties, of which 124 reached their first target, and twelve of the sixties. */
const calibration: CalibrationReading = {
  market: 'real',
  codeVersion: '0.1.0-1f2e3d4c',
  at: now,
  cards: 301,
  n: 226,
  won: 129,
  lived: 4,
  dates: { first: '2026-09-01', last: '2026-11-19', count: 56 },
  buckets: calibrationOf([...cards(214, 86, 124), ...cards(12, 64, 5)]),
  permutation: { n: 226, auc: 0.58, p: 27 / 1_001, runs: 1_000 },
  days: [{ tradeDate: '2026-11-19', n: 226, auc: 0.58, p: 27 / 1_001, runs: 1_000 }],
  markets: [
    { instrument: 'MGC', cards: 200, n: 226, won: 129, r: 0.31 },
    { instrument: 'SIL', cards: 101, n: 0, won: 0, r: 0 },
  ],
  components: [{ name: 'order-flow', winners: 0.72, others: 0.61 }],
  recent: [
    {
      ...{ cardId: '2026-11-19-MGC-2', instrument: 'MGC', tradeDate: '2026-11-19', side: 'short', quality: 71.4 },
      ...{ grade: 'B', drawnAt: now - 86_400_000, enteredAt: now - 86_000_000, endedAt: now - 85_000_000 },
      ...{ endedAs: 'stopped', r: -0.91, lived: true },
    },
    {
      ...{ cardId: '2026-11-19-MGC-1', instrument: 'MGC', tradeDate: '2026-11-19', side: 'long', quality: 55 },
      ...{ drawnAt: now - 90_000_000, endedAt: now - 89_000_000, endedAs: 'expired', lived: false },
    },
  ],
  job: {
    state: 'idle',
    since: now,
    progress: 1,
    last: {
      ...{ startedAt: now - 60_000, endedAt: now - 8_000, state: 'done' },
      ...{ played: 12, from: '2026-11-18', to: '2026-11-19' },
    },
  },
}
const simulated = { ...calibration, market: 'sim-7' }

describe('what past cards say of a quality', () => {
  test('is a share with its number and its interval where a hundred are known', () => {
    expect(recordWords(calibration, 86.2)).toEqual({
      brief: 'TP1 first 58 % of 214 (51–64 %)',
      whole: 'Past cards drawn at 80–90 % reached TP1 first, once entered: 58 % of 214 (95 % interval 51–64 %).',
    })
  })
  test('is only a count below that, and before anything is known', () => {
    expect(recordWords(calibration, 64)).toEqual({
      brief: 'uncalibrated: 12 of 100 cards',
      whole: 'Uncalibrated: of 100 cards drawn at 60–70 % 12 are known. A score, not yet a probability.',
    })
    expect(recordWords(undefined, 100).brief).toBe('uncalibrated: 0 of 100 cards')
    expect(recordWords(undefined, 100).whole).toContain('cards drawn at 90–100 % 0 are known')
  })
  test('never passes for the real market when it is the simulated one', () => {
    expect(recordWords(simulated, 86).brief).toBe('TP1 first 58 % of 214 sim (51–64 %)')
    expect(recordWords(simulated, 86).whole).toContain('Past cards of the simulated market drawn at 80–90 % reached')
    expect(recordWords(simulated, 64).whole).toContain(
      'of 100 cards of the simulated market drawn at 60–70 % 12 are known',
    )
  })
})

test('the card says it, and its quality’s panel the whole sentence', () => {
  const html = renderTopic('focus:MGC', { ...morning, calibration })
  expect(textOf(html)).toContain('Quality TP1 first 58 % of 214 (51–64 %) 86 %')
  expect(html).toContain('reached TP1 first, once entered: 58 % of 214 (95 % interval 51–64 %).')
  expect(renderTopic('focus:SIL', { ...morning, calibration })).toContain('of 100 cards drawn at 20–30 % 0 are known')
})

test('the permutation test is one plain sentence, whether it found something or not', () => {
  const found = { n: 226, auc: 0.58, p: 27 / 1_001, runs: 1_000 }
  expect(permutationWords(found)).toBe(
    'The score ordered winners before losers better than 974 of 1,000 shuffles, p = 0.027 (226 cards entered, area under the curve 0.58).',
  )
  expect(permutationWords({ ...found, auc: 0.51, p: 413 / 1_001 })).toBe(
    'No better than chance: 412 of 1,000 shuffles ordered winners before losers as well as the score, p = 0.413 (226 cards entered, area under the curve 0.51).',
  )
})

test('the room shows what the quality was worth, by market, by component, and the last cards', () => {
  const html = pageOf('signals', { ...morning, calibration })
  const text = textOf(html)
  for (const words of [
    '301 cards on 56 trade dates, 2026-09-01 to 2026-11-19, 4 of them lived by this terminal; 226 entered, 129 reached TP1 first.',
    '80–90 % 214 58 % 51–64 % calibrated 60–70 % 12 42 % 19–68 % 88 more',
    'Gold 200 226 57 %',
    'Silver 101 0 — — —',
    'order flow 72 % 61 % +11',
    'SHORT ↓ 71 % B stop first · lived −0.91R',
    'LONG ↑ 55 % never entered',
    'Last run Nov 20, 09:40 ET: 12 market dates (2026-11-18 to 2026-11-19) in 52 s.',
    '2026-11-19: p = 0.027 , area 0.58, of 226',
  ])
    expect(text).toContain(words)
  expect(html).toContain('<a href="/chart/MGC">Gold</a>')
  expect(html).not.toMatch(/NaN|undefined|\sstyle=/)
})

test('the room of a simulated market says so', () => {
  expect(textOf(pageOf('signals', { ...morning, calibration: simulated }))).toContain(
    '301 cards of the simulated market on 56 trade dates',
  )
})

test('the room says what is missing before anything is known', () => {
  expect(textOf(pageOf('signals', {}))).toContain('Nothing is known of past cards yet.')
  const { permutation: _, dates: __, ...cold } = { ...calibration, cards: 0, n: 0, buckets: calibrationOf([]) }
  const text = textOf(
    pageOf('signals', { calibration: { ...cold, days: [], recent: [], markets: [], components: [] } }),
  )
  expect(text).toContain('Not known yet. No past trade date was played yet.')
  expect(text).toContain('No past card was entered yet.')
  const dates = { first: '2026-09-01', last: '2026-11-19', count: 56 }
  expect(textOf(pageOf('signals', { calibration: { ...cold, cards: 3, dates } }))).toContain(
    'Not known yet: no card was entered. 3 cards on 56 trade dates',
  )
})

test('the work on past dates says what it does', () => {
  const job = { since: now, progress: 0.4 }
  expect(jobWords({ ...job, state: 'waiting' })).toBe('Waiting until the stored history is whole.')
  expect(jobWords({ ...job, state: 'running' })).toBe('Playing past trade dates.')
  expect(jobWords({ ...job, state: 'idle' })).toContain('a minute after the start')
  const last = { startedAt: now, endedAt: now, state: 'failed', played: 0 } as const
  expect(jobWords({ ...job, state: 'failed', last })).toContain('cut off; what was done is kept')
})
