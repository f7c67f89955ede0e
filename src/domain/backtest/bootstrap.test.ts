import { describe, expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import { createChance } from '#src/testing/bars.ts'
import { type Interval, intervalsOf } from './bootstrap.ts'

const normals = (n: number, mean: number, seed: number): Float64Array => {
  const { normal } = createStream(seed)
  return Float64Array.from({ length: n }, () => mean + normal())
}

const resultsOf = (nets: Float64Array, days = nets, rs = nets) => ({ nets, rs, days })

const width = ({ low, high }: Interval): number => (high ?? Number.NaN) - (low ?? Number.NaN)

test('the interval of a mean is the textbook’s: ± 1.96 standard errors', () => {
  const values = normals(400, 0.2, 1)
  const { expectancyR } = intervalsOf(resultsOf(values), createChance(1), 4000)
  const mean = values.reduce((sum, each) => sum + each, 0) / 400
  const error = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 399 / 400)
  expect(expectancyR.value).toBeCloseTo(mean, 12)
  expect(expectancyR.low).toBeCloseTo(mean - 1.96 * error, 2)
  expect(expectancyR.high).toBeCloseTo(mean + 1.96 * error, 2)
})

test('it holds the true mean in about 95 of 100 samples', () => {
  let [trades, days] = [0, 0]
  for (let sample = 0; sample < 300; sample++) {
    const { expectancyR, netPerDay } = intervalsOf(resultsOf(normals(120, 1, 100 + sample)), createChance(sample), 300)
    if ((expectancyR.low ?? 9) <= 1 && 1 <= (expectancyR.high ?? 0)) trades++
    if ((netPerDay.low ?? 9) <= 1 && 1 <= (netPerDay.high ?? 0)) days++
  }
  // 285 of 300, give or take two standard errors of 4; dates in runs fall a little short in samples this small.
  expect(trades).toBeGreaterThan(270)
  expect(days).toBeGreaterThan(260)
  expect(Math.max(trades, days)).toBeLessThan(295)
})

test('dates that come in good and bad stretches are less sure than as many that do not', () => {
  const shocks = normals(600, 0, 7)
  let level = 0
  const stretches = shocks.map((shock) => {
    level = 0.8 * level + 0.6 * shock
    return level
  })
  const shuffled = stretches.slice()
  const chance = createChance(3)
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    const kept = shuffled[i] as number
    shuffled[i] = shuffled[j] as number
    shuffled[j] = kept
  }
  const inRuns = intervalsOf(resultsOf(stretches), createChance(5))
  const alone = intervalsOf(resultsOf(shuffled), createChance(5))
  expect(width(inRuns.netPerDay) / width(alone.netPerDay)).toBeGreaterThan(1.5)
  expect(width(inRuns.expectancyR) / width(alone.expectancyR)).toBeCloseTo(1, 1)
})

describe('the other figures', () => {
  test('the profit factor and the drawdown lie around those of the run, the win rate is Wilson’s', () => {
    const nets = Float64Array.from({ length: 100 }, (_, i) => (i % 10 < 6 ? 100 : -100))
    const { profitFactor, winRate, maxDrawdown } = intervalsOf(resultsOf(nets), createChance(2))
    expect(profitFactor.value).toBe(1.5)
    // 60 ± 9.6 winners of 100: from 50.4 ÷ 49.6 to 69.6 ÷ 30.4.
    expect(profitFactor.low).toBeCloseTo(1.02, 1)
    expect(profitFactor.high).toBeCloseTo(2.29, 1)
    expect(winRate).toEqual({
      value: 0.6,
      low: expect.closeTo(0.502, 3),
      high: expect.closeTo(0.6906, 4),
    })
    expect(maxDrawdown.value).toBe(-400)
    expect(maxDrawdown.low).toBeLessThan(-400)
    expect(maxDrawdown.high).toBe(-400)
  })

  // √((1 + ½ SR²) ÷ n) a date (Lo 2002), which a year makes 1.
  test('a Sharpe ratio of 252 normal dates is told to about ± 2', () => {
    const { sharpe } = intervalsOf(resultsOf(normals(252, 0.1, 4)), createChance(9), 4000)
    expect(width(sharpe)).toBeGreaterThan(3.2)
    expect(width(sharpe)).toBeLessThan(4.6)
  })

  test('trades without a stop do not count for R', () => {
    const nets = Float64Array.from({ length: 20 }, (_, i) => i)
    const rs = nets.map((i) => (i % 2 === 0 ? 1 : Number.NaN))
    expect(intervalsOf(resultsOf(nets, nets, rs), createChance(1)).expectancyR).toEqual({ value: 1, low: 1, high: 1 })
  })
})

test('of nine trades or dates there is no interval, of ten there is', () => {
  const [nine, ten] = [9, 10].map((n) => normals(n, 1, 3)) as [Float64Array, Float64Array]
  const untold = { low: null, high: null }
  const told = { low: expect.any(Number), high: expect.any(Number) }
  expect(intervalsOf(resultsOf(nine, ten), createChance(1))).toMatchObject({
    ...{ expectancyR: untold, profitFactor: untold, winRate: untold },
    ...{ netPerDay: told, sharpe: told, maxDrawdown: told },
  })
  expect(intervalsOf(resultsOf(ten, nine), createChance(1))).toMatchObject({
    ...{ expectancyR: told, winRate: told },
    ...{ netPerDay: untold, sharpe: { value: null, ...untold }, maxDrawdown: untold },
  })
})

test('what cannot be told is null: nothing at all, one date, no loser', () => {
  const untold = { value: null, low: null, high: null }
  const none = intervalsOf(resultsOf(new Float64Array(0)), createChance(1))
  expect(none).toMatchObject({ expectancyR: untold, profitFactor: untold, winRate: untold, netPerDay: untold })
  expect(intervalsOf(resultsOf(Float64Array.of(5)), createChance(1))).toMatchObject({
    sharpe: untold,
    profitFactor: untold,
    netPerDay: { value: 5, low: null, high: null },
    maxDrawdown: { value: 0, low: null, high: null },
  })
})
