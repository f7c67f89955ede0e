import { mean, sampleCorrelation } from 'simple-statistics'
import { expect, test } from 'vitest'
import { nextTradeDate, sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { focusInstruments, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { easternAt, easternMs } from '#src/domain/instruments/zone.ts'
import { minuteBars, rollAll, tickBar } from '#src/domain/market/aggregate.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import { historyOf } from './history-of.ts'
import { createSyntheticMarket } from './synthetic-market.ts'

const market = createSyntheticMarket({ seed: 7 })
const monday = '2026-11-16'

const datesOf = (id: InstrumentId, from: string, count: number): readonly string[] => {
  const dates = [nextTradeDate(specOf(id).group, from)]
  while (dates.length < count) dates.push(nextTradeDate(specOf(id).group, dates.at(-1) ?? from))
  return dates
}
const wholeDay = (id: InstrumentId, date: string) => {
  const session = sessionOf(specOf(id).group, date)
  return [...market.events(id, date, session?.open ?? 0, session?.close ?? 0)]
}
const barsOf = (columns: BarColumns) => Array.from(columns.time, (_, i) => barAt(columns, i))
const first = (values: Float64Array): number => values[0] ?? Number.NaN
const last = (values: Float64Array): number => values.at(-1) ?? Number.NaN

type Return = { readonly time: number; readonly minute: number; readonly move: number; readonly volume: number }

/** Log returns from one minute to the next, over forty trade dates. */
const returnsOf = (id: InstrumentId): readonly Return[] =>
  datesOf(id, '2026-09-01', 40).flatMap((date) => {
    const bars = barsOf(market.minutes(id, date))
    return bars.flatMap((bar, i) => {
      const before = bars[i - 1]
      if (before === undefined || bar.time - before.time !== minuteMs) return []
      const { minute } = easternAt(bar.time)
      return [{ time: bar.time, minute, move: Math.log(bar.close / before.close), volume: bar.volume }]
    })
  })

const memory = new Map<InstrumentId, readonly Return[]>()
const returns = (id: InstrumentId): readonly Return[] => {
  const known = memory.get(id) ?? returnsOf(id)
  memory.set(id, known)
  return known
}

const autocorrelation = (values: readonly number[], lag: number): number =>
  sampleCorrelation(values.slice(0, -lag), values.slice(lag))

const volumeBetween = (id: InstrumentId, from: number, to: number): number =>
  mean(
    returns(id)
      .filter(({ minute }) => minute >= from && minute < to)
      .map(({ volume }) => volume),
  )

/** Correlation of five-minute returns, so that the grid of the coarser market does not hide it. */
const correlation = (a: InstrumentId, b: InstrumentId): number => {
  const sums = (id: InstrumentId) => {
    const byFive = new Map<number, number>()
    for (const { time, move } of returns(id))
      byFive.set(time - (time % 300_000), (byFive.get(time - (time % 300_000)) ?? 0) + move)
    return byFive
  }
  const left = sums(a)
  const right = sums(b)
  const both = [...left.keys()].filter((time) => right.has(time))
  return sampleCorrelation(
    both.map((time) => left.get(time) ?? 0),
    both.map((time) => right.get(time) ?? 0),
  )
}

test('the same seed gives the same market and another seed another', () => {
  const again = createSyntheticMarket({ seed: 7 })
  const other = createSyntheticMarket({ seed: 8 })
  expect(again.minutes('MGC', monday)).toEqual(market.minutes('MGC', monday))
  expect(other.minutes('MGC', monday)).not.toEqual(market.minutes('MGC', monday))
})

test('a trade date is the same whatever was generated before it', () => {
  const late = createSyntheticMarket({ seed: 7 })
  const early = createSyntheticMarket({ seed: 7 })
  early.minutes('MES', '2012-03-01')
  early.minutes('MCL', '2026-11-17')
  expect(late.minutes('MES', '2026-11-17')).toEqual(early.minutes('MES', '2026-11-17'))
})

test('a micro and its full-size market are one market', () => {
  expect(market.minutes('ES', monday)).toEqual(market.minutes('MES', monday))
})

test('a date without a session is refused', () => {
  expect(() => market.minutes('MES', '2026-11-21')).toThrow(RangeError)
  expect(() => market.minutes('MES', '2009-06-01')).toThrow(RangeError)
})

test.each(focusInstruments)('the trades of %s fold to exactly its bars', (id) => {
  const ticks = wholeDay(id, monday).filter((event) => 'price' in event)
  expect(rollAll(minuteBars, ticks.map(tickBar))).toEqual(barsOf(market.minutes(id, monday)))
  expect(ticks.length).toBeGreaterThan(5_000)
})

test('a part of a day holds the events of the whole day between its ends', () => {
  const from = easternMs(monday, 9 * 60 + 30) + 12_345
  const to = from + 200_000
  expect([...market.events('MES', monday, from, to)]).toEqual(
    wholeDay('MES', monday).filter(({ eventTime }) => eventTime >= from && eventTime < to),
  )
})

test.each(focusInstruments)('every trade of %s is at the bid or ask last quoted, on the grid, in order', (id) => {
  const spec = specOf(id)
  let bid = Number.NaN
  let ask = Number.NaN
  let time = 0
  const wrong = wholeDay(id, monday).filter((event) => {
    const inOrder = event.eventTime >= time
    time = event.eventTime
    if ('price' in event)
      return !inOrder || event.price !== (event.aggressor === 'buy' ? ask : bid) || !(event.size >= 1)
    bid = event.bid
    ask = event.ask
    const spread = Math.round((ask - bid) * spec.ticksPerPoint)
    const sized = event.bidSize >= 1 && event.askSize >= 1
    return !inOrder || !sized || spread < 1 || spread > 2 || !isOnGrid(spec, bid) || !isOnGrid(spec, ask)
  })
  expect(wrong).toEqual([])
})

test('something is quoted at least every two seconds while the market is open', () => {
  const times = wholeDay('SIL', monday).map(({ eventTime }) => eventTime)
  expect(Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0)))).toBeLessThanOrEqual(2_000)
})

