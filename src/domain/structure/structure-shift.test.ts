import { expect, test } from 'vitest'
import type { Bar } from '../market/bar.ts'
import { type ShiftState, structureShifts } from './structure-shift.ts'
import type { Swing } from './swing.ts'

const bar = (time: number, close: number): Bar => ({
  time,
  open: close,
  high: close + 5,
  low: close - 5,
  close,
  volume: 1,
})
const swing = (kind: 'high' | 'low', price: number, at = 1): Swing => ({ kind, price, at, knownAt: at + 3 })

const shiftsOf = (steps: readonly (readonly [Bar, ...Swing[]])[]): ShiftState =>
  steps.reduce((state, [each, ...confirmed]) => structureShifts.step(state, each, confirmed), structureShifts.initial)

test('a close beyond the last swing high shifts structure to the long side', () => {
  const { last, high } = shiftsOf([[bar(4, 9), swing('high', 10)], [bar(5, 10.5)]])
  expect(last).toEqual({ kind: 'BOS', side: 'long', price: 10, swingAt: 1, at: 5 })
  expect(high).toBeUndefined()
})

test('trading beyond it without a close there is no shift, nor is a close on it', () => {
  expect(shiftsOf([[bar(4, 8), swing('high', 10)], [bar(5, 9)]]).last).toBeUndefined()
  expect(shiftsOf([[bar(4, 8), swing('high', 10)], [bar(5, 10)]]).last).toBeUndefined()
})

test('a close beyond the last swing low shifts it to the short side', () => {
  expect(shiftsOf([[bar(4, 11), swing('low', 10)], [bar(5, 9.5)]]).last).toEqual({
    kind: 'BOS',
    side: 'short',
    price: 10,
    swingAt: 1,
    at: 5,
  })
})

test('with the prevailing direction it is a break of structure, against it a change of character', () => {
  const up = [[bar(4, 9), swing('high', 10)], [bar(5, 11)]] as const
  expect(shiftsOf([...up, [bar(6, 11), swing('high', 12, 2)], [bar(7, 13)]]).last?.kind).toBe('BOS')
  expect(shiftsOf([...up, [bar(6, 11), swing('low', 10, 2)], [bar(7, 9)]]).last).toEqual({
    kind: 'CHoCH',
    side: 'short',
    price: 10,
    swingAt: 2,
    at: 7,
  })
})

test('a swing is broken once', () => {
  const once = shiftsOf([[bar(4, 9), swing('high', 10)], [bar(5, 11)], [bar(6, 9)], [bar(7, 12)]])
  expect(once.last?.at).toBe(5)
})

test('the bar that makes a swing known cannot break it', () => {
  expect(shiftsOf([[bar(4, 11), swing('high', 10)]]).last).toBeUndefined()
  expect(shiftsOf([[bar(4, 11), swing('high', 10)], [bar(5, 11)]]).last?.at).toBe(5)
})

test('only the newest swing of a kind can be broken', () => {
  const state = shiftsOf([[bar(4, 9), swing('high', 12)], [bar(5, 9), swing('high', 10, 2)], [bar(6, 11)]])
  expect(state.last).toMatchObject({ price: 10, swingAt: 2, at: 6 })
  expect(state.high).toBeUndefined()
})
