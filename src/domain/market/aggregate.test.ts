import { expect, test } from 'vitest'
import { barsOf, recordedBars, recordedTrades } from '#src/testing/bars.ts'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import { sessionOf, tradeDateAt } from '../instruments/calendar.ts'
import { dailyBars, intradayBars, minuteBars, minuteOf, rollAll, tickBar } from './aggregate.ts'
import type { Bar } from './bar.ts'

const minute = 60_000
const trade = (eventTime: number, price: number, size: number): Bar => tickBar({ eventTime, price, size })
const prices = ({ time, open, high, low, close }: Bar): readonly number[] => [time, open, high, low, close]

test('trades of one minute make one bar', () => {
  const bars = rollAll(minuteBars, [trade(5, 10, 2), trade(900, 12, 1), trade(59_999, 9, 3), trade(60_000, 11, 1)])
  expect(bars).toEqual([
    { time: 0, open: 10, high: 12, low: 9, close: 9, volume: 6 },
    { time: minute, open: 11, high: 11, low: 11, close: 11, volume: 1 },
  ])
})

test('a minute closes with the first trade of a later one, and minutes without trades have no bar', () => {
  const one = minuteBars.step(minuteBars.initial, trade(0, 10, 1))
  expect(one.closed).toEqual([])
  const later = minuteBars.step(one, trade(5 * minute, 11, 1))
  expect(later.closed.map(({ time }) => time)).toEqual([0])
  expect(later.forming?.time).toBe(5 * minute)
})

test('a bucket closes at once with the bar that ends where the bucket ends', () => {
  const fold = intradayBars('5m')
  const rows = [1, 2, 3, 4, 5].map((close) => [close, close, close, close])
  let state = fold.initial
  const closed = barsOf(rows).map((bar) => {
    state = fold.step(state, bar)
    return state.closed.length
  })
  expect(closed).toEqual([0, 0, 0, 0, 1])
  expect(state).toEqual({
    forming: undefined,
    closed: [{ time: 0, open: 1, high: 5, low: 1, close: 5, volume: 5 }],
  })
})

test('a bucket whose last minute never came closes with the next bucket, and both may close in one step', () => {
  const fold = intradayBars('5m')
  const [first, last] = [trade(minute, 10, 1), trade(9 * minute, 12, 1)]
  const { closed } = fold.step(fold.step(fold.initial, first), last)
  expect(closed.map(({ time, close }) => [time, close])).toEqual([
    [0, 10],
    [5 * minute, 12],
  ])
})

test('each timeframe stands on the clock’s grid', () => {
  const bars = barsOf(Array.from({ length: 70 }, (_, i) => [i, i + 1, i - 1, i]))
  const times = (timeframe: '5m' | '15m' | '60m') => rollAll(intradayBars(timeframe), bars).map(({ time }) => time)
  expect(times('5m')).toHaveLength(14)
  expect(times('15m')).toEqual([0, 15, 30, 45, 60].map((m) => m * minute))
  expect(times('60m')).toEqual([0, 60 * minute])
  expect(rollAll(intradayBars('60m'), bars)[0]).toEqual({ time: 0, open: 0, high: 60, low: -1, close: 59, volume: 60 })
})

test('a day is a trade date: what trades after 18:00 New York belongs to the next', () => {
  const openOf = (time: number): number => sessionOf('metals', tradeDateAt('metals', time))?.open ?? Number.NaN
  const at = (text: string, price: number): Bar => trade(Date.parse(text), price, 1)
  const days = rollAll(dailyBars(openOf), [
    at('2013-10-08T20:59:00Z', 10),
    at('2013-10-08T22:00:00Z', 20),
    at('2013-10-09T15:00:00Z', 25),
    at('2013-10-09T22:00:00Z', 30),
  ])
  expect(days.map(({ time, open, high, close }) => [new Date(time).toISOString(), open, high, close])).toEqual([
    ['2013-10-07T22:00:00.000Z', 10, 10, 10],
    ['2013-10-08T22:00:00.000Z', 20, 25, 25],
    ['2013-10-09T22:00:00.000Z', 30, 30, 30],
  ])
})

test('a bar older than the forming bucket is refused', () => {
  const state = minuteBars.step(minuteBars.initial, trade(2 * minute, 10, 1))
  expect(() => minuteBars.step(state, trade(2 * minute - 1, 10, 1))).toThrow(RangeError)
})

test('the minute of an instant is its floor', () => {
  expect([minuteOf(0), minuteOf(59_999), minuteOf(60_000)]).toEqual([0, 0, 60_000])
})

test.skipIf(!hasOracles)('the recorded gold trades make the venue’s one-minute bars, all 4,040', () => {
  const made = rollAll(minuteBars, recordedTrades().map(tickBar))
  // A minute without a trade is a quote bar of volume 0 at the venue.
  const venue = recordedBars('GC').filter(({ volume }) => volume > 0)
  expect(made).toHaveLength(4040)
  expect(made.map(prices)).toEqual(venue.map(prices))
})

test.skipIf(!hasOracles)('the recorded gold minutes make the venue’s hours, all 467 of every contract', () => {
  const read = (path: string, stamp: 'ts' | 'ts_utc') =>
    oracleRows(path, stamp, 'contract', 'open', 'high', 'low', 'close').map((row) => ({
      contract: row.contract,
      time: Date.parse(row[stamp]),
      open: Number(row.open),
      high: Number(row.high),
      low: Number(row.low),
      close: Number(row.close),
      volume: 0,
    }))
  const minutes = read('data/lean-futures/GC_1m_trade.csv.gz', 'ts_utc')
  const made = [...new Set(minutes.map(({ contract }) => contract))].flatMap((contract) => {
    const own = minutes.filter((bar) => bar.contract === contract)
    return rollAll(intradayBars('60m'), own).map((bar) => [contract, ...prices(bar)].join())
  })
  const hours = read('data/lean-futures/GC_hour_trade.csv.gz', 'ts').map((bar) => [bar.contract, ...prices(bar)].join())
  expect(hours).toHaveLength(467)
  // The venue's file misses some hours that have minutes; each hour it does have is ours.
  const ours = new Set(made)
  expect(hours.filter((hour) => !ours.has(hour))).toEqual([])
})