test('no bar lies in closed hours, over holidays and daylight-saving changes', () => {
  for (const id of ['MES', 'MGC', 'MCL'] as const)
    for (const from of ['2026-03-04', '2026-06-30', '2026-10-29', '2026-11-24', '2026-12-22'])
      for (const date of datesOf(id, from, 4)) {
        const session = sessionOf(specOf(id).group, date)
        const closed = Array.from(market.minutes(id, date).time).filter(
          (time) => !session?.segments.some(({ open, close }) => time >= open && time < close),
        )
        expect(closed, `${id} ${date}`).toEqual([])
      }
})

test('a holiday session belongs to the next trade date', () => {
  const { time } = market.minutes('MES', '2026-09-08')
  expect([...new Set(Array.from(time, (ms) => easternAt(ms).date))]).toEqual(['2026-09-06', '2026-09-07', '2026-09-08'])
})

test('adjacent days connect: a gap is small over the break and larger over a weekend', () => {
  const gaps = { weekend: [] as number[], night: [] as number[] }
  const dates = datesOf('MYM', '2026-01-02', 120)
  dates.slice(1).forEach((date, i) => {
    const close = last(market.minutes('MYM', dates[i] ?? '').close)
    const open = first(market.minutes('MYM', date).open)
    const days = (Date.parse(date) - Date.parse(dates[i] ?? '')) / 86_400_000
    gaps[days > 1 ? 'weekend' : 'night'].push(Math.abs(open / close - 1))
  })
  expect(Math.max(...gaps.night)).toBeLessThan(0.004)
  expect(mean(gaps.weekend)).toBeGreaterThan(3 * mean(gaps.night))
})

test.each([
  ['MGC', 4_100],
  ['SIL', 50],
  ['MCL', 60],
  ['MHG', 5],
  ['MES', 6_700],
  ['MNQ', 24_500],
] as const)('%s swings around %d with a daily range of one to two percent', (id, base) => {
  const ranges = datesOf(id, '2025-11-01', 60).map((date) => {
    const { high, low } = market.minutes(id, date)
    return Math.max(...high) / Math.min(...low) - 1
  })
  expect(mean(ranges)).toBeGreaterThan(0.008)
  expect(mean(ranges)).toBeLessThan(0.02)
  for (const year of [2012, 2018, 2027]) {
    const price = first(market.minutes(id, nextTradeDate(specOf(id).group, `${year}-05-01`)).open)
    expect(price / base).toBeGreaterThan(0.75)
    expect(price / base).toBeLessThan(1.33)
  }
})

