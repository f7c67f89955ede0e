import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChance } from '#src/testing/bars.ts'
import { type TapeRow, tapeOf } from '#src/testing/tape.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { toColumns } from '../market/series.ts'
import { dailyFiguresOf } from './daily-figures.ts'
import { dayColumnsOf } from './day-columns.ts'
import { historyOf } from './history.ts'
import { type Report, reportOf } from './report.ts'

const spec = specOf('MES')
const minuteMs = 60_000

/** Four bars of each date from 09:58 New York: two before ten o'clock, two after. The dates close at 6000, 6060, 6000, 6030, 6030. */
const history = historyOf(
  spec,
  toColumns(
    [6000, 6060, 6000, 6030, 6030].flatMap((close, day) =>
      [0, 1, 2, 3].map((bar) => ({
        time: Date.UTC(2025, 5, 2 + day, 13, 58 + bar),
        open: close,
        high: close + 30,
        low: close - 30,
        close: bar === 3 ? close : close - 10 * bar,
        volume: 100,
      })),
    ),
  ),
)

/** $12.50 for ten ticks of one contract, 50 cents a side; an account of $10,000. */
const rows: readonly TapeRow[] = [
  // Monday, $24 and −$11.
  {
    bars: [0, 1],
    entry: 24_000,
    exit: 24_020,
    gross: 250_000,
    fees: 10_000,
    risked: 120_000,
    best: 24,
    worst: -3,
    reason: 'target',
    grade: 0,
    regime: 1,
  },
  {
    side: -1,
    bars: [2, 3],
    gross: -100_000,
    fees: 10_000,
    risked: 110_000,
    best: 2,
    worst: -8,
    reason: 'stop',
    grade: 1,
    regime: 1,
  },
  // Tuesday, $48 in two parts of one setup, and −$13.50.
  {
    bars: [4, 5],
    entry: 24_200,
    exit: 24_212,
    gross: 150_000,
    fees: 10_000,
    risked: 100_000,
    best: 13,
    worst: -4,
    reason: 'target',
    grade: 0,
    regime: 0,
    setup: 5,
  },
  {
    bars: [4, 6],
    entry: 24_200,
    exit: 24_228,
    gross: 350_000,
    fees: 10_000,
    risked: 100_000,
    best: 30,
    worst: -4,
    reason: 'flat-by',
    grade: 0,
    regime: 0,
    setup: 5,
  },
  { bars: [7, 7], gross: -125_000, fees: 10_000, risked: 90_000, best: 0, worst: -10, reason: 'stop', grade: 4 },
  // Thursday, −$11 twice, held at the same time.
  { side: -1, bars: [12, 14], gross: -100_000, fees: 10_000, risked: 110_000, worst: -8, reason: 'stop', grade: 1 },
  { bars: [13, 15], gross: -100_000, fees: 10_000, risked: 110_000, worst: -8, reason: 'stop', grade: 1 },
  // Friday, −$1 of fees alone, and $57 on three contracts without a stop.
  { bars: [16, 18], gross: 0, fees: 10_000, risked: 100_000, best: 4, worst: -4 },
  {
    side: -1,
    quantity: 3,
    bars: [18, 19],
    gross: 600_000,
    fees: 30_000,
    slipped: 37_500,
    best: 16,
    worst: -2,
    reason: 'end',
  },
]

const reportOn = (tape: readonly TapeRow[], seed?: number): Report =>
  reportOf({
    tape: tapeOf(tape),
    history,
    spec,
    accountSize: 100_000_000,
    ...(seed !== undefined && { random: createChance(seed) }),
  })

