import { expect, test } from 'vitest'
import type { DayColumns } from '#src/domain/optimization/trial.ts'
import { packDays, unpackDays } from './packed-days.ts'

const daysOf = (dates: number, scale = 7): DayColumns => ({
  net: Float64Array.from({ length: dates }, (_, i) => (i % 3 === 0 ? scale * i : -0)),
  r: Float64Array.from({ length: dates }, (_, i) => (i % 3 === 0 ? scale / (i + 3) : 0)),
  rSquared: Float64Array.from({ length: dates }, (_, i) => (i % 3 === 0 ? 1e-300 * i : 0)),
  trades: Int32Array.from({ length: dates }, (_, i) => (i % 3 === 0 ? 2 ** 31 - 1 : 0)),
  wins: Int32Array.from({ length: dates }, (_, i) => i % 2),
})

test.each([0, 1, 2, 31, 32, 33, 250])(
  'the columns of %i dates come back bit for bit, a negative nought included',
  (dates) => {
    const days = daysOf(dates)
    expect(packDays(days).length % 32).not.toBe(0)
    expect(unpackDays(packDays(days))).toEqual(days)
    if (dates > 1) expect(Object.is(unpackDays(packDays(days)).net[1], -0)).toBe(true)
  },
)

test('whatever the length of the deflated bytes, the whole is no multiple of 32', () => {
  for (let scale = 0; scale < 2_000; scale++) {
    const days = daysOf(1 + (scale % 40), scale / 7)
    const packed = packDays(days)
    expect(packed.length % 32).not.toBe(0)
    expect(unpackDays(packed)).toEqual(days)
  }
})

test('days that an earlier version kept as they lie in memory are read as they were', () => {
  const kept = new Uint8Array(64)
  const view = new DataView(kept.buffer)
  view.setFloat64(0, 12.5, true)
  view.setInt32(48 + 4, 3, true)
  view.setInt32(56, 1, true)
  expect(unpackDays(kept)).toEqual({
    net: Float64Array.of(12.5, 0),
    r: new Float64Array(2),
    rSquared: new Float64Array(2),
    trades: Int32Array.of(0, 3),
    wins: Int32Array.of(1, 0),
  })
})

test('days are unpacked wherever in memory their bytes lie', () => {
  const packed = packDays(daysOf(7))
  // What a driver hands over is a piece of memory that other answers lie in too.
  const shared = Buffer.alloc(packed.length + 100, 0xff)
  const piece = shared.subarray(33, 33 + packed.length)
  piece.set(packed)
  expect(unpackDays(piece)).toEqual(daysOf(7))
})

test('bytes that are no columns are refused', () => {
  expect(() => unpackDays(Uint8Array.of(1, 2, 3))).toThrow()
  expect(() => unpackDays(packDays(daysOf(2)).subarray(0, 9))).toThrow()
})
