import { expect, test } from 'vitest'
import { structure } from '../structure/structure.ts'
import type { Fill } from '../trading/fill.ts'
import { joinDrawings } from './chart.ts'
import { fillMarks } from './fill-marks.ts'
import { priorDrawings, profileDrawings, sessionDrawings, structureDrawings } from './structure-drawings.ts'

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

test('equal lows and the day before are lines; swings, shifts and sweeps are marks, a swing until it is taken', () => {
  const { lines, marks } = structureDrawings({
    ...empty,
    swingHighs: [
      { kind: 'high', price: 11, at: 2, knownAt: 5, takenAt: 8 },
      { kind: 'high', price: 12, at: 10, knownAt: 13, takenAt: undefined },
    ],
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
    { kind: 'swing', at: 2, to: 8, price: 11, side: 'short', label: 'high' },
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

test('what has ended is drawn up to the bar that ended it, and how it ended is said', () => {
  const ended = { knownAt: 30, lifeAt: 60, until: 60 } as const
  const { boxes, lines } = structureDrawings({
    ...empty,
    finished: {
      gaps: [{ ...ended, life: 'filled', side: 'long', low: 10, high: 12, edge: 12, width: 2, at: 30 }],
      blocks: [{ ...ended, life: 'broken', side: 'short', breaker: false, low: 5, high: 6, at: 20, originAt: 25 }],
      pools: [{ ...ended, life: 'swept', kind: 'high', price: 8, at: 5, lastAt: 9, count: 3, beyond: 0, reach: 8 }],
    },
  })
  expect(boxes).toEqual([
    { kind: 'gap', side: 'long', from: 30, to: 60, ended: 'filled', low: 10, high: 12, label: 'bull gap' },
    { kind: 'block', side: 'short', from: 30, to: 60, ended: 'broken', low: 5, high: 6, label: 'bear block' },
  ])
  expect(lines).toEqual([{ kind: 'pool', from: 30, to: 60, ended: 'swept', price: 8, label: '3 equal highs' }])
})

test('the middle of the dealing range is a line from the later of its swings on, and says which side price is', () => {
  const dealing = { low: 4, high: 12, lowAt: 20, highAt: 10, equilibrium: 8, share: 0.75, word: 'premium' } as const
  expect(structureDrawings({ ...empty, dealing }).lines).toEqual([
    { kind: 'dealing', from: 20, price: 8, label: 'dealing middle, price at premium' },
  ])
})

test('busiest price and value area are lines of the session, estimated where trades were not seen', () => {
  const profile = { poc: 10, valueLow: 8, valueHigh: 11, volume: 100, basis: 'trades' } as const
  expect(profileDrawings(profile, 60).lines).toEqual([
    { kind: 'profile', from: 60, price: 10, label: 'POC' },
    { kind: 'profile', from: 60, price: 11, label: 'value area high' },
    { kind: 'profile', from: 60, price: 8, label: 'value area low' },
  ])
  expect(profileDrawings({ ...profile, basis: 'estimated' }, 60).lines[0]?.label).toBe('POC estimated')
  expect(profileDrawings(undefined, 60).lines).toEqual([])
})

test('each opening range is a box from its first minute on, a window without a bar is nothing', () => {
  const range = { name: 'New York', minutes: 15, opensAt: 60_000, state: 'ARMED', since: 0, high: 12, low: 9 } as const
  const { boxes } = sessionDrawings(
    [range, { ...range, minutes: 30 }, { ...range, name: 'London', high: Number.NaN, low: Number.NaN }],
    undefined,
  )
  expect(boxes).toEqual([
    { kind: 'opening-range', side: 'neutral', from: 60_000, low: 9, high: 12, label: 'New York opening range 15' },
    { kind: 'opening-range', side: 'neutral', from: 60_000, low: 9, high: 12, label: 'New York opening range 30' },
  ])
})

test('the lines of the last four-hour block hold from its end on', () => {
  const { lines } = sessionDrawings([], { kind: '4h', marker: 7, high: 12, low: 9, setups: [] })
  expect(lines.map(({ kind, from, price, label }) => [kind, from, price, label])).toEqual([
    ['time-block', 7, 12, '4h block high'],
    ['time-block', 7, 9, '4h block low'],
  ])
})