describe('nine rows of a week, worked by hand', () => {
  const report = reportOn(rows)

  test('are eight trades, as two of them are parts of one', () => {
    expect(report).toMatchObject({ from: '2025-06-02', to: '2025-06-06', dates: 5, trades: 8, winners: 3, losers: 5 })
    expect(report.list[2]).toEqual({
      date: '2025-06-03',
      enteredAt: Date.UTC(2025, 5, 3, 13, 58),
      leftAt: Date.UTC(2025, 5, 3, 14, 0),
      side: 'long',
      quantity: 2,
      entry: 6050,
      exit: 6055,
      net: 480_000,
      r: 2.4,
      mfeTicks: 30,
      maeTicks: -4,
      reason: 'flat-by',
      grade: 'A+',
      regime: 0,
      setup: 5,
    })
    expect(report.list[7]).toMatchObject({
      side: 'short',
      quantity: 3,
      r: null,
      grade: null,
      regime: null,
      setup: null,
    })
  })

  test('made $81.50 of which the fees took a twelfth of what was won', () => {
    expect(report).toMatchObject({ net: 815_000, gross: 925_000, fees: 110_000, slipped: 37_500 })
    expect(report.feesShare).toBeCloseTo(110 / 1350, 12)
  })

  test('expected $10.19 a trade, and lost 0.03 R a trade where there was a stop', () => {
    expect(report).toMatchObject({ winRate: 0.375, averageWin: 430_000, averageLoss: -95_000 })
    expect(report.expectancy.money).toBe(101_875)
    expect(report.expectancy.r).toBeCloseTo(-0.2 / 7, 12)
    expect(report.profitFactor).toBeCloseTo(1290 / 475, 12)
    expect(report.sqn).toBeCloseTo(0.997_173, 6)
  })

  test('won once and lost four times in a row, held 1.4 minutes, in the market four fifths of the time', () => {
    expect(report.streaks).toEqual({ winning: 1, losing: 4 })
    expect(report.averageLength).toEqual({ bars: 1.375, minutes: 1.375 })
    expect(report.exposure).toBe(0.8)
  })

  test('count Wednesday, without a trade, as a date that made nothing', () => {
    expect(report.days.net).toEqual([130_000, 345_000, 0, -220_000, 560_000])
    expect(report.days.equity).toEqual([130_000, 475_000, 475_000, 255_000, 815_000])
    expect(report.days.drawdown).toEqual([0, 0, 0, -220_000, 0])
    expect([report.sharpe, report.sortino, report.calmar]).toEqual([null, null, null])
    expect(report.volatility).toBeCloseTo(0.047_958_4, 7)
    expect(report.tailRatio).toBeCloseTo(2.9375, 6)
    expect(report.straightness).toBeCloseTo(0.484_61, 6)
  })

  test('fell $22 on Thursday and were back on Friday', () => {
    expect(report.drawdown).toEqual({
      money: -220_000,
      share: -0.0022,
      from: '2025-06-05',
      bottom: '2025-06-05',
      recovered: '2025-06-06',
      dates: 1,
    })
  })

  test('went with the market a little', () => {
    expect(report.market.beta).toBeCloseTo(0.068_203, 6)
    expect(report.market.alpha).toBeCloseTo(0.409_641, 6)
    expect(report.market.rSquared).toBeCloseTo(0.027_692, 6)
  })

  test('part by hour, weekday, side, reason, grade and regime', () => {
    expect(report.by.hour).toEqual([
      { of: 9, n: 5, won: 2, net: 490_000, r: expect.closeTo(0.46, 12) },
      { of: 10, n: 3, won: 1, net: 325_000, r: -1.25 },
    ])
    expect(report.by.weekday.map(({ of, n, net }) => [of, n, net])).toEqual([
      [1, 2, 130_000],
      [2, 2, 345_000],
      [4, 2, -220_000],
      [5, 2, 560_000],
    ])
    expect(report.by.side.map(({ of, n, won, net }) => [of, n, won, net])).toEqual([
      ['long', 5, 2, 465_000],
      ['short', 3, 1, 350_000],
    ])
    expect(report.by.reason.map(({ of, n, net }) => [of, n, net])).toEqual([
      ['target', 1, 240_000],
      ['stop', 4, -465_000],
      ['signal', 1, -10_000],
      ['flat-by', 1, 480_000],
      ['end', 1, 570_000],
    ])
    expect(report.by.grade.map(({ of, n, net }) => [of, n, net])).toEqual([
      ['A+', 2, 720_000],
      ['A', 3, -330_000],
      ['D', 1, -135_000],
      [null, 2, 560_000],
    ])
    expect(report.by.regime.map(({ of, n, r }) => [of, n, r])).toEqual([
      [0, 1, 2.4],
      [1, 2, 0.5],
      [null, 5, -0.9],
    ])
  })

  test('show how far price went for and against the winners and the losers', () => {
    expect(report.excursions.winners).toEqual({
      n: 3,
      mfeTicks: [16.8, 20, 24, 27, 29.4],
      maeTicks: [-3.9, -3.5, -3, -2.5, -2.1],
      // 24 ticks of $1.25 on $12 risked, and 30 on two contracts on $20.
      mfeR: [2.5625, 2.8125, 3.125, 3.4375, 3.6875],
      maeR: [-0.490_625, -0.453_125, -0.406_25, -0.359_375, -0.321_875],
    })
    expect(report.excursions.losers.n).toBe(5)
    expect(report.excursions.losers.maeTicks?.[2]).toBe(-8)
  })

  test('come to nothing untold: no interval without chance, no doubled costs unless somebody ran them', () => {
    expect('intervals' in report || 'costsDoubled' in report).toBe(false)
    const doubled = { net: 700_000, expectancyR: -0.1 }
    const input = { tape: tapeOf(rows), history, spec, accountSize: 100_000_000, costsDoubled: doubled }
    expect(reportOf(input).costsDoubled).toEqual(doubled)
  })

  test('are judged over the bars that were traded alone', () => {
    const input = { tape: tapeOf(rows.slice(5)), history, spec, accountSize: 100_000_000, from: 12, to: 20 }
    expect(reportOf(input)).toMatchObject({
      from: '2025-06-05',
      to: '2025-06-06',
      dates: 2,
      exposure: 1,
      days: { net: [-220_000, 560_000], equity: [-220_000, 340_000] },
    })
  })

  test('give columns by trade date, one row a date', () => {
    const { net, r, rSquared, trades, wins } = dayColumnsOf(tapeOf(rows), history)
    expect([...net]).toEqual([130_000, 345_000, 0, -220_000, 560_000])
    expect([...trades]).toEqual([2, 2, 0, 2, 2])
    expect([...wins]).toEqual([1, 1, 0, 0, 1])
    expect([...r].map((sum) => Number(sum.toFixed(9)))).toEqual([1, 0.9, 0, -2, -0.1])
    expect([...rSquared].map((sum) => Number(sum.toFixed(9)))).toEqual([5, 8.01, 0, 2, 0.01])
  })
})

