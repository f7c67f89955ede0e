import { describe, expect, test } from 'vitest'
import { createStream } from '#src/adapters/feed/synthetic/stream.ts'
import {
  compoundedCalmarOf,
  compoundedDrawdownOf,
  cumulativeOf,
  fragilityOf,
  growthOf,
} from '#src/testing/compounding.ts'
import { hasOracles, oracleJson } from '#src/testing/oracles.ts'
import {
  deviationOf,
  downsideOf,
  lineOf,
  meanOf,
  profitFactorOf,
  sharpeOf,
  sortinoOf,
  straightnessOf,
  tailRatioOf,
} from './statistics.ts'

type Told = number | null | 'inf' | readonly Told[]
type Case = {
  readonly test: string
  readonly args: Readonly<Record<string, Told | string>>
  readonly decimals: number
}

/** The numbers of a case: null is NaN. */
const numberOf = (told: unknown): number =>
  told === null ? Number.NaN : told === 'inf' ? Number.POSITIVE_INFINITY : Number(told)
const numbersOf = (told: unknown): number[] => (Array.isArray(told) ? told.map(numberOf) : [numberOf(told)])

const perYears: Record<string, number> = { DAILY: 252, WEEKLY: 52, MONTHLY: 12, yearly: 1 }

/** `returns` less a number or less another series, day by day, where both are known. */
const beyond = (returns: readonly number[], less: readonly number[]): number[] =>
  returns
    .map((r, i) => r - (less.length === 1 ? (less[0] ?? 0) : (less[i] ?? Number.NaN)))
    .filter((r) => !Number.isNaN(r))

const known = (returns: readonly number[]): number[] => beyond(returns, [0])

const annualAlpha = (daily: number): number => (1 + daily) ** 252 - 1

type Pair = readonly [alpha: number, beta: number]

/** Alpha and beta of the days on which both are known and `counts` holds of the market. */
const alphaBeta = (returns: readonly number[], market: readonly number[], counts = (_: number) => true): Pair => {
  if (returns.length < 2) return [Number.NaN, Number.NaN]
  const days = returns.map((_, i) => i).filter((i) => !Number.isNaN((returns[i] ?? 0) + (market[i] ?? Number.NaN)))
  const own = days.filter((i) => counts(market[i] ?? 0))
  const { slope, intercept } = lineOf(
    own.map((i) => returns[i] ?? 0),
    own.map((i) => market[i] ?? 0),
  )
  return [annualAlpha(intercept), slope]
}

/** Every run of `window` values. */
const windows = (values: readonly number[], window: number): number[][] =>
  Array.from({ length: Math.max(0, values.length - window + 1) }, (_, i) => values.slice(i, i + window))

const omegaOf = (returns: readonly number[], free: readonly number[], required: number): number => {
  if (returns.length < 2 || required <= -1) return Number.NaN
  const threshold = (1 + required) ** (1 / 252) - 1
  return profitFactorOf(beyond(returns, free).map((r) => r - threshold))
}

const normals = (mean: number, deviation: number, seed: number): number[] => {
  const { normal } = createStream(seed)
  return Array.from({ length: 1000 }, () => mean + deviation * normal())
}

/** Returns and a market that move together as asked. */
const together = (mean: number, correlation: number, marketDeviation: number) => {
  const own = normals(0, 1, 1)
  const market = normals(0, 1, 2)
  return {
    returns: own.map((z, i) => mean + 0.01 * (correlation * (market[i] ?? 0) + Math.sqrt(1 - correlation ** 2) * z)),
    market: market.map((z) => 0.001 + marketDeviation * z),
  }
}

/** What we make of a case: numbers to compare with `expected`, or whether an order it demands holds. */
type Judge = (args: Record<string, unknown>, series: (name: string) => number[]) => number[] | boolean

