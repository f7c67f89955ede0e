import { describe, expect, test } from 'vitest'
import { createChance, randomBars, recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { dateOfBar, nextTradeDate } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import { easternMs } from '../instruments/zone.ts'
import type { FlowReading } from './flow-reading.ts'
import { type FlowBar, type FlowTick, type MinuteFlow, minuteFlow } from './minute-flow.ts'
import { keepFlow, orderFlow } from './order-flow.ts'

const gold = specOf('GC')
const metals = orderFlow(gold)
type Step = typeof metals.step

const flowsOf = (trades: readonly FlowTick[]): ReadonlyMap<number, MinuteFlow> => {
  const tape = minuteFlow(gold)
  const flows = new Map<number, MinuteFlow>()
  let state = tape.initial
  for (const tick of trades) {
    state = tape.step(state, tick)
    if (state.closed !== undefined) flows.set(state.closed.time, state.closed)
  }
  return flows
}

const trades = hasOracles ? recordedTrades() : []
const bars = hasOracles ? recordedBars('GC') : []

/** Three recorded days of gold, minute by minute with its trades, as printed or with prices turned upside down. */
const recorded = (turn = (price: number): number => price): readonly FlowBar[] => {
  const flows = flowsOf(trades.map((tick) => ({ ...tick, price: turn(tick.price) })))
  return bars.map((bar) => ({
    bar: { ...bar, high: Math.max(turn(bar.high), turn(bar.low)), low: Math.min(turn(bar.high), turn(bar.low)) },
    tradeDate: dateOfBar('metals', bar.time),
    flow: flows.get(bar.time),
  }))
}

/** A random market with trades at random prices of most minutes, and a stretch of which nothing but bars is known. */
const random = (seed: number, count: number): readonly FlowBar[] => {
  const chance = createChance(seed)
  return randomBars(seed, count, Date.UTC(2013, 9, 7, 4)).map((bar, i) => {
    const [low, high] = [toTicks(gold, bar.low), toTicks(gold, bar.high)]
    const price = low + Math.floor(chance() * (high - low + 1))
    const buy = Math.floor(chance() * 50)
    const levels = new Map([[price, 50]])
    const known = i % 500 > 40 && chance() > 0.01
    const flow: MinuteFlow = { time: bar.time, buy, sell: 50 - buy, basis: 'quotes', levels }
    return { bar, tradeDate: dateOfBar('metals', bar.time), ...(known && { flow }) }
  })
}

const readingsAt = (
  inputs: readonly FlowBar[],
  wanted: ReadonlySet<number>,
  stepAt = (_: number): Step => metals.step,
) => {
  const readings = new Map<number, FlowReading>()
  let state = metals.initial
  inputs.forEach((input, i) => {
    state = stepAt(i)(state, input)
    if (wanted.has(i + 1)) readings.set(i + 1, metals.value(state))
  })
  return readings
}

const cutsOf = (length: number, count: number, seed: number): ReadonlySet<number> => {
  const chance = createChance(seed)
  return new Set(Array.from({ length: count }, () => 1 + Math.floor(chance() * length)))
}

type Whole = (inputs: readonly FlowBar[]) => (index: number) => Step

/** The cuts at which the minutes up to there say something else than the same minutes within the whole. */
const disagreements = (
  inputs: readonly FlowBar[],
  cuts: ReadonlySet<number>,
  stepOf: Whole = () => () => metals.step,
) => {
  const whole = readingsAt(inputs, cuts, stepOf(inputs))
  return [...cuts].filter((cut) => {
    const head = inputs.slice(0, cut)
    const alone = readingsAt(head, new Set([cut]), stepOf(head)).get(cut)
    return JSON.stringify(alone) !== JSON.stringify(whole.get(cut))
  })
}

describe('what is read at an instant depends on nothing later', () => {
  test.skipIf(!hasOracles)('on three recorded days', () => {
    const days = recorded()
    expect(disagreements(days, cutsOf(days.length, 150, 1))).toEqual([])
  })

  test.each([21, 22])('on random market %d', (seed) => {
    const inputs = random(seed, 3000)
    expect(disagreements(inputs, cutsOf(inputs.length, 100, seed))).toEqual([])
  })

  test('and the check catches a fold that takes the next minute’s trades', () => {
    const peeking: Whole = (inputs) => (index) => (state, input) =>
      metals.step(state, { ...input, flow: inputs[index + 1]?.flow ?? input.flow })
    const inputs = random(23, 600)
    expect(disagreements(inputs, cutsOf(inputs.length, 40, 23), peeking).length).toBeGreaterThan(10)
  })
})

test('a minute only looked at leaves no trace where the state was kept', () => {
  const inputs = random(24, 400).map(({ bar, tradeDate }) => ({ bar, tradeDate }))
  const looking: Whole =
    () =>
    () =>
    (state, { bar, tradeDate }) => {
      metals.step(keepFlow(state), { bar: { ...bar, high: bar.high + 5, volume: 1e6 }, tradeDate })
      return metals.step(state, { bar, tradeDate })
    }
  const cuts = cutsOf(inputs.length, 40, 24)
  expect(readingsAt(inputs, cuts, looking(inputs))).toEqual(readingsAt(inputs, cuts))
})

/** The last reading of each trade date. */
const lastOfDates = (inputs: readonly FlowBar[]): readonly FlowReading[] => {
  const ends = inputs.flatMap(({ tradeDate }, i) => (tradeDate === inputs[i + 1]?.tradeDate ? [] : [i + 1]))
  return [...readingsAt(inputs, new Set(ends)).values()]
}

test.skipIf(!hasOracles)('a mirrored market has the mirrored delta and profile', () => {
  const turn = (price: number): number => toPrice(gold, 30_000 - toTicks(gold, price))
  const turned = lastOfDates(recorded(turn))
  const straight = lastOfDates(recorded())
  expect(straight.map(({ delta }) => delta?.session)).toEqual([2009, -2129, -842, undefined])
  const opposite = { bullish: 'bearish', bearish: 'bullish', neutral: 'neutral' } as const
  straight.forEach(({ delta, profile }, i) => {
    const other = turned[i]
    expect(other?.delta?.session).toBe(delta && -delta.session)
    expect(other?.delta?.slope).toBe(delta && -delta.slope)
    expect(other?.delta?.lean).toBe(delta && opposite[delta.lean])
    if (profile === undefined) throw new Error('no profile')
    expect(other?.profile).toEqual({
      ...profile,
      poc: turn(profile.poc),
      valueLow: turn(profile.valueHigh),
      valueHigh: turn(profile.valueLow),
    })
  })
})

test.skipIf(!hasOracles)('the profiles of recorded trade dates', () => {
  const profiles = lastOfDates(recorded()).map(({ profile }) => profile)
  expect(profiles.slice(0, 3)).toEqual([
    { poc: 1323, valueLow: 1317.6, valueHigh: 1326.6, volume: 51_415, basis: 'trades' },
    { poc: 1324.5, valueLow: 1321.7, valueHigh: 1328.1, volume: 70_785, basis: 'trades' },
    { poc: 1305, valueLow: 1298, valueHigh: 1312.4, volume: 87_198, basis: 'trades' },
  ])
})

test('a market with bars only has a profile by estimate and no delta at all', () => {
  const inputs = random(25, 2000).map(({ bar, tradeDate }) => ({ bar, tradeDate }))
  const all = new Set(inputs.map((_, i) => i + 1))
  const readings = [...readingsAt(inputs, all).values()]
  expect(readings.filter((reading) => 'delta' in reading)).toEqual([])
  expect(new Set(readings.map(({ profile }) => profile?.basis))).toEqual(new Set(['estimated']))
})

test.each([
  [179, false],
  [180, true],
])('%d contracts where 100 are usual: a spike is %s', (volume, spike) => {
  const inputs: FlowBar[] = []
  let tradeDate = '2013-09-09'
  for (let i = 0; i <= 10; i++) {
    const time = easternMs(tradeDate, 600)
    inputs.push({ bar: { time, open: 1, high: 1, low: 1, close: 1, volume: i < 10 ? 100 : volume }, tradeDate })
    tradeDate = nextTradeDate('metals', tradeDate)
  }
  const last = readingsAt(inputs, new Set([11])).get(11)
  expect(last).toMatchObject({ relativeVolume: volume / 100, spike })
})