test('the same week twice has the ratios of a year, which five dates say nothing about', () => {
  const nets = Float64Array.of(130_000, 345_000, 0, -220_000, 560_000, 130_000, 345_000, 0, -220_000, 560_000)
  const dates = Array.from(nets, (_, i) => `2025-06-${i + 10}`)
  const figures = dailyFiguresOf({ dates, nets, closes: nets.map((_, i) => 6000 + i) }, 100_000_000)
  // With n − 1 the variance of five is a quarter of their squares, of the ten two ninths.
  expect(figures.sharpe).toBeCloseTo(8.564_931 * Math.sqrt(9 / 8), 5)
  expect(figures.sortino).toBeCloseTo(26.299_664, 6)
  expect(figures.calmar).toBeCloseTo((163_000 * 252) / 220_000, 9)
})

test('a trade held over night counts on the date it was left', () => {
  const tape = tapeOf([{ bars: [3, 4], gross: 100, risked: 100 }])
  expect([...dayColumnsOf(tape, history).trades]).toEqual([0, 1, 0, 0, 0])
  expect(reportOn([{ bars: [3, 4], gross: 100 }])).toMatchObject({
    by: { weekday: [{ of: 2, n: 1 }] },
    list: [{ date: '2025-06-03', enteredAt: Date.UTC(2025, 5, 2, 14, 1), leftAt: Date.UTC(2025, 5, 3, 13, 58) }],
  })
})

