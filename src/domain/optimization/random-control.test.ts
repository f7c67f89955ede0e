import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { type History, historyOf } from '../backtest/history.ts'
import type { RoundTrip } from '../backtest/round-trip.ts'
import type { Discipline, Terms } from '../backtest/terms.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { easternMs } from '../instruments/zone.ts'
import { dollars } from '../money.ts'
import { randomControl } from './random-control.ts'

const spec = specOf('MES')
const perDay = 120
const dates = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06']

/**
 * Five mornings of one-minute bars from 09:30 that open at `levels` (ticks) and close where the next one opens, or where they
 * opened so that the market jumps in between; bars reach a tick beyond.
 */
const historyFrom = (levels: readonly number[], jumps = false): History => {
  const bars = dates.flatMap((date, d) =>
    Array.from({ length: perDay }, (_, i) => {
      const [open = 0, next = 0] = levels.slice(d * perDay + i)
      return { time: easternMs(date, 570 + i), open, close: jumps ? open : next }
    }),
  )
  const column = (of: (bar: (typeof bars)[number]) => number) => Float64Array.from(bars, of)
  const points = (ticks: number): number => ticks / spec.ticksPerPoint
  return historyOf(spec, {
    time: column(({ time }) => time),
    open: column(({ open }) => points(open)),
    high: column(({ open, close }) => points(Math.max(open, close) + 1)),
    low: column(({ open, close }) => points(Math.min(open, close) - 1)),
    close: column(({ close }) => points(close)),
    volume: column(() => 100),
  })
}

const terms: Terms = {
  ticksPerPoint: 4,
  tickValue: dollars(1.25),
  feePerSide: dollars(0.6),
  feeShare: 0,
  slippageTicks: 1,
  spreadTicks: 0,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}

const tripOf = (more: Partial<RoundTrip>): RoundTrip => ({
  side: 1,
  quantity: 2,
  enteredAt: 10,
  leftAt: 20,
  entry: 0,
  exit: 0,
  gross: 0,
  fees: dollars(2.4),
  net: 0,
  slipped: dollars(5),
  risked: Number.NaN,
  best: 0,
  worst: 0,
  reason: 'signal',
  grade: -1,
  regime: -1,
  setup: 0,
  ...more,
})

const discipline: Discipline = { entriesFrom: 0, entriesUntil: 720, flatBy: 720 }

const run = (trips: readonly RoundTrip[], history: History, seed = 1, flatBy = discipline.flatBy) =>
  randomControl(trips, history, {
    terms,
    discipline: { ...discipline, flatBy },
    runs: 999,
    random: createStream(seed).uniform,
  })

const flat = Array<number>(601).fill(20_000)

test('in a market that stands still a random entry costs its fees and a tick each way', () => {
  expect(run([tripOf({ net: dollars(-2) })], historyFrom(flat))).toEqual({
    observed: dollars(-2),
    // $2.40 and two ticks of $1.25 on two contracts.
    expected: dollars(-7.4),
    p: 1 / 1_000,
    runs: 999,
  })
})

test('the stop of a trade ends its controls, at the open where the market has jumped over it', () => {
  // Falls ten ticks a bar within the bars; risks four ticks, one of slippage and the fees on two contracts.
  const falling = historyFrom(Array.from({ length: 601 }, (_, i) => 20_000 - 10 * i))
  const risked = dollars(2 * 1.25 * 5 + 2.4)
  // A tick in, four to the stop, a tick out.
  expect(run([tripOf({ risked })], falling).expected).toBe(dollars(-2 * 1.25 * 5 - 2.4))
  const jumping = historyFrom(
    Array.from({ length: 601 }, (_, i) => 20_000 + 100 * i),
    true,
  )
  // Sold a tick below, bought back a tick above the next open.
  expect(run([tripOf({ risked, side: -1 })], jumping).expected).toBe(dollars(-2 * 1.25 * 102 - 2.4))
})

test('a control keeps the side, so a market’s drift proves nothing', () => {
  const rising = historyFrom(Array.from({ length: 601 }, (_, i) => 20_000 + 2 * i))
  const { expected, p } = run([tripOf({ net: dollars(40) })], rising)
  // Eleven bars of two ticks less the costs; cut short only where a date ends.
  expect(expected).toBe(dollars(2 * 1.25 * 20 - 2.4))
  expect(p).toBe(1)
})

test('who knows where a bar goes beats the control, who guesses does not', () => {
  const { normal, uniform } = createStream(7)
  let level = 20_000
  const levels = Array.from({ length: 601 }, () => {
    level += Math.round(4 * normal())
    return level
  })
  const history = historyFrom(levels)
  const { open } = history.ticks
  const close = history.ticks.close
  const trade = (at: number, side: 1 | -1): RoundTrip => {
    const ticks = side * ((close[at + 4] as number) - (open[at] as number)) - 2
    const net = Math.round(ticks * 2 * terms.tickValue) - dollars(2.4)
    return tripOf({ side, enteredAt: at, leftAt: at + 4, net })
  }
  const starts = Array.from({ length: 60 }, (_, i) => 10 * i)
  const knows = (at: number): 1 | -1 => ((close[at + 4] as number) > (open[at] as number) ? 1 : -1)
  expect(
    run(
      starts.map((at) => trade(at, knows(at))),
      history,
    ).p,
  ).toBe(1 / 1_000)
  const guesses = Array.from({ length: 20 }, (_, i) =>
    run(
      starts.map((at) => trade(at, uniform() < 0.5 ? 1 : -1)),
      history,
      i,
    ),
  )
  expect(guesses.filter(({ p }) => p <= 0.05).length).toBeLessThanOrEqual(3)
  expect(guesses.filter(({ p }) => p <= 0.5).length).toBeGreaterThan(4)
})

test('who trades by limits is not better for what a market order would have paid', () => {
  const trip = tripOf({ net: dollars(-2.4), slipped: 0, reason: 'target' })
  expect(run([trip], historyFrom(flat))).toMatchObject({ expected: dollars(-2.4), p: 1 })
})

test('a control is left when the trader must be flat', () => {
  // Every date jumps a hundred ticks up in its last twenty minutes, long after everybody has left.
  const history = historyFrom(Array.from({ length: 601 }, (_, i) => 20_000 + 100 * Math.floor((i + 20) / perDay)))
  const trips = [
    tripOf({ enteredAt: 0, leftAt: 90, net: dollars(-7.4) }),
    tripOf({ enteredAt: 89, leftAt: 90, net: dollars(-7.4), reason: 'flat-by' }),
  ]
  expect(run(trips, history, 1, 660)).toMatchObject({ expected: dollars(-14.8), p: 1 })
  expect(run(trips, history).expected).toBeGreaterThan(0)
})

test('no trades prove nothing', () => {
  expect(run([], historyFrom(flat))).toEqual({ observed: 0, expected: Number.NaN, p: Number.NaN, runs: 999 })
})
