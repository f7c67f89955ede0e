import { expect, test } from 'vitest'
import { randomBars } from '#src/testing/bars.ts'
import type { FlowBar } from '../flow/minute-flow.ts'
import { dateOfBar } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { type Bar, minuteMs, type Timeframe, timeframes } from '../market/bar.ts'
import { analysisOf, type Reading } from '../signals/analysis.ts'
import type { Chart, ChartBar } from './chart.ts'
import { chartOf, readChart, startChart, stepChart } from './chart-of.ts'

const spec = specOf('MES')
const monday = Date.UTC(2026, 9, 5)
const dated = (bar: Bar): FlowBar => ({ bar, tradeDate: dateOfBar(spec.group, bar.time) })
const minutes = randomBars(5, 4_000, monday).map(dated)

/** What the cards read when each minute closed, by its end. */
const readings = (): ReadonlyMap<number, Reading> => {
  const analysis = analysisOf(spec)
  let state = analysis.start()
  return new Map(
    minutes.map((minute) => {
      state = analysis.step(state, minute)
      return [minute.bar.time + minuteMs, analysis.value(state)]
    }),
  )
}
const read = readings()
const orNaN = (value: number | null): number => value ?? Number.NaN
const quarter = (hour: number, minute: number): number => monday + (hour * 60 + minute) * minuteMs
const flat = (time: number): Bar => ({ time, open: 10, high: 12, low: 9, close: 11, volume: 4 })
const chartOfMinutes = (timeframe: Timeframe, ...of: readonly FlowBar[]): Chart => chartOf(spec, timeframe, of)

test('each closed 5m bar carries the very numbers the cards read when it closed', () => {
  const compared = chartOf(spec, '5m', minutes).bars.flatMap((bar): readonly (readonly number[])[] => {
    const reading = read.get(bar.time + 5 * minuteMs)
    if (reading === undefined || !bar.closed) return []
    const { frame, vwap, deviation } = reading
    return [
      [orNaN(bar.ema), frame.alignment.fast],
      [orNaN(bar.vwap), vwap],
      [orNaN(bar.deviation), deviation],
    ]
  })
  expect(compared.length).toBeGreaterThan(2_000)
  expect(compared.filter(([ours, theirs]) => !Object.is(ours, theirs))).toEqual([])
})

test('the gaps on the 5m chart, and on the 1m chart too, are those the cards rest on', () => {
  let compared = 0
  for (const count of [900, 1_500, 2_500, 4_000]) {
    const some = minutes.slice(0, count)
    const open = read.get((some.at(-1) as FlowBar).bar.time + minuteMs)?.frame.gaps ?? []
    compared += open.length
    for (const timeframe of ['1m', '5m'] as const) {
      const gaps = chartOf(spec, timeframe, some).boxes.filter(({ kind, to }) => kind === 'gap' && to === undefined)
      expect(gaps.map(({ side, low, high }) => [side, low, high])).toEqual(
        open.map(({ side, low, high }) => [side, low, high]),
      )
    }
  }
  expect(compared).toBeGreaterThan(3)
})

test('a minute is a spike where the cards’ volume ratio says so', () => {
  const ours = chartOf(spec, '1m', minutes).bars.filter(({ tone }) => tone === 'spike')
  const from = (minutes.at(-2_000) as FlowBar).bar.time
  const theirs = [...read].filter(([end, { volumeRatio }]) => end > from && volumeRatio > 1.8)
  expect(ours.length).toBeGreaterThan(50)
  expect(ours.map(({ time }) => time + minuteMs)).toEqual(theirs.map(([end]) => end))
})

test.each(timeframes)('what a chart of %s shows of closed bars is never taken back', (timeframe) => {
  const whole = startChart(spec, timeframe)
  const seen = new Map<number, ChartBar>()
  for (const [i, minute] of minutes.entries()) {
    stepChart(whole, minute)
    if (i % 37 !== 0) continue
    for (const bar of readChart(whole).bars.slice(-3)) if (bar.closed) seen.set(bar.time, bar)
  }
  const final = new Map(readChart(whole).bars.map((bar) => [bar.time, bar]))
  expect(final).not.toHaveLength(0)
  for (const [time, bar] of seen) if (final.has(time)) expect(final.get(time)).toEqual(bar)
})

