import { describe, expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { freeze } from '#src/testing/freeze.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import type { Bar } from '../market/bar.ts'
import { alignment, frame } from '../signals/frame.ts'
import { adaptiveTrend } from '../waves/adaptive-trend.ts'
import { waveDominance } from '../waves/wave-dominance.ts'
import { anchoredVwap } from './anchored-vwap.ts'
import { atr } from './atr.ts'
import { awesomeOscillator } from './awesome-oscillator.ts'
import { bollinger } from './bollinger.ts'
import { cci } from './cci.ts'
import { dmi } from './dmi.ts'
import { efficiencyRatio } from './efficiency-ratio.ts'
import { highest, lowest } from './extreme.ts'
import { hma } from './hma.ts'
import { type Indicator, series } from './indicator.ts'
import { kama } from './kama.ts'
import { keltner, smoothedRange } from './keltner.ts'
import { linearRegression } from './linear-regression.ts'
import { macd } from './macd.ts'
import { mfi } from './mfi.ts'
import { obv } from './obv.ts'
import { rsi } from './rsi.ts'
import { sma } from './sma.ts'
import { ema, rma } from './smoothed.ts'
import { stochastic } from './stochastic.ts'
import { supertrend } from './supertrend.ts'
import { trueRanges } from './true-range.ts'
import { fractal, pivotHigh, pivotLow } from './turning-point.ts'
import { vwap } from './vwap.ts'
import { wma } from './wma.ts'

/** One member of the family as the contract sees it: fed with bars, and the one number of its value that warms last. */
type Member = {
  readonly name: string
  readonly warmup: number
  readonly initial: unknown
  readonly step: (state: unknown, bar: Bar) => unknown
  readonly value: (state: unknown) => unknown
  readonly slowest: (state: unknown) => number
  /** One as costly as a hundred indicators begins a prefix from its state at most this many bars before, and knows one real day. */
  readonly stride?: number
}

const member = <State, Input, Output>(
  name: string,
  { warmup, initial, step, value }: Indicator<State, Input, Output>,
  inputOf: (bar: Bar) => Input,
  slowestOf: (output: Output) => number,
): Member => ({
  name,
  warmup,
  initial,
  step: (state, bar) => step(state as State, inputOf(bar)),
  value: (state) => value(state as State),
  slowest: (state) => slowestOf(value(state as State)),
})

const itself = (value: number): number => value
const closeOf = ({ close }: Bar): number => close
const barItself = (bar: Bar): Bar => bar
/** A bar in which something traded: an average by volume begins with the first trade, not with the first bar. */
const traded = (bar: Bar): Bar => ({ ...bar, volume: bar.volume + 1 })
const hourOf = (time: number): string => String(Math.floor(time / 3_600_000))

const family = [
  member('sma(20)', sma(20), closeOf, itself),
  member('ema(9)', ema(9), closeOf, itself),
  member('rma(14)', rma(14), closeOf, itself),
  member('wma(20)', wma(20), closeOf, itself),
  member('hma(20)', hma(20), closeOf, itself),
  member('kama(10, 2, 30)', kama(), closeOf, itself),
  member('trueRanges', trueRanges, barItself, itself),
  member('atr(14)', atr(14), barItself, itself),
  member('bollinger(20, 2)', bollinger(), closeOf, ({ upper }) => upper),
  member('keltner(20, 2)', keltner(20, 2, smoothedRange(20)), barItself, ({ upper }) => upper),
  member('keltner(20, 2) of atr(10)', keltner(20, 2, atr(10)), barItself, ({ upper }) => upper),
  member('supertrend(3, 10)', supertrend(), barItself, ({ line }) => line),
  member('macd(12, 26, 9)', macd(), closeOf, ({ signal }) => signal),
  member('rsi(14)', rsi(), closeOf, itself),
  member('stochastic(14, 3, 3)', stochastic(14, 3, 3), barItself, ({ d }) => d),
  member('cci(20)', cci(), barItself, itself),
  member('mfi(14)', mfi(), barItself, itself),
  member('obv', obv, barItself, itself),
  member('highest(20)', highest(20), ({ high }) => high, itself),
  member('lowest(1)', lowest(1), ({ low }) => low, itself),
  member('linearRegression(20)', linearRegression(20), closeOf, ({ slope }) => slope),
  member('awesomeOscillator', awesomeOscillator(), barItself, itself),
  member('efficiencyRatio(24)', efficiencyRatio(24), closeOf, itself),
  member('dmi(14)', dmi(14), barItself, ({ adx }) => adx),
  member('dmi(17, 14)', dmi(17, 14), barItself, ({ adx }) => adx),
  member(
    'vwap',
    vwap,
    (bar) => ({ bar: traded(bar), anchor: hourOf(bar.time) }),
    (value) => value.vwap,
  ),
  member('anchoredVwap', anchoredVwap(hourOf), traded, ({ upper2 }) => upper2),
  member('adaptiveTrend', adaptiveTrend(), closeOf, itself),
  member('alignment', alignment, closeOf, ({ slow }) => slow),
  { ...member('frame', frame, barItself, ({ aoBefore }) => aoBefore), stride: 4 },
]

/** They speak of what just happened, or after a number of turns: only the rule of the warm-up does not bind them. */
const occasional = [
  member('pivotHigh(10, 5)', pivotHigh(10, 5), ({ high }) => high, itself),
  member('pivotLow(3, 3)', pivotLow(3, 3), ({ low }) => low, itself),
  member('fractal', fractal(), barItself, ({ high }) => high),
  { ...member('waveDominance', waveDominance, barItself, ({ speed }) => speed), stride: 4 },
]

const statesOf = ({ initial, step }: Member, inputs: readonly Bar[]): readonly unknown[] => {
  const states = [initial]
  for (const bar of inputs) states.push(step(states.at(-1), bar))
  return states
}

/** Every number and word of a value, however deep. */
const leavesOf = (value: unknown, leaves: unknown[] = []): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) leaves.push(value)
  else for (const key in value) leavesOf((value as Record<string, unknown>)[key], leaves)
  return leaves
}

