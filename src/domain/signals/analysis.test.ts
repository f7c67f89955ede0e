import { describe, expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { dateOfBar } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { intradayBars } from '../market/aggregate.ts'
import type { Bar } from '../market/bar.ts'
import { analysisOf, type Reading } from './analysis.ts'
import { alignment } from './frame.ts'

const analysis = analysisOf(specOf('MES'))
type Step = typeof analysis.step
type Bars = readonly Bar[]

const dated = (bar: Bar) => ({ bar, tradeDate: dateOfBar('equity', bar.time) })

/** What is read after each of the wanted numbers of bars. `stepAt` lets a test read in its own way. */
const readingsAt = (bars: Bars, wanted: ReadonlySet<number>, stepAt = (_: Bars, __: number): Step => analysis.step) => {
  const readings = new Map<number, Reading>()
  let state = analysis.start()
  bars.forEach((bar, i) => {
    state = stepAt(bars, i)(state, dated(bar))
    if (wanted.has(i + 1)) readings.set(i + 1, analysis.value(state))
  })
  return readings
}

const cutsOf = (length: number, count: number, seed: number): ReadonlySet<number> => {
  const chance = createChance(seed)
  const cuts = new Set<number>()
  while (cuts.size < count) cuts.add(1 + Math.floor(chance() * length))
  return cuts
}

/** The cuts at which the bars up to there say something else than the same bars within the whole. */
const disagreements = (bars: Bars, cuts: ReadonlySet<number>, stepAt?: (bars: Bars, index: number) => Step) => {
  const whole = readingsAt(bars, cuts, stepAt)
  return [...cuts].filter((cut) => {
    const alone = readingsAt(bars.slice(0, cut), new Set([cut]), stepAt).get(cut)
    try {
      expect(alone).toEqual(whole.get(cut))
      return false
    } catch {
      return true
    }
  })
}

/** Looks one bar ahead: takes the next bar's close for this one's, where there is a next bar. */
const peeking =
  (bars: Bars, index: number): Step =>
  (state, { bar, tradeDate }) =>
    analysis.step(state, { bar: { ...bar, close: bars[index + 1]?.close ?? bar.close }, tradeDate })

test.each(['15m', '60m'] as const)(
  'the %s alignment is that of the bars rolled up, whatever minutes are missing',
  (timeframe) => {
    const chance = createChance(21)
    const bars = randomBars(21, 6000, Date.UTC(2013, 9, 7, 4)).filter((_, i) => chance() < (i % 900 < 300 ? 0.05 : 0.8))
    const rollUp = intradayBars(timeframe)
    let [state, rolled, aligned] = [analysis.start(), rollUp.initial, alignment.initial]
    for (const each of bars) {
      state = analysis.step(state, dated(each))
      rolled = rollUp.step(rolled, each)
      for (const { close } of rolled.closed) aligned = alignment.step(aligned, close)
      expect(analysis.value(state).confluence[timeframe]).toEqual(alignment.value(aligned))
    }
    expect(() => analysis.step(state, dated(bars[0] as Bar))).toThrow(RangeError)
  },
)

describe('what is read at an instant depends on nothing later', () => {
  test.skipIf(!hasOracles)('on a recorded week', () => {
    const week = recordedBars('ES', '2013-10-12')
    expect(week.length).toBeGreaterThan(6000)
    const cuts = cutsOf(week.length, 100, 1)
    expect(disagreements(week, cuts)).toEqual([])
  })

  test.each([11, 12, 13, 14, 15, 16, 17, 18, 19])('on random market %d', (seed) => {
    const bars = randomBars(seed, 800, Date.UTC(2013, 9, 7, 4))
    const cuts = cutsOf(bars.length, 100, seed)
    expect(disagreements(bars, cuts)).toEqual([])
  })

  test('and the check catches a reading that looks one bar ahead', () => {
    const bars = randomBars(14, 600, Date.UTC(2013, 9, 7, 4))
    const cuts = cutsOf(bars.length, 20, 14)
    expect(disagreements(bars, cuts, peeking).length).toBeGreaterThan(10)
  })
})

const bar = (text: string, high: number, low: number, close: number, volume = 1): Bar => ({
  time: Date.parse(text),
  open: low,
  high,
  low,
  close,
  volume,
})
const read = (bars: Bars): Reading => readingsAt(bars, new Set([bars.length])).get(bars.length) as Reading

test('a reading is stamped with the close of the newest minute', () => {
  const { at, tradeDate, close } = read([bar('2013-10-09T13:29:00Z', 12, 9, 10)])
  expect([at, tradeDate, close]).toEqual([Date.parse('2013-10-09T13:30:00Z'), '2013-10-09', 10])
})

test('the prior day is the trade date before, from 18:00 to 17:00 New York', () => {
  const { prior, pivots, tradeDate } = read([
    bar('2013-10-07T22:00:00Z', 100, 90, 95),
    bar('2013-10-08T15:00:00Z', 120, 95, 110),
    bar('2013-10-08T20:59:00Z', 112, 100, 105),
    bar('2013-10-08T22:00:00Z', 300, 1, 50),
  ])
  expect(tradeDate).toBe('2013-10-09')
  expect(prior).toEqual({ tradeDate: '2013-10-08', high: 120, low: 90, close: 105 })
  expect(pivots).toMatchObject({ P: 105, R1: 120, S1: 90 })
})

test('the first trade date has no prior day and no pivots', () => {
  const { prior, pivots } = read([bar('2013-10-08T15:00:00Z', 120, 95, 110)])
  expect([prior, pivots]).toEqual([undefined, undefined])
})

test('the VWAP begins anew at 18:00 New York', () => {
  const { vwap } = read([
    bar('2013-10-08T20:58:00Z', 12, 12, 12, 9),
    bar('2013-10-08T22:00:00Z', 30, 30, 30, 1),
    bar('2013-10-08T22:01:00Z', 40, 40, 40, 3),
  ])
  expect(vwap).toBe(37.5)
})

test('the volume of the newest minute is weighed against the average of twenty', () => {
  const start = Date.parse('2013-10-09T13:00:00Z')
  const minutes = Array.from({ length: 20 }, (_, i) => ({
    ...bar('2013-10-09T13:00:00Z', 12, 9, 10, i === 19 ? 105 : 100),
    time: start + i * 60_000,
  }))
  expect(read(minutes.slice(0, 19)).volumeRatio).toBeNaN()
  expect(read(minutes).volumeRatio).toBeCloseTo(105 / 100.25, 12)
})

test('a forming 5m bar changes nothing that is read from 5m bars', () => {
  const bars = randomBars(3, 300, Date.UTC(2013, 9, 7, 4)).filter(({ time }) => time % 300_000 !== 240_000)
  const last = bars.findLastIndex(({ time }) => time % 300_000 === 0)
  const before = read(bars.slice(0, last + 1))
  const wild = { ...(bars[last] as Bar), time: (bars[last] as Bar).time + 60_000, high: 9000, low: 1, close: 8000 }
  const after = read([...bars.slice(0, last + 1), wild])
  expect(after.frame).toEqual(before.frame)
  expect(after.confluence).toEqual(before.confluence)
  expect([after.percentile, after.cluster]).toEqual([before.percentile, before.cluster])
})

/** Minutes without a gap from Monday 18:00 New York, each as wide as its day is told to be. */
const wideDays = (widths: readonly number[]): Bars =>
  widths.flatMap((width, day) =>
    Array.from({ length: 1440 }, (_, minute) => ({
      ...bar('2013-10-07T22:00:00Z', 100 + width, 100, 100),
      time: Date.parse('2013-10-07T22:00:00Z') + (day * 1440 + minute) * 60_000,
    })),
  )

test('volatility is unknown until 200 values are: the 213th 5m bar', () => {
  const readings = readingsAt(wideDays([1]), new Set([1064, 1065]))
  expect(readings.get(1064)).toMatchObject({ percentile: Number.NaN, cluster: 'MEDIUM', warm: false })
  expect(readings.get(1065)?.percentile).toBe(0)
})

test('volatility is ranked among the last five trade dates only', () => {
  // A calm Tuesday, three wide days, then Monday 10-14 (the weekend's minutes count to it) calmer than those.
  const week = wideDays([1, 10, 10, 10, 5, 5, 5])
  const readings = readingsAt(week, new Set([week.length]))
  expect(readings.get(week.length)?.tradeDate).toBe('2013-10-14')
  expect(readings.get(week.length)?.percentile).toBeGreaterThan(0.1)
  // Two days later Tuesday, and the climb out of it on Wednesday, are forgotten: nothing known was calmer.
  const later = wideDays([1, 10, 10, 10, 5, 5, 5, 5, 4])
  expect(readingsAt(later, new Set([later.length])).get(later.length)?.percentile).toBe(0)
})