test('a run without a trade has figures of nothing, and no number that JSON cannot hold', () => {
  const report = reportOn([], 1)
  expect(report).toMatchObject({ trades: 0, net: 0, winRate: null, profitFactor: null, sharpe: null, drawdown: null })
  expect(report.excursions.winners).toEqual({ n: 0, mfeTicks: null, maeTicks: null, mfeR: null, maeR: null })
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})

const anyRows: fc.Arbitrary<readonly TapeRow[]> = fc.array(
  fc
    .record({
      at: fc.nat(19),
      length: fc.nat(3),
      side: fc.constantFrom(1 as const, -1 as const),
      quantity: fc.integer({ min: 1, max: 4 }),
      gross: fc.integer({ min: -900_000, max: 900_000 }).map((gross) => gross + 0),
      fees: fc.nat(40_000),
      risked: fc.option(fc.integer({ min: 1, max: 500_000 }), { nil: Number.NaN }),
      best: fc.nat(40),
      worst: fc.nat(40).map((ticks) => 0 - ticks),
      grade: fc.integer({ min: -1, max: 4 }),
      regime: fc.integer({ min: -1, max: 3 }),
      setup: fc.integer({ min: -1, max: 3 }),
    })
    .map(({ at, length, ...row }) => ({ ...row, bars: [at, Math.min(19, at + length)] as const })),
  { maxLength: 30 },
)

describe('of any tape', () => {
  test('the equity ends at the net, no drawdown lies above the water, and every slicing is whole', () => {
    fc.assert(
      fc.property(anyRows, (tape) => {
        const { net, gross, fees, trades, winners, days, by, drawdown, list } = reportOn(tape)
        expect(days.equity.at(-1)).toBe(net)
        expect(net).toBe(gross - fees)
        expect(list).toHaveLength(trades)
        expect(days.drawdown.every((below) => below <= 0)).toBe(true)
        expect(drawdown?.money ?? 0).toBe(Math.min(0, ...days.drawdown))
        for (const slices of Object.values(by)) {
          const sum = (of: (slice: (typeof slices)[number]) => number) =>
            slices.reduce((all, each) => all + of(each), 0)
          expect([sum(({ n }) => n), sum(({ won }) => won), sum((slice) => slice.net)]).toEqual([trades, winners, net])
        }
      }),
    )
  })

  test('the report is the same for the same chance, and survives JSON', () => {
    fc.assert(
      fc.property(anyRows, fc.integer(), (tape, seed) => {
        const report = reportOn(tape, seed)
        expect(JSON.stringify(reportOn(tape, seed))).toBe(JSON.stringify(report))
        expect(JSON.parse(JSON.stringify(report), (_, value) => (value === 0 ? 0 : value))).toEqual(report)
      }),
      { numRuns: 20 },
    )
  })
})

test('the bars of the worked week are what they say', () => {
  expect(history.dates).toEqual(['2025-06-02', '2025-06-03', '2025-06-04', '2025-06-05', '2025-06-06'])
  expect([...history.minute.slice(0, 4)]).toEqual([598, 599, 600, 601])
  expect((history.columns.time[1] ?? 0) - (history.columns.time[0] ?? 0)).toBe(minuteMs)
})

test('of twenty trades other orders are told, by the chance of the report; of fewer, or without chance, none', () => {
  const twenty = Array.from(
    { length: 20 },
    (_, i): TapeRow => ({ bars: [i, i], gross: i % 2 === 0 ? 100_000 : -100_000 }),
  )
  const { shuffled, intervals } = reportOn(twenty, 1)
  expect(shuffled?.paths).toBe(1_000)
  // Ten times $10 won and as often lost: every order falls by one loss at least, and by all ten at most.
  expect(shuffled?.drawdown.p5).toBeGreaterThanOrEqual(100_000)
  expect(shuffled?.drawdown.p99).toBeLessThanOrEqual(1_000_000)
  expect(reportOn(twenty, 1)).toMatchObject({ shuffled, intervals })
  expect([reportOn(twenty).shuffled, reportOn(twenty.slice(1), 1).shuffled]).toEqual([undefined, undefined])
})