const alike = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, i) => Object.is(each, others[i]))

/** An indicator as a batch is given it: with all its bars at hand. Only one that looks ahead cares. */
type Made = (bars: readonly Bar[]) => Member

/** A whole market, what the indicator says of each of its bars, and the state before every `stride`th. */
const wholeOf = (make: Made, bars: readonly Bar[], stride: number) => {
  const each = make(bars)
  const said: (readonly unknown[])[] = []
  const kept: unknown[] = []
  let state = each.initial
  bars.forEach((bar, i) => {
    if (i % stride === 0) kept.push(state)
    state = each.step(state, bar)
    said.push(leavesOf(each.value(state)))
  })
  return { bars, said, kept, stride }
}

/** Whether something is said of the first `cut` bars that differs from what the whole says of them. */
const differs = (make: Made, { bars, said, kept, stride }: ReturnType<typeof wholeOf>, cut: number): boolean => {
  const prefix = bars.slice(0, cut)
  const each = make(prefix)
  const from = Math.floor(Math.max(cut - 1, 0) / stride)
  let state = kept[from]
  return prefix.slice(from * stride).some((bar, i) => {
    state = each.step(state, bar)
    return !alike(leavesOf(each.value(state)), said[from * stride + i] ?? [])
  })
}

/** How many of `cuts` random cut points of a market differ. A stride as long as the market begins each prefix anew. */
const differencesOf = (make: Made, bars: readonly Bar[], cuts: number, stride: number): number => {
  const whole = wholeOf(make, bars, stride)
  const chance = createChance(cuts + bars.length)
  let differences = 0
  for (let i = 0; i < cuts; i++) if (differs(make, whole, Math.ceil(chance() * bars.length))) differences++
  return differences
}

