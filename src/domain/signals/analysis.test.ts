import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import type { FlowBar } from '../flow/minute-flow.ts'
import { dateOfBar, isOpen, nextTradeDate } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import { easternMs } from '../instruments/zone.ts'
import { intradayBars } from '../market/aggregate.ts'
import type { Bar } from '../market/bar.ts'
import { analysisOf, type Reading } from './analysis.ts'
import { alignment } from './frame.ts'

const analysis = analysisOf(specOf('MES'))
type Bars = readonly Bar[]

const dated = (bar: Bar) => ({ bar, tradeDate: dateOfBar('equity', bar.time) })

/** What is read after each of the wanted numbers of bars. */
const readingsAt = (bars: Bars, wanted: ReadonlySet<number>) => {
  const readings = new Map<number, Reading>()
  let state = analysis.start()
  bars.forEach((bar, i) => {
    state = analysis.step(state, dated(bar))
    if (wanted.has(i + 1)) readings.set(i + 1, analysis.value(state))
  })
  return readings
}

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

type Minutes = readonly FlowBar[]

/** Minutes of an open market with made-up trades, of most of which is known who crossed the spread. */
const traded = (bars: Bars, seed: number): Minutes => {
  const chance = createChance(seed)
  const open = bars.filter(({ time }) => isOpen('equity', time))
  return open.map((each, i) => {
    const { time, volume } = each
    const buy = Math.floor(chance() * volume)
    const after = open[i - 1]?.time
    const flow = { time, buy, sell: volume - buy, basis: 'quotes', after } as const
    return { ...dated(each), flow: chance() < 0.995 ? flow : undefined }
  })
}

/** Random minutes from an instant up to (excluding) another, epoch ms. */
const randomUntil = (seed: number, from: number, until: number): Bars =>
  randomBars(seed, (until - from) / 60_000, from).filter(({ time }) => time < until)

/** What the folds look at of the minutes they are given; only one that looks ahead sees others. */
type Sight = (minutes: Minutes) => Minutes
const asTheyAre: Sight = (minutes) => minutes
const oneAhead: Sight = (minutes) =>
  minutes.map((each, i) => ({ ...each, bar: { ...each.bar, close: (minutes[i + 1] ?? each).bar.close } }))

type Analysis = typeof analysis
type State = ReturnType<Analysis['start']>
type Keep = (own: Analysis, state: State) => State
const apart: Keep = (own, state) => own.keep(state)
/** Grows what the other goes on with. */
const together: Keep = (_, state) => state

const printOf = (reading: Reading): string => createHash('sha1').update(JSON.stringify(reading)).digest('base64')

/** A thousand random numbers of minutes from `first` on, ascending. */
const cutsOf = (minutes: Minutes, first: number): readonly number[] => {
  const chance = createChance(minutes.length)
  const cuts = new Set<number>()
  while (cuts.size < 1000) cuts.add(first + 1 + Math.floor(chance() * (minutes.length - first)))
  return [...cuts].sort((a, b) => a - b)
}

/** Of the whole: what each cut reads, taken down at once. */
const printsAt = (minutes: Minutes, cuts: readonly number[]): readonly string[] => {
  const own = analysisOf(specOf('MES'))
  const prints: string[] = []
  let state = own.start()
  minutes.forEach((minute, i) => {
    state = own.step(state, minute)
    if (cuts[prints.length] === i + 1) prints.push(printOf(own.value(state)))
  })
  return prints
}

/** Eight hours of wide bars, into another trade date wherever one begins: what a reading must not know of. */
const anotherFuture = ({ bar: { time, close } }: FlowBar): Minutes =>
  [1, 2, 3, 4, 5, 6, 7, 8].map((hours) =>
    dated({ time: time + hours * 3_600_000, open: close, high: close + 40, low: close - 40, close, volume: 1e6 }),
  )

/** Minutes before a cut from which on it is read alone: from a state kept there, which then goes on in another way. */
const stride = 20

/** What each cut reads of the minutes up to it, which another future follows. */
const readAlone = (minutes: Minutes, cuts: readonly number[], see: Sight, keep: Keep): readonly Reading[] => {
  const own = analysisOf(specOf('MES'))
  const seen = see(minutes)
  const read: Reading[] = []
  let state = own.start()
  for (let from = 0; from < minutes.length; from += stride) {
    for (let cut = cuts[read.length] ?? 0; cut > from && cut <= from + stride; cut = cuts[read.length] ?? 0) {
      const upTo = minutes.slice(from, cut)
      const branch = see(upTo).reduce(own.step, keep(own, state))
      read.push(own.value(branch))
      anotherFuture(upTo.at(-1) as FlowBar).reduce(own.step, branch)
    }
    state = seen.slice(from, from + stride).reduce(own.step, state)
  }
  return read
}

const isKnown = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value)

