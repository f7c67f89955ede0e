import { describe, expect, test } from 'vitest'
import { specOf } from '../instruments/contract-spec.ts'
import type { Bar } from './bar.ts'
import { type BarFault, guardBar, isHole } from './bar-guard.ts'

const mes = specOf('MES')
const good: Bar = { time: 1_384_783_200_000, open: 1790, high: 1791.25, low: 1789.75, close: 1791, volume: 40 }
const guarded = (change: Partial<Bar>) => {
  const faults: BarFault[] = []
  return { bar: guardBar(mes, { ...good, ...change }, (fault) => faults.push(fault)), faults }
}

test('a sound bar goes through untouched, the very one', () => {
  expect(guardBar(mes, good, () => expect.unreachable())).toBe(good)
})

test('prices below zero are prices', () => {
  expect(
    guardBar(specOf('MCL'), { ...good, open: -37.63, high: -10, low: -40.32, close: -13.1 }, () => {}),
  ).toBeDefined()
})

describe('is refused by name', () => {
  test.each([
    ['not-a-number', { close: Number.NaN }],
    ['not-a-number', { high: Number.POSITIVE_INFINITY }],
    ['not-a-number', { volume: Number.NaN }],
    ['off-minute', { time: good.time + 1 }],
    ['crossed', { high: 1789, low: 1791 }],
    ['negative-volume', { volume: -1 }],
  ] as const)('%s: %o', (fault, change) => {
    expect(guarded(change)).toEqual({ bar: undefined, faults: [fault] })
  })
})

describe('is repaired by name', () => {
  test('a price off the grid goes to its nearest tick', () => {
    expect(guarded({ close: 1790.9 })).toEqual({ bar: { ...good, close: 1791 }, faults: ['off-grid'] })
  })
  test('a close beyond the high is the high', () => {
    expect(guarded({ close: 1792 })).toEqual({ bar: { ...good, high: 1792, close: 1792 }, faults: ['outside-range'] })
  })
  test('both faults are told, the grid first', () => {
    expect(guarded({ open: 1789.4 })).toEqual({
      bar: { ...good, open: 1789.5, low: 1789.5 },
      faults: ['off-grid', 'outside-range'],
    })
  })
})

test('an hour without a bar within a trade date is a hole, the pause between two is none', () => {
  const dateOf = (time: number): string => (time < good.time + 7_200_000 ? 'one' : 'two')
  const after = (minutes: number): Bar => ({ ...good, time: good.time + minutes * 60_000 })
  expect(isHole(good, after(61), dateOf)).toBe(true)
  expect(isHole(good, after(60), dateOf)).toBe(false)
  expect(isHole(good, after(600), dateOf)).toBe(false)
  expect(isHole(undefined, good, dateOf)).toBe(false)
})