const judges: Record<string, Judge> = {
  test_cum_returns: (args, of) => cumulativeOf(of('returns'), numberOf(args['starting_value'])),
  test_cum_returns_final: (args, of) => [
    cumulativeOf(of('returns'), numberOf(args['starting_value'])).at(-1) ?? Number.NaN,
  ],
  test_max_drawdown: (_, of) => [compoundedDrawdownOf(of('returns'))],
  test_annual_ret: (args, of) => [growthOf(of('returns'), perYears[String(args['period'])] ?? 0)],
  test_cagr: (args, of) => [growthOf(of('returns'), perYears[String(args['period'])] ?? 0)],
  test_annual_volatility: (args, of) => [
    deviationOf(known(of('returns'))) * Math.sqrt(perYears[String(args['period'])] ?? 0),
  ],
  test_calmar: (args, of) => [compoundedCalmarOf(of('returns'), perYears[String(args['period'])] ?? 0)],
  test_omega: (args, of) => [omegaOf(of('returns'), of('risk_free'), numberOf(args['required_return']))],
  test_sharpe_ratio: (_, of) => [sharpeOf(beyond(of('returns'), of('risk_free')))],
  test_sharpe_noise: (args) =>
    sharpeOf(normals(0.009, numberOf(args['small']), 1)) > sharpeOf(normals(0.009, numberOf(args['large']), 2)),
  test_downside_risk: (args, of) => [
    downsideOf(beyond(of('returns'), of('required_return')), perYears[String(args['period'])]),
  ],
  test_downside_risk_std: (args) =>
    downsideOf(normals(0, numberOf(args['smaller_std']), 1)) < downsideOf(normals(0, numberOf(args['larger_std']), 2)),
  test_sortino: (args, of) => [
    sortinoOf(beyond(of('returns'), of('required_return')), perYears[String(args['period'])]),
  ],
  test_excess_sharpe: (_, of) => [sharpeOf(beyond(of('returns'), of('factor_returns')), 1)],
  test_alpha_beta: (_, of) => [...alphaBeta(of('returns'), of('benchmark'))],
  test_alpha: (_, of) => [alphaBeta(of('returns'), of('benchmark'))[0]],
  test_beta: (_, of) => [alphaBeta(of('returns'), of('benchmark'))[1]],
  // Another way to the same line: what is left of the means, and the slope as the other regression's r² has it.
  test_alpha_beta_equality: (_, of) => {
    const [returns, market] = [of('returns'), of('benchmark')]
    const [alpha, beta] = alphaBeta(returns, market)
    const other = lineOf(known(market), known(returns))
    const again = other.rSquared / other.slope
    const left = annualAlpha(meanOf(known(returns)) - again * meanOf(known(market)))
    return returns.length < 2
      ? Number.isNaN(alpha + beta)
      : Math.abs(beta - again) < 1e-8 && Math.abs(alpha - left) < 1e-8
  },
  test_alpha_beta_translation: (args) => {
    const { returns, market } = together(numberOf(args['mean_returns']), 0.8, 0.001)
    const moved = (by: number): Pair =>
      alphaBeta(
        returns.map((r) => r + by),
        market,
      )
    const by = numberOf(args['translation'])
    const [low, own, high] = [moved(-by), moved(0), moved(by)]
    return low[0] < own[0] && own[0] < high[0] && Math.abs(low[1] - own[1]) < 1e-8 && Math.abs(high[1] - own[1]) < 1e-8
  },
  test_alpha_beta_correlation: (args) => {
    const betaAt = (correlation: number): number => {
      const { returns, market } = together(0.01, correlation, 0.001)
      return alphaBeta(returns, market)[1]
    }
    return betaAt(numberOf(args['corr_less'])) < betaAt(numberOf(args['corr_more']))
  },
  test_stability_of_timeseries: (_, of) => [
    straightnessOf(
      known(
        cumulativeOf(
          of('returns').filter((r) => !Number.isNaN(r)),
          1,
        ),
      ).map(Math.log),
    ),
  ],
  test_tail_ratio: (_, of) => [tailRatioOf(known(of('returns')))],
  test_beta_fragility_heuristic: (_, of) => [fragilityOf(of('returns'), of('factor_returns'))],
  test_roll_max_drawdown: (args, of) =>
    windows(of('returns'), numberOf(args['window'])).map((each) => compoundedDrawdownOf(each)),
  test_roll_sharpe_ratio: (args, of) =>
    windows(of('returns'), numberOf(args['window'])).map((each) => sharpeOf(known(each))),
  test_roll_alpha_beta: (args, of) => {
    const market = windows(of('benchmark'), numberOf(args['window']))
    return windows(of('returns'), numberOf(args['window'])).flatMap((each, i) => alphaBeta(each, market[i] ?? []))
  },
  test_up_alpha_beta: (_, of) => [...alphaBeta(of('returns'), of('benchmark'), (change) => change > 0)],
  test_down_alpha_beta: (_, of) => [...alphaBeta(of('returns'), of('benchmark'), (change) => change < 0)],
}

const cases = hasOracles ? (oracleJson('oracles/stats/empyrical_cases.json') as readonly Case[]) : []

describe.skipIf(!hasOracles)('empyrical', () => {
  test('has 115 cases, and every one is judged', () => {
    expect(cases).toHaveLength(115)
    expect(cases.filter((each) => judges[each.test] === undefined)).toEqual([])
  })

  test.each(cases.map((each, i) => ({ ...each, place: i })))('$place $test', (each) => {
    const told = judges[each.test]?.(each.args, (name) => numbersOf(each.args[name]))
    if (typeof told === 'boolean') return expect(told).toBe(true)
    const expected = [each.args['expected']].flat(2).map(numberOf)
    expect(told).toHaveLength(expected.length)
    for (const [i, value] of expected.entries()) {
      const ours = told?.[i] ?? 0
      // As numpy compares: the same NaN and infinity, else within 1.5 of the last decimal.
      if (Number.isFinite(value)) expect(Math.abs(ours - value)).toBeLessThan(1.5 * 10 ** -each.decimals)
      else expect(ours).toBe(value)
    }
  })
})
