import { expect, test } from 'vitest'
import { readBacktest, readOptimize } from './lab-arguments.ts'

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
  expect(readOptimize(of('--instrument MGC --strategy rsi --ask'))).toMatchObject({ ok: true, order: { ask: true } })
})

const backtest = '--instrument MGC --strategy opening-range'
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
  [`${backtest} --budget 4`, '--budget', /Unknown option/],
  [`${backtest} --from`, '--from', /argument missing/],
])('a backtest asked wrongly is refused by its argument: %s', (line, argument, sentence) => {
  expect(readBacktest(of(line))).toEqual({ ok: false, argument, sentence: expect.stringMatching(sentence) })
})

test.each([
  [`${backtest} --method guess`, '--method', 'must be one of grid, random, model'],
  [`${backtest} --budget 0`, '--budget', 'must be a whole number, 1 to 5000'],
  [`${backtest} --budget 4e2`, '--budget', 'must be a whole number, 1 to 5000'],
  [`${backtest} --seed -1`, '--seed', /./],
  [`${backtest} --ask --csv`, '--ask', /^goes with a market, a strategy/],
])('an optimisation asked wrongly is refused by its argument: %s', (line, argument, sentence) => {
  expect(readOptimize(of(line))).toEqual({ ok: false, argument, sentence: expect.stringMatching(sentence) })
})
