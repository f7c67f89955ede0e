import { expect, test } from 'vitest'
import { readBacktest, readOptimize } from './lab-arguments.ts'

const backtest = '--instrument MGC --strategy opening-range'
const of = (line: string): readonly string[] => line.split(' ')
const usual = { output: 'table', recorded: false, ask: false }

test('a backtest is read whole', () => {
  expect(
    readBacktest(
      of(
        '--instrument MGC --strategy opening-range --from 2026-01-02 --to 2026-11-20 --set stop=1.5 --set window=15 --costs-doubled --csv --recorded',
      ),
    ),
  ).toEqual({
    ok: true,
    order: {
      wanted: {
        ...{ instrument: 'MGC', strategy: 'opening-range', from: '2026-01-02', to: '2026-11-20' },
        ...{ parameters: { stop: 1.5, window: 15 }, costsDoubled: true },
      },
      ...{ output: 'csv', recorded: true, ask: false },
    },
  })
})

test('an account and how kind the market is are read by their names', () => {
  const fills = '--limit-through 2 --latency 250 --volume-share 0.1 --slippage 3 --spread 2 --path nearest-extreme'
  expect(readBacktest(of(`${backtest} --account topstep-50k ${fills}`))).toMatchObject({
    order: {
      wanted: {
        account: 'topstep-50k',
        realism: {
          ...{ limitThrough: 2, latencyMs: 250, volumeShare: 0.1, slippageTicks: 3, spreadTicks: 2 },
          path: 'nearest-extreme',
        },
      },
    },
  })
})

test('what is not said is left to what is stored and in force', () => {
  expect(readBacktest(of('--instrument MNQ --strategy rsi'))).toEqual({
    ok: true,
    order: { wanted: { instrument: 'MNQ', strategy: 'rsi', parameters: {} }, ...usual },
  })
  expect(readOptimize(of('--instrument MNQ --strategy rsi'))).toEqual({
    ok: true,
    order: { wanted: { instrument: 'MNQ', strategy: 'rsi', method: 'model', budget: 400 }, ...usual },
  })
})

test('an optimisation is read whole', () => {
  expect(
    readOptimize(of('--instrument MGC --strategy time-block --method grid --budget 60 --seed 11 --json')),
  ).toMatchObject({
    ok: true,
    order: { wanted: { method: 'grid', budget: 60, seed: 11 }, output: 'json' },
  })
  expect(readOptimize(of('--instrument MGC --strategy rsi --windows 3/0.5/0.5'))).toMatchObject({
    ok: true,
    order: { wanted: { windows: { train: 3, test: 0.5, step: 0.5 } } },
  })
  expect(readOptimize(of('--instrument MGC --strategy rsi --ask'))).toMatchObject({ ok: true, order: { ask: true } })
})

test.each([
  ['--strategy rsi', '--instrument', /^must be one of .*MGC/],
  ['--instrument MGC --strategy martingale', '--strategy', /^must be one of focus-plan, opening-range/],
  [`${backtest} --from 2026-02-30`, '--from', 'must be a trade date, such as 2026-11-20'],
  [`${backtest} --from 2026-11-20 --to 2026-11-19`, '--to', 'must not be before --from'],
  [
    `${backtest} --set risk=2`,
    '--set',
    'opening-range has no parameter risk; it has window, beyond, volume, stop, target',
  ],
  [`${backtest} --set window=7`, '--set', 'window must be one of 5, 15, 30, 60'],
  [`${backtest} --set stop=`, '--set', /^stop must be 0\.5 to 3 in steps of/],
  [`${backtest} --json --csv`, '--csv', 'goes without --json'],
  [`${backtest} --account topstep`, '--account', /^must be one of .*topstep-50k/],
  [`${backtest} --limit-through 1.5`, '--limit-through', 'must be a whole number, 0 to 20'],
  [`${backtest} --latency 60001`, '--latency', 'must be a whole number, 0 to 60000'],
  [`${backtest} --volume-share 0`, '--volume-share', 'must be a number, 0.001 to 1'],
  [`${backtest} --path best`, '--path', 'must be one of stop-first, nearest-extreme'],
  [`${backtest} --budget 4`, '--budget', /Unknown option/],
  [`${backtest} --from`, '--from', /argument missing/],
])('a backtest asked wrongly is refused by its argument: %s', (line, argument, sentence) => {
  expect(readBacktest(of(line))).toEqual({ ok: false, argument, sentence: expect.stringMatching(sentence) })
})

test.each([
  [`${backtest} --method guess`, '--method', 'must be one of grid, random, model'],
  [`${backtest} --budget 0`, '--budget', 'must be a whole number, 1 to 5000'],
  [`${backtest} --budget 4e2`, '--budget', 'must be a whole number, 1 to 5000'],
  [`${backtest} --windows 6/1`, '--windows', /^must be three lengths in months.* such as 6\/1\/1: each 0\.25 to 14/],
  [`${backtest} --windows 6/1/15`, '--windows', /^must be three lengths in months/],
  [`${backtest} --seed -1`, '--seed', /./],
  [`${backtest} --ask --csv`, '--ask', /^goes with a market, a strategy/],
])('an optimisation asked wrongly is refused by its argument: %s', (line, argument, sentence) => {
  expect(readOptimize(of(line))).toEqual({ ok: false, argument, sentence: expect.stringMatching(sentence) })
})
