import { describe, expect, test } from 'vitest'
import { randomBars } from '#src/testing/bars.ts'
import { freeze } from '#src/testing/freeze.ts'
import type { Bar } from '../market/bar.ts'
import { alignment, frame } from '../signals/frame.ts'
import { adaptiveTrend } from '../waves/adaptive-trend.ts'
import { waveDominance } from '../waves/wave-dominance.ts'
import { atr } from './atr.ts'
import { awesomeOscillator } from './awesome-oscillator.ts'
import { dmi } from './dmi.ts'
import { efficiencyRatio } from './efficiency-ratio.ts'
import { type Indicator, series } from './indicator.ts'
import { sma } from './sma.ts'
import { ema, rma } from './smoothed.ts'
import { vwap } from './vwap.ts'

/** One member of the family as the contract sees it: fed with bars, and the one number of its value that warms last. */
type Member = {
  readonly name: string
  readonly warmup: number
  readonly initial: unknown
  readonly step: (state: unknown, bar: Bar) => unknown
  readonly value: (state: unknown) => unknown
  readonly slowest: (state: unknown) => number
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

const family = [
  member('sma(20)', sma(20), closeOf, itself),
  member('ema(9)', ema(9), closeOf, itself),
  member('rma(14)', rma(14), closeOf, itself),
  member('atr(14)', atr(14), barItself, itself),
  member('awesomeOscillator', awesomeOscillator(), barItself, itself),
  member('efficiencyRatio(24)', efficiencyRatio(24), closeOf, itself),
  member('dmi(14)', dmi(14), barItself, ({ adx }) => adx),
  member('dmi(17, 14)', dmi(17, 14), barItself, ({ adx }) => adx),
  member(
    'vwap',
    vwap,
    (bar) => ({ bar: { ...bar, volume: bar.volume + 1 }, anchor: String(Math.floor(bar.time / 3_600_000)) }),
    (value) => value.vwap,
  ),
  member('adaptiveTrend', adaptiveTrend(), closeOf, itself),
  member('alignment', alignment, closeOf, ({ slow }) => slow),
  member('frame', frame, barItself, ({ aoBefore }) => aoBefore),
]
/** Waves need a number of turns rather than a number of bars, so only the warm-up rule does not bind them. */
const waves = member('waveDominance', waveDominance, barItself, ({ speed }) => speed)

const bars = randomBars(7, 400)

const statesOf = ({ initial, step }: Member, inputs: readonly Bar[]): readonly unknown[] => {
  const states = [initial]
  for (const bar of inputs) states.push(step(states.at(-1), bar))
  return states
}

describe.each(family)('$name', (each) => {
  test('says NaN exactly until it is warm', () => {
    const values = statesOf(each, bars).map(each.slowest)
    expect(values.findIndex((value) => !Number.isNaN(value))).toBe(each.warmup)
    expect(values.slice(each.warmup).some(Number.isNaN)).toBe(false)
  })
})

describe.each([...family, waves])('$name', (each) => {
  test('says of the first bars what it says of them within the whole', () => {
    const whole = statesOf(each, bars).map(each.value)
    for (let cut = 0; cut <= bars.length; cut += 13)
      expect(statesOf(each, bars.slice(0, cut)).map(each.value)).toEqual(whole.slice(0, cut + 1))
  })

  test('never changes the state it was given', () => {
    const frozen = { ...each, initial: freeze(each.initial), step: (s: unknown, b: Bar) => freeze(each.step(s, b)) }
    expect(statesOf(frozen, freeze(bars)).map(each.value)).toEqual(statesOf(each, bars).map(each.value))
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
