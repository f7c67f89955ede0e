import { expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { overfittingOf } from './overfitting.ts'

const rowsOf = (trials: number, days: number): Float64Array[] => {
  let x = 12_345n
  return Array.from({ length: trials }, (_, t) =>
    Float64Array.from({ length: days }, () => {
      x = (1_103_515_245n * x + 12_345n) % 2n ** 31n
      return (Number(x >> 8n) % 2_001) - 1_000 + (t % 7) * 20
    }),
  )
}

test('twelve trials over fifty days agree with the method written out in numpy, split by split', () => {
  expect(overfittingOf(rowsOf(12, 50))).toEqual({
    trials: 12,
    splits: 12_870,
    probability: 1_550 / 12_870,
    logits: { from: -2.5, width: 0.5, counts: [51, 433, 293, 170, 603, 1_446, 1_830, 3_156, 3_456, 1_432] },
    degradation: { slope: expect.closeTo(-0.5099028791852764, 8), intercept: expect.closeTo(0.540653225285853, 8) },
    lossShare: 1_194 / 12_870,
  })
})

test('of noise the choice means nothing: over twenty markets the probability is a half on average', () => {
  const { normal } = createStream(3)
  const noise = () => Array.from({ length: 40 }, () => Float64Array.from({ length: 128 }, normal))
  const probabilities = Array.from({ length: 20 }, () => overfittingOf(noise()).probability)
  expect(probabilities.reduce((sum, one) => sum + one, 0) / 20).toBeCloseTo(0.5, 1)
})

test('one that is truly better than the others is found again in every split', () => {
  const { normal } = createStream(4)
  const rows = Array.from({ length: 40 }, (_, t) =>
    Float64Array.from({ length: 256 }, () => normal() + (t === 7 ? 1 : 0)),
  )
  expect(overfittingOf(rows)).toMatchObject({ probability: 0, lossShare: 0 })
})

test('trials that are all the same rank in the middle, and that is not better than blind', () => {
  const row = Float64Array.from({ length: 64 }, createStream(5).normal)
  expect(overfittingOf([row, row, row])).toMatchObject({ probability: 1, logits: { from: 0, counts: [12_870] } })
})

test('trials that never trade are worth nothing, not unknown', () => {
  const steady = Float64Array.from({ length: 64 }, (_, d) => 1 + (d % 3))
  expect(overfittingOf([new Float64Array(64), steady])).toMatchObject({ probability: 0, lossShare: 0 })
})

test('too few days or trials are refused', () => {
  expect(() => overfittingOf(rowsOf(3, 31))).toThrow(RangeError)
  expect(() => overfittingOf(rowsOf(1, 64))).toThrow(RangeError)
})