/** Which parts of a reading say something. */
const partsOf = ({ warm, frame, confluence, prior, pivots, vwap, flow, session }: Reading) => ({
  warm,
  confluence: isKnown(confluence['60m'].slow),
  frame: [frame.adx, frame.aoBefore, frame.drift].every(isKnown) && frame.shift !== undefined,
  zones: frame.gaps.length > 0 && frame.blocks.length > 0,
  pools: frame.pools.length > 0 && frame.sweeps.length > 0,
  dealing: frame.dealing !== undefined,
  day: prior !== undefined && pivots !== undefined && isKnown(vwap),
  week: session.levels.week !== undefined && session.levels.fourHours !== undefined,
  delta: isKnown(flow.delta?.slope),
  profile: flow.profile !== undefined,
  relativeVolume: isKnown(flow.relativeVolume),
  triggers: session.openingRanges.some(({ trigger }) => trigger !== undefined),
  block: (session.block?.setups.length ?? 0) > 0,
  evidence: session.evidence.length > 0,
  chain: session.days.state !== undefined && session.days.n > 0,
  drift: isKnown(session.drift.returns.p) && isKnown(session.drift.volume.p),
})

type Checked = { readonly minutes: Minutes; readonly first: number; readonly see?: Sight; readonly keep?: Keep }

/** At how many of a thousand cuts the minutes up to there say something else than within the whole; how many know each part. */
const check = ({ minutes, first, see = asTheyAre, keep = apart }: Checked) => {
  const cuts = cutsOf(minutes, first)
  const whole = printsAt(see(minutes), cuts)
  const alone = readAlone(minutes, cuts, see, keep)
  const known: Record<string, number> = {}
  for (const reading of alone)
    for (const [part, knows] of Object.entries(partsOf(reading))) known[part] = (known[part] ?? 0) + Number(knows)
  return { differing: alone.filter((reading, i) => printOf(reading) !== whole[i]).length, known }
}

/** Six weeks of a random market, cut in the last seven trade dates, when all is warm; on the Sunday in them the clocks change. */
const random = (seed: number): Checked => {
  const minutes = traded(randomUntil(seed, Date.UTC(2013, 8, 30, 4), Date.UTC(2013, 10, 8, 22)), seed)
  return { minutes, first: minutes.findIndex(({ tradeDate }) => tradeDate === '2013-10-31') }
}

/** Two days of one. */
const brief: Checked = {
  minutes: traded(randomUntil(14, Date.UTC(2013, 9, 7, 4), Date.UTC(2013, 9, 9, 4)), 14),
  first: 0,
}

/** Known at every cut. */
const always = {
  ...{ warm: 1000, confluence: 1000, frame: 1000, zones: 1000, pools: 1000, day: 1000, week: 1000 },
  ...{ profile: 1000, relativeVolume: 1000, block: 1000, chain: 1000 },
}

describe('what is read at an instant depends on nothing later', () => {
  test.skipIf(!hasOracles)('on a recorded week, with random weeks before it', () => {
    const week = recordedBars('ES', '2013-10-12')
    const begins = week[0]?.time as number
    const before = randomUntil(10, Date.UTC(2013, 8, 3, 4), begins)
    const minutes = traded([...before, ...week], 10)
    const first = minutes.findIndex(({ bar }) => bar.time === begins)
    expect(minutes.length - first).toBe(6826)
    expect(check({ minutes, first })).toEqual({
      differing: 0,
      known: { ...always, dealing: 955, delta: 910, drift: 918, evidence: 402, triggers: 540 },
    })
  })

  test.each([
    [11, { dealing: 1000, delta: 938, drift: 914, evidence: 414, triggers: 573 }],
    [12, { dealing: 994, delta: 929, drift: 918, evidence: 468, triggers: 581 }],
  ] as const)('on random market %d', (seed, known) => {
    expect(check(random(seed))).toEqual({ differing: 0, known: { ...always, ...known } })
  })

  test('and the check catches a reading that looks one bar ahead', () => {
    expect(check({ ...brief, see: oneAhead }).differing).toBe(913)
  })

  test('and one from which another goes on', () => {
    expect(check({ ...brief, keep: together }).differing).toBe(990)
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

/** After eleven trade dates of 100 contracts a minute: the twelfth, on which these minutes after ten broke out on 130 each. */
const breakout = (minutes: readonly number[]): Reading => {
  let [tradeDate, state] = ['2026-10-01', analysis.start()]
  const trade = (minute: number, close: number, volume: number): void => {
    const time = easternMs(tradeDate, minute)
    const each = { time, open: close, high: close + 1, low: close - 1, close, volume }
    state = analysis.step(state, { bar: each, tradeDate })
  }
  for (let day = 0; day < 12; day++) {
    for (let minute = -360; minute < (day < 11 ? 1020 : 600); minute++) trade(minute, 5000, 100)
    if (day < 11) tradeDate = nextTradeDate('equity', tradeDate)
  }
  for (const minute of minutes) trade(minute, 5020, 130)
  return analysis.value(state)
}

test('an opening range is broken on more than the usual volume of five minutes, the silent ones among them', () => {
  const trigger = (...minutes: readonly number[]) =>
    breakout(minutes).session.openingRanges.find(({ name, minutes: first }) => name === 'New York' && first === 5)
      ?.trigger
  expect(trigger(604)).toBeUndefined()
  expect(trigger(600, 601, 602, 603, 604)).toMatchObject({ side: 'long', price: 5020, relativeVolume: 1.3 })
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
