import { describe, expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { asmbtr as moves } from '../../baseline/asmbtr.ts'
import { specOf } from '../../instruments/contract-spec.ts'
import { easternMs } from '../../instruments/zone.ts'
import { minuteMs } from '../../market/bar.ts'
import { toColumns } from '../../market/series.ts'
import { dollars } from '../../money.ts'
import { historyOf } from '../history.ts'
import type { Desk, NewOrder, Player, Stage } from '../strategy.ts'
import { chancesOf } from './asmbtr.ts'
import { exitsOf } from './entry-signals.ts'
import { randomEntry } from './random-entry.ts'
import { rsi } from './rsi.ts'
import { smaCross } from './sma-cross.ts'

const spec = specOf('MES')

/** Minutes from 05:00 New York of a Tuesday at these closes, after the fourteen quiet ones that a range takes. */
const stageOf = (closes: readonly number[], before = 14): Stage => {
  const begins = easternMs('2025-10-07', 300) - before * minuteMs
  const all = [...Array.from({ length: before }, () => closes[0] as number), ...closes]
  const bars = all.map((close, i) => ({
    ...{ time: begins + i * minuteMs, open: close, high: close + 1, low: close - 1, close, volume: 1 },
  }))
  const history = historyOf(spec, toColumns(bars))
  return { spec, history, prepared: {}, memo: (_, make) => make(), accountSize: dollars(50_000) }
}

/** What a player sends while nothing ever fills: how many minutes after 05:00, +1 or −1. */
const sent = (player: Player, count: number, before = 14): [number, number][] => {
  const orders: [number, number][] = []
  let bar = 0
  const send = ({ side }: NewOrder): number => orders.push([bar - before, side])
  const desk = { position: 0, waiting: 0, send } as unknown as Desk
  for (bar = player.next(0, desk); bar < count; bar = player.next(bar + 1, desk)) player.act(bar, desk)
  return orders
}

const exits = { stop: 4, target: 2 }

test('moving averages trade when the fast one comes to lie beyond the slow one', () => {
  const stage = stageOf([5, 4, 3, 4, 5, 4, 3])
  expect(sent(smaCross.play(stage, { fast: 1, slow: 2, ...exits }), 21)).toEqual([
    [1, -1],
    [3, 1],
    [5, -1],
  ])
})

test('the RSI trades when it comes back over its line', () => {
  // With two bars its average is halved each time: 0, 0, 50, 75, 87.5, then 43.75 after the first fall.
  const stage = stageOf([10, 9, 8, 7, 8, 9, 10, 9], 14)
  expect(sent(rsi.play(stage, { length: 2, low: 30, high: 70, ...exits }), 22)).toEqual([
    [1, -1],
    [4, 1],
    [7, -1],
  ])
})

describe('entries by chance', () => {
  const closes = Array.from({ length: 300 }, () => 100)
  const entries = (seed: number, minutes: number) =>
    sent(randomEntry.play(stageOf(closes), { seed, minutes, ...exits }), 314)

  test('are the same for the same seed and others for another', () => {
    expect(entries(1, 15)).toEqual(entries(1, 15))
    expect(entries(1, 15)).not.toEqual(entries(2, 15))
  })

  test('come as often as they should, as often long as short', () => {
    const all = Array.from({ length: 200 }, (_, seed) => entries(seed, 30)).flat()
    // 200 mornings of 300 minutes, one in thirty: 2,000 ± 44.
    expect(Math.abs(all.length - 2000)).toBeLessThan(150)
    expect(Math.abs(all.reduce((sum, [, side]) => sum + side, 0))).toBeLessThan(150)
  })

  test('do not depend on where the history begins', () => {
    const late = sent(randomEntry.play(stageOf(closes, 60), { seed: 1, minutes: 15, ...exits }), 360, 60)
    expect(late).toEqual(entries(1, 15))
  })
})

test('nothing is sent in a minute whose next one is outside the hours of the plan', () => {
  const stage = stageOf([...Array.from({ length: 299 }, (_, i) => (i % 2 === 0 ? 5 : 4)), 9, 1, 9, 1])
  const minutes = sent(smaCross.play(stage, { fast: 1, slow: 2, ...exits }), 317).map(([minute]) => minute)
  expect([minutes[0], minutes.at(-1)]).toEqual([1, 298])
})

test('stop and target are whole ticks, one at least', () => {
  const stage = stageOf([5])
  expect(exitsOf(stage, 1.3, { stop: 4, target: 2.5 })).toEqual({ stop: 21, target: 53 })
  expect(exitsOf(stage, 0, { stop: 4, target: 1 })).toEqual({ stop: 1, target: 1 })
})

test.each([4, 8])('the moves of %i closes say what their fold says', (length) => {
  const chance = createChance(length)
  const closes = Float64Array.from({ length: 5000 }, () => Math.floor(chance() * 4))
  const fold = moves(length)
  let state = fold.initial
  const said = Array.from(closes, (close) => {
    state = fold.step(state, close)
    return fold.value(state).up
  })
  expect(Array.from(chancesOf(closes, length, 0.98))).toEqual(said)
})

test('yardsticks trade in the hours in which the trader does, whatever they are', () => {
  const stage = stageOf([5, 4, 3, 4, 5, 4, 3])
  const hours = { entriesFrom: 303, entriesUntil: 305 }
  expect(sent(smaCross.play({ ...stage, hours }, { fast: 1, slow: 2, ...exits }), 21)).toEqual([[3, 1]])
  const later = { entriesFrom: 600, entriesUntil: 660 }
  const moved = { ...stage.history, minute: stage.history.minute.map((minute) => minute + 310) }
  expect(sent(smaCross.play({ ...stage, history: moved }, { fast: 1, slow: 2, ...exits }), 21)).toEqual([])
  expect(
    sent(smaCross.play({ ...stage, history: moved, hours: later }, { fast: 1, slow: 2, ...exits }), 21),
  ).toHaveLength(3)
})
