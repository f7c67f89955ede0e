import { expect, test } from 'vitest'
import { structure } from '../structure/structure.ts'
import type { Fill } from '../trading/fill.ts'
import { joinDrawings } from './chart.ts'
import { fillMarks } from './fill-marks.ts'
import { priorDrawings, sessionDrawings, structureDrawings } from './structure-drawings.ts'

const life = { knownAt: 30, life: 'formed', lifeAt: 30 } as const
const empty = structure.value(structure.initial)

test('a zone is drawn from the bar that made it known on, and says in words what it is', () => {
  const { boxes } = structureDrawings({
    ...empty,
    gaps: [{ ...life, side: 'short', low: 10, high: 12, edge: 10, width: 2, at: 30 }],
    blocks: [
      { ...life, side: 'long', breaker: false, low: 5, high: 6, at: 20, originAt: 25 },
      { ...life, side: 'long', breaker: true, low: 7, high: 8, at: 20, originAt: 25 },
    ],
  })
  expect(boxes).toEqual([
    { kind: 'gap', side: 'short', from: 30, low: 10, high: 12, label: 'bear gap' },
    { kind: 'block', side: 'long', from: 30, low: 5, high: 6, label: 'bull block' },
    { kind: 'breaker', side: 'long', from: 30, low: 7, high: 8, label: 'bull breaker' },
  ])
})

test('equal lows and the day before are lines; swings, shifts and sweeps are marks', () => {
  const { lines, marks } = structureDrawings({
    ...empty,
    swingHighs: [{ kind: 'high', price: 12, at: 10, knownAt: 13 }],
    shifts: [{ kind: 'CHoCH', side: 'short', price: 9, swingAt: 4, at: 20 }],
    pools: [{ ...life, kind: 'low', price: 8, at: 5, lastAt: 9, count: 2, beyond: 0, reach: 8 }],
    sweeps: [{ kind: 'low', side: 'long', price: 8, reach: 7.5, count: 2, poolAt: 5, at: 40, knownAt: 41 }],
  })
  const prior = priorDrawings({ day: { high: 20, low: 4, at: 1, knownAt: 15 }, week: undefined, fourHours: undefined })
  expect(joinDrawings({ boxes: [], lines, marks: [] }, prior).lines).toEqual([
    { kind: 'pool', from: 30, price: 8, label: '2 equal lows' },
    { kind: 'prior', from: 15, price: 20, label: 'prior-day high' },
    { kind: 'prior', from: 15, price: 4, label: 'prior-day low' },
  ])
  expect(marks).toEqual([
    { kind: 'swing', at: 10, price: 12, side: 'short', label: 'high' },
    { kind: 'shift', at: 20, price: 9, side: 'short', label: 'CHoCH' },
    { kind: 'sweep', at: 40, price: 7.5, side: 'long', label: 'sweep' },
  ])
})

test('an execution is a mark at its price', () => {
  const fill: Fill = {
    ...{ account: 'Sim101', instrument: 'MES', contract: 202612, executionId: 'e1', orderId: 'o1', orderName: 'entry' },
    ...{ side: 'sell', quantity: 2, price: 6_700.25, at: 50 },
  }
  expect(fillMarks([fill])).toEqual([{ kind: 'fill', at: 50, price: 6_700.25, side: 'sell', label: 'sell 2' }])
})

test('the first quarter of an hour of an open is a box from its first minute on, a window without a bar is nothing', () => {
  const range = { name: 'New York', minutes: 15, opensAt: 60_000, state: 'ARMED', since: 0, high: 12, low: 9 } as const
  const { boxes } = sessionDrawings(
    [range, { ...range, minutes: 30 }, { ...range, name: 'London', high: Number.NaN, low: Number.NaN }],
    undefined,
  )
  expect(boxes).toEqual([
    { kind: 'opening-range', side: 'neutral', from: 60_000, low: 9, high: 12, label: 'New York opening range' },
  ])
})

test('the lines of the last four-hour block hold from its end on', () => {
  const { lines } = sessionDrawings([], { kind: '4h', marker: 7, high: 12, low: 9, setups: [] })
  expect(lines.map(({ kind, from, price, label }) => [kind, from, price, label])).toEqual([
    ['time-block', 7, 12, '4h block high'],
    ['time-block', 7, 9, '4h block low'],
  ])
})