test('volume makes a U over the New York session, bursts at 08:30 and 09:30, and Asia is quiet', () => {
  for (const id of focusInstruments) {
    expect(volumeBetween(id, 570, 600)).toBeGreaterThan(8 * volumeBetween(id, 1260, 1440))
    expect(volumeBetween(id, 510, 512)).toBeGreaterThan(2 * volumeBetween(id, 505, 510))
    expect(volumeBetween(id, 570, 572)).toBeGreaterThan(1.8 * volumeBetween(id, 565, 570))
  }
  expect(volumeBetween('MES', 570, 600)).toBeGreaterThan(2 * volumeBetween('MES', 720, 780))
  expect(volumeBetween('MES', 930, 960)).toBeGreaterThan(1.7 * volumeBetween('MES', 720, 780))
})

test('the open trades hundreds of times a minute, Asia a few times, and silver has empty minutes', () => {
  const ticksAt = (id: InstrumentId, minute: number): number => {
    const from = easternMs(monday, minute)
    return [...market.events(id, monday, from, from + 5 * minuteMs)].filter((event) => 'price' in event).length / 5
  }
  expect(ticksAt('MES', 570)).toBeGreaterThan(100)
  expect(ticksAt('MES', 570)).toBeLessThan(900)
  expect(ticksAt('MGC', 60)).toBeGreaterThan(2)
  expect(ticksAt('MGC', 60)).toBeLessThan(20)
  expect(market.minutes('SIL', monday).time.length).toBeLessThan(1_380)
})

test('volatility clusters while returns themselves are all but uncorrelated', () => {
  for (const id of ['MGC', 'MES', 'MNQ'] as const) {
    const usual = new Map<number, number[]>()
    for (const { minute, move } of returns(id)) usual.set(minute, [...(usual.get(minute) ?? []), Math.abs(move)])
    const typical = new Map([...usual].map(([minute, moves]) => [minute, mean(moves)]))
    const scaled = returns(id).map(({ minute, move }) => Math.abs(move) / (typical.get(minute) || 1))
    expect(autocorrelation(scaled, 1)).toBeGreaterThan(0.1)
    expect(autocorrelation(scaled, 5)).toBeGreaterThan(0.08)
    expect(autocorrelation(scaled, 30)).toBeGreaterThan(0.03)
    for (const lag of [1, 2, 5]) {
      const moves = returns(id).map(({ move }) => move)
      expect(Math.abs(autocorrelation(moves, lag))).toBeLessThan(0.06)
    }
  }
})

test('returns have fatter tails than a normal', () => {
  const moves = returns('MES')
    .filter(({ minute }) => minute >= 570 && minute < 960)
    .map(({ move }) => move)
  const square = mean(moves.map((move) => move ** 2))
  expect(mean(moves.map((move) => move ** 4)) / square ** 2).toBeGreaterThan(4)
})

test('equities move together, metals less so, crude on its own', () => {
  expect(correlation('MES', 'MNQ')).toBeCloseTo(0.8, 1)
  expect(correlation('MGC', 'SIL')).toBeCloseTo(0.6, 1)
  expect(correlation('MGC', 'MHG')).toBeCloseTo(0.6, 1)
  expect(correlation('MES', 'MCL')).toBeGreaterThan(0.02)
  expect(correlation('MES', 'MCL')).toBeLessThan(0.3)
})

test('history ends with the last minute that has closed', () => {
  const end = easternMs('2026-11-20', 10 * 60) + 30_000
  const history = historyOf(market, 'MES', end, 30)
  expect(last(history.time)).toBe(easternMs('2026-11-20', 9 * 60 + 59))
  expect(last(historyOf(market, 'MES', end + 30_000, 1).time)).toBe(easternMs('2026-11-20', 10 * 60))
  const dates = new Set(Array.from(history.time, (time) => tradeDateAt('equity', time)))
  expect(dates.size).toBe(31)
})