const markets = Array.from({ length: 20 }, (_, seed) => randomBars(seed, 120))
const bars = randomBars(7, 400)
/** Monday 7 to Friday 11 October 2013, every minute of the E-mini that traded. */
const week = hasOracles ? recordedBars('ES', '2013-10-12') : []

describe.each(family)('$name', (each) => {
  test('says NaN exactly until it is warm', () => {
    const values = statesOf(each, bars).map(each.slowest)
    expect(values.findIndex((value) => !Number.isNaN(value))).toBe(each.warmup)
    expect(values.slice(each.warmup).some(Number.isNaN)).toBe(false)
  })
})

describe.each([...family, ...occasional])('$name', (each) => {
  const make: Made = () => each

  test('says of the first bars what it says of them within the whole, at 1,000 random cuts', () => {
    const differences = markets.map((market) => differencesOf(make, market, 50, each.stride ?? market.length))
    expect(differences.reduce((sum, some) => sum + some)).toBe(0)
  })

  test.skipIf(!hasOracles)('does so at 1,000 random cuts of a real week, from its state before', () => {
    const market = each.stride === undefined ? week : week.slice(0, 1380)
    expect(differencesOf(make, market, 1000, each.stride ?? 50)).toBe(0)
  })

  test('never changes the state it was given', () => {
    const frozen = { ...each, initial: freeze(each.initial), step: (s: unknown, b: Bar) => freeze(each.step(s, b)) }
    expect(statesOf(frozen, freeze(bars)).map(each.value)).toEqual(statesOf(each, bars).map(each.value))
  })

  test('streams as it batches: a state put away and taken up again goes on the same', () => {
    const resumed = (state: unknown, bar: Bar): unknown => each.step(structuredClone(state), bar)
    expect(statesOf({ ...each, step: resumed }, bars).map(each.value)).toEqual(statesOf(each, bars).map(each.value))
  })

  test('forgets a forming bar that was only looked at', () => {
    const wild: Bar = { time: 9e12, open: 1, high: 9_000, low: 0, close: 5_000, volume: 1e6 }
    const looking = (state: unknown, bar: Bar): unknown => {
      each.value(each.step(state, wild))
      return each.step(state, bar)
    }
    expect(statesOf({ ...each, step: looking }, bars).map(each.value)).toEqual(statesOf(each, bars).map(each.value))
  })
})

/** The mean of a bar's close and the next one's, which it finds in the batch it was made for. */
const peeking: Made = (batch) =>
  member(
    'peeking',
    { warmup: 1, initial: 0, step: (seen: number) => seen + 1, value: (seen: number) => meanAt(batch, seen) },
    barItself,
    itself,
  )
const meanAt = (batch: readonly Bar[], seen: number): number =>
  ((batch[seen - 1]?.close ?? Number.NaN) + (batch[seen]?.close ?? batch[seen - 1]?.close ?? Number.NaN)) / 2

test('the contract catches a look one bar ahead, wherever the next close is another', () => {
  expect(markets.map((market) => differencesOf(peeking, market, 50, market.length)).reduce((a, b) => a + b)).toBe(962)
})

test.skipIf(!hasOracles)('and catches it in the real week', () => {
  expect(differencesOf(peeking, week, 1000, 50)).toBe(659)
})

test('a run of values is the fold run to the end', () => {
  expect(series(sma(2), [1, 2, 4])).toEqual([Number.NaN, 1.5, 3])
  expect(series(sma(2), [])).toEqual([])
})

test('the contract catches a fold that writes into its state', () => {
  const greedy: Indicator<number[], number> = {
    warmup: 1,
    initial: [],
    step: (state, input) => {
      state.push(input)
      return state
    },
    value: (state) => state.at(-1) ?? Number.NaN,
  }
  const each = member('greedy', greedy, closeOf, itself)
  expect(() => statesOf({ ...each, initial: freeze(each.initial) }, bars)).toThrow(TypeError)
})