test('a growing bar has the session’s lines as of its newest minute and no line of closed bars', () => {
  const { bars, through, until } = chartOfMinutes(
    '5m',
    ...[0, 1, 2, 3, 4, 5, 6].map((m) => dated(flat(quarter(13, m)))),
  )
  expect(bars.map(({ closed }) => closed)).toEqual([true, false])
  expect(bars[1]).toMatchObject({ time: quarter(13, 5), volume: 8, vwap: 32 / 3, deviation: 0, ema: null, bands: null })
  expect([through, until]).toEqual([quarter(13, 7), quarter(13, 10)])
})

test('a line of closes ends with the newest closed bar', () => {
  const [closed, growing] = chartOf(spec, '60m', minutes).bars.slice(-2)
  expect([closed?.closed, closed?.ema === null, closed?.bands === null]).toEqual([true, false, false])
  expect([growing?.closed, growing?.ema, growing?.bands]).toEqual([false, null, null])
})

test('delta is summed while every minute of a bar is known, and is only estimated when one of them is', () => {
  const flow = (m: number, buy: number, basis: 'quotes' | 'estimated' = 'quotes'): FlowBar => ({
    ...dated(flat(quarter(13, m))),
    flow: { time: quarter(13, m), buy, sell: 4 - buy, basis },
  })
  const { bars } = chartOfMinutes(
    '5m',
    ...[flow(0, 4), flow(3, 1)],
    ...[flow(5, 4), dated(flat(quarter(13, 6))), flow(7, 4)],
    ...[flow(10, 3), flow(11, 4, 'estimated'), flow(12, 0)],
  )
  expect(bars.map(({ delta }) => delta)).toEqual([
    { value: 2, basis: 'quotes' },
    undefined,
    { value: 2, basis: 'estimated' },
  ])
})

test('a day’s bar begins with its session and carries no average of one session alone', () => {
  const sunday = Date.UTC(2026, 9, 4, 22)
  const { bars, until } = chartOfMinutes('1d', ...[sunday, quarter(14, 0), quarter(22, 0)].map((at) => dated(flat(at))))
  expect(bars.map(({ time, tradeDate, closed, vwap }) => [time, tradeDate, closed, vwap])).toEqual([
    [sunday, '2026-10-05', true, null],
    [quarter(22, 0), '2026-10-06', false, null],
  ])
  expect(until).toBe(quarter(45, 0))
})

test('the newest 2,000 bars are shown, and what began before them begins with them', () => {
  const { bars, boxes, marks } = chartOf(spec, '1m', minutes)
  expect(bars).toHaveLength(2_000)
  const from = bars[0]?.time ?? 0
  expect(from).toBe((minutes.at(-2_000) as FlowBar).bar.time)
  expect(Math.min(...boxes.map((box) => box.from), ...marks.map(({ at }) => at))).toBeGreaterThanOrEqual(from)
})

test('what ended before the oldest bar shown is not drawn', () => {
  const { bars, boxes, lines } = chartOf(spec, '1m', minutes)
  const ended = [...boxes, ...lines].filter(({ to }) => to !== undefined)
  expect(ended.length).toBeGreaterThan(10)
  expect(Math.min(...ended.map(({ to = 0 }) => to))).toBeGreaterThanOrEqual(bars[0]?.time ?? 0)
})

test('the session’s profile is drawn on every chart but that of days, where all that traded lies', () => {
  const fives = [0, 5, 10].map((m) => dated(flat(quarter(13, m))))
  const profiles = timeframes.map(
    (timeframe) => chartOfMinutes(timeframe, ...fives).lines.filter(({ kind }) => kind === 'profile').length,
  )
  expect(profiles).toEqual([3, 3, 3, 3, 0])
})

test('minutes out of order are refused', () => {
  const late = dated(flat(quarter(13, 1)))
  expect(() => chartOfMinutes('5m', late, late)).toThrow('minutes must ascend in time')
})
