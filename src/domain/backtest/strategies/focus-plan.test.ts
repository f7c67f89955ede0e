import { expect, test } from 'vitest'
import { specOf } from '../../instruments/contract-spec.ts'
import { easternMs } from '../../instruments/zone.ts'
import { minuteMs } from '../../market/bar.ts'
import { toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { livePlan } from '../focus/plan-rules.ts'
import { historyOf } from '../history.ts'
import { simulate } from '../simulate.ts'
import type { Prepared } from '../strategy.ts'
import type { Discipline, Terms } from '../terms.ts'
import { exitReasons } from '../trade-tape.ts'
import { focusPlan } from './focus-plan.ts'

const spec = specOf('MGC')

const terms: Terms = {
  ticksPerPoint: 10,
  tickValue: spec.tickValue,
  feePerSide: dollars(0.72),
  feeShare: 0,
  slippageTicks: 0,
  spreadTicks: 0,
  limitThrough: 1,
  path: 'stop-first',
  latencyMs: 0,
  volumeShare: 1,
}
const discipline: Discipline = { entriesFrom: 300, entriesUntil: 600, flatBy: 720 }

/** Open, high, low and close of a minute, and the quality of the long side after it: 60 unless said. */
type Minute = readonly [open: number, high: number, low: number, close: number, quality?: number]

const begins = easternMs('2025-10-07', 299)
const warmMediumTrending = 1 | (1 << 3)
const gradeA = 1
const restsOnGap = 16 | (gradeA << 6)

/**
 * A market on a Tuesday from 04:59 New York: a gap at 1300.0 to trade from, 5m ATR 2.0, wave ratio 2.5, no swing and no
 * level near. The card: zone 1299.7–1300.3, stop 1298.1 (22 ticks), targets 1.5 and 3 R from 1300.3: 1303.6 and 1306.9.
 */
const stageOf = (minutes: readonly Minute[]) => {
  const bars = minutes.map(([open, high, low, close], i) => ({
    time: begins + i * minuteMs,
    open,
    high,
    low,
    close,
    volume: 1,
  }))
  const history = historyOf(spec, toColumns(bars))
  const count = bars.length
  const same = (value: number): Float64Array => new Float64Array(count).fill(value)
  const side = (name: string, quality: (i: number) => number): Prepared => ({
    [`${name}.rests`]: Int16Array.from({ length: count }, (_, i) => 10 * quality(i)),
    [`${name}.bare`]: new Int16Array(count),
    [`${name}.flags`]: new Int16Array(count).fill(restsOnGap),
    [`${name}.level`]: same(1300),
    [`${name}.swing`]: same(0),
    [`${name}.targets`]: new Int32Array(0),
    [`${name}.from`]: Int32Array.of(0, 0),
  })
  const prepared: Prepared = {
    ...side('long', (i) => minutes[i]?.[4] ?? 60),
    ...side('short', () => 20),
    flags: new Int16Array(count).fill(warmMediumTrending),
    ratio: same(2.5),
    atr: same(2),
    vwap: same(Number.NaN),
    list: new Int32Array(count),
    midnight: Float64Array.of(easternMs('2025-10-07', 0)),
    first: Int32Array.of(0),
    end: Int32Array.of(count),
  }
  return { spec, history, prepared, memo: <T>(_: string, make: () => T): T => make(), accountSize: dollars(50_000) }
}

const above: Minute = [1301, 1301, 1301, 1301]

const tradesOf = (minutes: readonly Minute[], rules: Partial<typeof livePlan> = {}) => {
  const stage = stageOf(minutes)
  const tape = simulate(stage.history, focusPlan.play(stage, { ...livePlan, ...rules }), { terms, discipline })
  return Array.from({ length: tape.length }, (_, i) => ({
    quantity: tape.quantity[i],
    entered: tape.enteredAt[i],
    left: tape.leftAt[i],
    entry: tape.entry[i],
    exit: tape.exit[i],
    reason: exitReasons[tape.reason[i] as number],
  }))
}

const filled: Minute = [1301, 1301, 1299.9, 1300.4]
const first: Minute = [1301.5, 1303.7, 1301.5, 1303.5]
const second: Minute = [1303.5, 1307, 1303.5, 1307]

test('half goes at the first target, the rest at the second', () => {
  const rules = { stackRatio: 100 }
  expect(tradesOf([above, above, filled, [1300.4, 1301.5, 1300.4, 1301.5], first, second, above], rules)).toEqual([
    { quantity: 1, entered: 2, left: 4, entry: 13_000, exit: 13_036, reason: 'target' },
    { quantity: 1, entered: 2, left: 5, entry: 13_000, exit: 13_069, reason: 'target' },
  ])
})

test('one more is bought at half an R, and two of the three go at the first target', () => {
  // From 1300.0 to the stop 19 ticks, two of slippage and $1.44 of fees: half of $22.44 and the fees are met 13 ticks up.
  expect(tradesOf([above, above, filled, [1300.4, 1301.2, 1300.4, 1301.2], above, above])).toHaveLength(1)
  expect(tradesOf([above, above, filled, [1300.4, 1301.3, 1300.4, 1301.3], first, second, above])).toEqual([
    { quantity: 1, entered: 2, left: 4, entry: 13_000, exit: 13_036, reason: 'target' },
    { quantity: 1, entered: 4, left: 4, entry: 13_015, exit: 13_036, reason: 'target' },
    { quantity: 1, entered: 2, left: 5, entry: 13_000, exit: 13_069, reason: 'target' },
  ])
})

test('the stop takes all that is held', () => {
  expect(tradesOf([above, above, filled, [1300.4, 1300.4, 1298, 1298.5], above])).toEqual([
    { quantity: 2, entered: 2, left: 3, entry: 13_000, exit: 12_981, reason: 'stop' },
  ])
})

test('the order is taken back while the quality is too low to trade, though the card stays', () => {
  const weak: Minute = [1301, 1301, 1301, 1301, 52]
  expect(tradesOf([above, weak, filled, above])).toEqual([])
  expect(tradesOf([above, weak, filled, above], { tradeQuality: 50 })).toHaveLength(1)
  expect(tradesOf([above, weak, above, filled, above])).toHaveLength(1)
})

test('a card whose zone was touched and not traded through keeps its order until the first target', () => {
  const touched: Minute = [1301, 1301, 1300, 1300.5]
  expect(tradesOf([above, touched, [1300.5, 1300.5, 1299.9, 1300.4], above])).toHaveLength(1)
  expect(tradesOf([above, touched, [1301, 1303.6, 1301, 1301], [1300.5, 1300.5, 1299.9, 1300.4], above])).toEqual([])
})

test('nothing is drawn before the plan freezes, nor entered after its hours', () => {
  expect(tradesOf([above, above, filled, above], { from: 304 })).toEqual([])
  expect(tradesOf([above, above, above, filled, above], { until: 302 })).toEqual([])
})
