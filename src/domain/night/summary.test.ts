import { expect, test } from 'vitest'
import { nightSteps } from '../lab-reading.ts'
import { dollars } from '../money.ts'
import type { FocusDraft } from '../night-paper.ts'
import { type StepOutcome, summaryOf } from './summary.ts'

const words: Partial<Record<StepOutcome['step'], string>> = {
  quality: 'MES, MGC: every minute',
  shadow: '5 cards, 3 entered, 2 reached their first target',
  calibration: '3 of 10 buckets calibrated; over 812 cards entered chance does as well with 0.012',
  backtests: '48 backtests made',
}
const steps = nightSteps.map((step): StepOutcome => ({ step, state: 'done', words: words[step] ?? '' }))
const changed = (step: StepOutcome['step'], to: Partial<StepOutcome>) =>
  steps.map((each) => (each.step === step ? { ...each, ...to } : each))

const draft = (instrument: FocusDraft['instrument'], bias: FocusDraft['bias'], quality: number): FocusDraft => ({
  ...{ instrument, bias, quality, excluded: false, close: 100, levels: [], words: '' },
})
const focus = { tradeDate: '2026-11-23', markets: [draft('MGC', 'long', 63.4), draft('MCL', 'neutral', 40)] }
const studies = { done: 12, changes: [] }
const clean = { cards: 14, transitions: 120, differences: [] }

test('a whole night is told in the order it matters', () => {
  const day = { trades: 4, won: 3, net: dollars(212.5) }
  expect(summaryOf({ steps, day, parity: clean, studies, focus })).toEqual([
    { about: 'Your day', words: '4 trades, 3 won, $212.50 net', tone: 'good' },
    { about: 'Bars', words: 'MES, MGC: every minute', tone: 'plain' },
    { about: 'Cards', words: '5 cards, 3 entered, 2 reached their first target', tone: 'plain' },
    {
      ...{ about: 'Calibration', tone: 'plain' },
      words: '3 of 10 buckets calibrated; over 812 cards entered chance does as well with 0.012',
    },
    { about: 'Backtests', words: '48 backtests made', tone: 'plain' },
    { about: 'Live against replay', words: '0 differences over 14 cards and 120 changes', tone: 'good' },
    { about: 'Parameters', words: 'unchanged: of 12 studies none proved a better set', tone: 'plain' },
    { about: 'Plan for 2026-11-23', words: 'MGC long 63; MCL: nothing', tone: 'plain' },
  ])
})

test('what went wrong comes first, and what is left is said', () => {
  const broken = changed('parity', { state: 'failed', words: 'the disk is full' }).map((each) =>
    each.step === 'optimization' ? { ...each, state: 'running' as const } : each,
  )
  const lines = summaryOf({ steps: broken, studies: { done: 0, changes: [] } })
  expect(lines.slice(0, 2)).toEqual([
    { about: 'Failed', words: 'parity: the disk is full', tone: 'bad' },
    { about: 'Not finished', words: 'optimization: goes on in the next off-hours', tone: 'plain' },
  ])
  expect(lines.map(({ about }) => about)).not.toContain('Parameters')
})

test('a step that did not finish lends no words', () => {
  const lines = summaryOf({ steps: changed('backtests', { state: 'waiting' }), studies })
  expect(lines.filter(({ about }) => about === 'Backtests')).toEqual([])
})

test('each line has the tone of what it tells', () => {
  const tone = (about: string, question: Partial<Parameters<typeof summaryOf>[0]>): string | undefined =>
    summaryOf({ steps, studies, ...question }).find((line) => line.about === about)?.tone
  expect(tone('Your day', { day: { trades: 2, won: 0, net: dollars(-80) } })).toBe('bad')
  expect(tone('Your day', { day: { trades: 0, won: 0, net: 0 } })).toBe('plain')
  const open = { cardId: 'a', what: 'drawn', live: 'x', replayed: 'y' } as const
  const explained = { ...open, explained: 'a bar was corrected' }
  expect(tone('Live against replay', { parity: { ...clean, differences: [explained] } })).toBe('plain')
  expect(tone('Live against replay', { parity: { ...clean, differences: [explained, open] } })).toBe('bad')
  const backtest = { cards: 14, transitions: 31, differences: [open] }
  expect(tone('Live against replay', { parity: { ...clean, backtest } })).toBe('bad')
  expect(tone('Live against replay', { parity: { ...clean, cards: 0, backtest } })).toBe('bad')
  expect(tone('Live against replay', { parity: { ...clean, backtest: { ...backtest, differences: [] } } })).toBe('good')
  expect(tone('Parameters', { studies: { done: 2, changes: ['MGC Focus plan: takes over'] } })).toBe('good')
})
