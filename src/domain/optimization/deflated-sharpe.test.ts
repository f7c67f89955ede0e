import { expect, test } from 'vitest'
import { deflatedSharpe, expectedMaximumSharpe, probabilisticSharpe, sharpeOf } from './deflated-sharpe.ts'
import { normalQuantile, normalShare } from './normal.ts'

/** Rows of whole numbers from −1,000 to 1,000 by a linear congruence, every seventh shifted the most: the same anywhere. */
const rowsOf = (trials: number, days: number): Float64Array[] => {
  let x = 12_345n
  return Array.from({ length: trials }, (_, t) =>
    Float64Array.from({ length: days }, () => {
      x = (1_103_515_245n * x + 12_345n) % 2n ** 31n
      return (Number(x >> 8n) % 2_001) - 1_000 + (t % 7) * 20
    }),
  )
}

test('the normal distribution and its inverse agree with scipy', () => {
  expect([-3, 0.1, 1.5, 5.5, 9, -9].map(normalShare)).toEqual(
    [0.0013498980316300933, 0.539827837277029, 0.9331927987311419, 0.9999999810104375, 1, 0].map((share) =>
      expect.closeTo(share, 15),
    ),
  )
  expect([0.975, 0.999, 1 - 1e-6, 0.2, 0.5].map(normalQuantile)).toEqual(
    [1.959963984540054, 3.090232306167813, 4.753424308817087, -0.8416212335729142, 0].map((z) => expect.closeTo(z, 9)),
  )
  expect([0, 1, Number.NaN, -1].map(normalQuantile)).toEqual([-Infinity, Infinity, Number.NaN, Number.NaN])
})

test('a hedge fund of two years: 91 %, and 98 % were its results normal (Bailey & López de Prado 2012)', () => {
  const fund = { n: 24, ratio: 0.458 }
  expect(probabilisticSharpe({ ...fund, skew: -2.448, kurtosis: 10.164 }, 0)).toBeCloseTo(0.913, 3)
  expect(probabilisticSharpe({ ...fund, skew: 0, kurtosis: 3 }, 0)).toBeCloseTo(0.982, 3)
})

test('the worked example: 2.5 a year found in 100 trials is refused, in 46 it is not (Bailey & López de Prado 2014)', () => {
  const found = { n: 1_250, ratio: 2.5 / Math.sqrt(250), skew: -3, kurtosis: 10 }
  const variance = 0.5 / 250
  expect(expectedMaximumSharpe(100, variance)).toBeCloseTo(0.1132, 4)
  expect(probabilisticSharpe(found, expectedMaximumSharpe(100, variance))).toBeCloseTo(0.9004, 4)
  expect(probabilisticSharpe(found, expectedMaximumSharpe(46, variance))).toBeCloseTo(0.9505, 4)
  const normal = { ...found, skew: 0, kurtosis: 3 }
  expect(probabilisticSharpe(normal, expectedMaximumSharpe(88, variance))).toBeCloseTo(0.9505, 4)
})

test('one trial has no luck to be counted', () => {
  expect(expectedMaximumSharpe(1, 1)).toBe(0)
  const row = Float64Array.of(3, -1, 2, 4, -2, 1)
  expect(deflatedSharpe([row], 0)).toMatchObject({ benchmark: 0, trials: 1 })
})

test('the moments of a row and the deflated ratio of the best of twelve agree with numpy and scipy', () => {
  const rows = rowsOf(12, 50)
  expect(sharpeOf(rows[6] as Float64Array)).toEqual({
    n: 50,
    ratio: expect.closeTo(0.21466461153209343, 14),
    skew: expect.closeTo(0.03945373059970623, 13),
    kurtosis: expect.closeTo(2.025901615780427, 13),
  })
  // The ratios vary by 0.0455 across the trials; chance alone makes it 1/49.
  expect(deflatedSharpe(rows, 4)).toMatchObject({
    benchmark: expect.closeTo(0.23783019828213375, 10),
    probability: expect.closeTo(0.9111694385747997, 10),
    published: {
      benchmark: expect.closeTo(0.3553029844302911, 10),
      probability: expect.closeTo(0.7294125110222417, 10),
    },
  })
})

test('one that never varied has a ratio of 0, and no days say nothing', () => {
  expect(sharpeOf(new Float64Array(30))).toEqual({ n: 30, ratio: 0, skew: 0, kurtosis: 3 })
  expect(probabilisticSharpe(sharpeOf(new Float64Array(0)), 0)).toBeNaN()
})
