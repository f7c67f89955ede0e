import { expect, test } from 'vitest'
import { createChance, randomBars, recordedBars } from '#src/testing/bars.ts'
import { freeze } from '#src/testing/freeze.ts'
import { hasOracles } from '#src/testing/oracles.ts'
import { asmbtr } from '../baseline/asmbtr.ts'
import { atr } from '../indicators/atr.ts'
import { sma } from '../indicators/sma.ts'
import { dateOfBar, isOpen, sessionOf } from '../instruments/calendar.ts'
import { specOf } from '../instruments/contract-spec.ts'
import type { InstrumentId } from '../instruments/instrument.ts'
import { dailyBars, intradayBars } from '../market/aggregate.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { dailyRegime } from '../regime/daily-regime.ts'
import { drift } from '../regime/drift.ts'
import { edgeMarkers, sumMarkers } from '../session/markers.ts'
import { type JudgedBar, openingRanges } from '../session/opening-range.ts'
import { timeBlocks } from '../session/time-block.ts'
import type { Side } from '../signals/focus-card.ts'
import { fairValueGaps } from '../structure/fair-value-gap.ts'
import { priorLevels } from '../structure/prior-levels.ts'
import type { PatternLevel } from './pattern-input.ts'
import { patterns } from './patterns.ts'

const fives = intradayBars('5m')
const average = atr(14)
const volumes = sma(20)
const gaps = fairValueGaps()
const moves = asmbtr()

/** Every fold of the day on one market, fed from its closed 1m bars as the product feeds them. */
const wholeDay = (id: InstrumentId) => {
  const spec = specOf(id)
  const ranges = openingRanges(spec.group)
  const found = patterns(spec)
  const days = dailyBars((time) => sessionOf(spec.group, dateOfBar(spec.group, time))?.open ?? time)
  const blocks = {
    '4h': timeBlocks('4h', edgeMarkers(spec.group, 240)),
    day: timeBlocks('day', edgeMarkers(spec.group, 1440)),
    '5m': timeBlocks('5m', sumMarkers(spec.group)),
  }
  const initial = {
    fives: fives.initial,
    days: days.initial,
    atr: average.initial,
    volumes: volumes.initial,
    gaps: gaps.initial,
    prior: priorLevels.initial,
    ranges: ranges.initial,
    found: found.initial,
    fourHours: blocks['4h'].initial,
    day: blocks.day.initial,
    five: blocks['5m'].initial,
    moves: moves.initial,
    drift: drift.initial,
    daily: dailyRegime.initial,
  }
  type State = typeof initial

  const levelsOf = (state: State): readonly PatternLevel[] =>
    Object.entries(priorLevels.value(state.prior)).flatMap(([name, range]) =>
      range === undefined
        ? []
        : [
            { name: `${name} high`, price: range.high, kind: 'high' as const },
            { name: `${name} low`, price: range.low, kind: 'low' as const },
          ],
    )

  const step = (state: State, bar: Bar): State => {
    const minute = { bar, tradeDate: dateOfBar(spec.group, bar.time) }
    const next = {
      ...state,
      fives: fives.step(state.fives, bar),
      days: days.step(state.days, bar),
      prior: priorLevels.step(state.prior, minute),
    }
    const closed: JudgedBar[] = []
    for (const each of next.fives.closed) {
      next.atr = average.step(next.atr, each)
      next.volumes = volumes.step(next.volumes, each.volume)
      next.gaps = gaps.step(next.gaps, each)
      next.moves = moves.step(next.moves, each.close)
      next.drift = drift.step(next.drift, { bar: each, tradeDate: dateOfBar(spec.group, each.time) })
      closed.push({
        bar: each,
        atr: average.value(next.atr),
        relativeVolume: each.volume / volumes.value(next.volumes),
      })
    }
    for (const day of next.days.closed) next.daily = dailyRegime.step(next.daily, day)
    next.ranges = ranges.step(state.ranges, { ...minute, closed })
    next.fourHours = blocks['4h'].step(state.fourHours, minute)
    next.day = blocks.day.step(state.day, minute)
    next.five = blocks['5m'].step(state.five, minute)
    for (const { bar: each } of closed)
      next.found = found.step(next.found, {
        bar: each,
        levels: levelsOf(next),
        gaps: next.gaps.open,
        openingRanges: ranges.value(next.ranges),
      })
    return next
  }

  const value = (state: State) => ({
    ranges: ranges.value(state.ranges),
    evidence: found.value(state.found),
    fourHours: blocks['4h'].value(state.fourHours),
    day: blocks.day.value(state.day),
    five: blocks['5m'].value(state.five),
    moves: moves.value(state.moves),
    drift: drift.value(state.drift),
    daily: dailyRegime.value(state.daily),
  })

  return { initial, step, value }
}

type WholeDay = ReturnType<typeof wholeDay>
type Spoken = ReturnType<WholeDay['value']>
type State = WholeDay['initial']

const equity = wholeDay('ES')

/** A state is kept before every so many bars, so that a cut needs not begin at the first. */
const stride = 20

/** What is said after each bar, as text, and the states kept on the way. */
const wholeOf = (fold: WholeDay, bars: readonly Bar[]) => {
  const said: string[] = []
  const kept: State[] = []
  let state = fold.initial
  bars.forEach((bar, i) => {
    if (i % stride === 0) kept.push(state)
    state = fold.step(state, bar)
    said.push(JSON.stringify(fold.value(state)))
  })
  return { said, kept }
}

/** Bars as a fold sees them; only one that looks ahead sees others than were given. */
type Sight = (bars: readonly Bar[]) => readonly Bar[]
const asTheyAre: Sight = (bars) => bars
const oneAhead: Sight = (bars) => bars.map((bar, i) => ({ ...bar, close: (bars[i + 1] ?? bar).close }))

/** At how many of a thousand random places the first bars say something else than within the whole. */
const differences = (fold: WholeDay, bars: readonly Bar[], see: Sight = asTheyAre): number => {
  const { said, kept } = wholeOf(fold, see(bars))
  const chance = createChance(bars.length)
  let differing = 0
  for (let i = 0; i < 1000; i++) {
    const cut = 1 + Math.floor(chance() * bars.length)
    const from = Math.floor((cut - 1) / stride)
    let state = kept[from] as State
    for (const bar of see(bars.slice(from * stride, cut))) state = fold.step(state, bar)
    if (JSON.stringify(fold.value(state)) !== said[cut - 1]) differing++
  }
  return differing
}

/** From Thursday evening in winter to Monday in summer, with the weekend left out. */
const market = randomBars(23, 2500, Date.UTC(2024, 2, 7, 23)).map((bar, i) =>
  i < 1200 ? bar : { ...bar, time: bar.time + 51 * 3_600_000 },
)

test('cut at a thousand places a random market says what it says within the whole', () => {
  expect(differences(equity, market)).toBe(0)
})

/** Six weeks of which every twentieth minute traded. */
const weeks = randomBars(29, 60_000, Date.UTC(2024, 1, 5, 23)).filter(
  ({ time }, i) => i % 20 === 0 && isOpen('equity', time),
)

test('so do six weeks, at whose end the chain of days is known', () => {
  expect(differences(equity, weeks)).toBe(0)
  const { daily } = equity.value(weeks.reduce(equity.step, equity.initial))
  expect([weeks.length, daily.state, daily.n]).toEqual([2057, 'bull', 20])
})

test('a look one bar ahead is caught', () => {
  expect(differences(equity, market.slice(0, 1000), oneAhead)).toBe(206)
})

test('no state is changed by the step from it, and a forming bar only looked at leaves no trace', () => {
  const bars = market.slice(600, 1600)
  const wild: Omit<Bar, 'time'> = { open: 1, high: 9000, low: 0, close: 5000, volume: 1e6 }
  // Columns of numbers cannot be frozen; that a drift is not changed shows in the cuts, which go on from kept states.
  const frozen = (state: State): State => ({ ...freeze({ ...state, drift: undefined }), drift: state.drift })
  const looking: WholeDay = {
    ...equity,
    step: (state, bar) => {
      equity.step(state, { ...wild, time: bar.time })
      return frozen(equity.step(state, bar))
    },
  }
  expect(wholeOf(looking, bars).said).toEqual(wholeOf(equity, bars).said)
})

const mirror = (price: number): number => 3000 - price
const mirrorBar = ({ time, open, high, low, close, volume }: Bar): Bar => ({
  time,
  open: mirror(open),
  high: mirror(low),
  low: mirror(high),
  close: mirror(close),
  volume,
})
const other = (side: Side): Side => (side === 'long' ? 'short' : 'long')

/** What depends on the side, written so that a market and its mirror image must write the same. */
const sidesOf = ({ ranges, evidence, fourHours, day, five }: Spoken, isMirrored: boolean) => {
  const price = (at: number): number => (isMirrored ? mirror(at) : at)
  const side = (each: Side): Side => (isMirrored ? other(each) : each)
  return {
    ranges: ranges.map(({ state, since, high, low, trigger }) => [
      state,
      since,
      isMirrored ? [price(low), price(high)] : [high, low],
      trigger && [side(trigger.side), trigger.at, price(trigger.price)],
    ]),
    evidence: evidence.map((each) => [each.pattern, side(each.side), each.at, each.until, price(each.level)]).sort(),
    blocks: [fourHours, day, five].map((block) =>
      block?.setups.map((setup) => [setup.way, side(setup.side), price(setup.price), setup.steps].join()).sort(),
    ),
  }
}

test('mirrored prices mirror the sides', () => {
  const read = (bars: readonly Bar[], isMirrored: boolean) => {
    let state = equity.initial
    return bars.map((bar) => {
      state = equity.step(state, bar)
      return sidesOf(equity.value(state), isMirrored)
    })
  }
  expect(read(market.map(mirrorBar), true)).toEqual(read(market, false))
})

/** How often each thing happened, counted when it was first said, and what was stamped with another instant than that. */
const countsOf = (id: InstrumentId, bars: readonly Bar[]) => {
  const fold = wholeDay(id)
  const counts: Record<string, number> = {}
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  let state = fold.initial
  let before = fold.value(state)
  let late = 0
  for (const bar of bars) {
    state = fold.step(state, bar)
    const now = fold.value(state)
    now.ranges.forEach((range, i) => {
      if (range.state === before.ranges[i]?.state && range.since === before.ranges[i]?.since) return
      if (range.since !== bar.time + minuteMs) late++
      if (range.state === 'TRIGGERED' || range.state === 'EXPIRED') count(`range ${range.state}`)
    })
    for (const each of now.evidence.filter(
      (one) =>
        !before.evidence.some((old) => old.pattern === one.pattern && old.at === one.at && old.side === one.side),
    )) {
      if (each.at > bar.time + minuteMs) late++
      count(`${each.pattern} ${each.side}`)
    }
    now.fourHours?.setups.forEach(({ way, side, steps }, i) => {
      const known =
        now.fourHours?.marker === before.fourHours?.marker ? (before.fourHours?.setups[i]?.steps.length ?? 0) : 1
      for (const { state: to, at } of steps.slice(known)) {
        if (at !== bar.time + minuteMs) late++
        count(`4h ${way} ${side} ${to}`)
      }
    })
    before = now
  }
  return { counts, late }
}

test.skipIf(!hasOracles)('a recorded week cut at a thousand places says what it says within the whole', () => {
  expect(differences(equity, recordedBars('ES', '2013-10-12'))).toBe(0)
})

test.skipIf(!hasOracles).each([
  [
    'ES',
    {
      'range TRIGGERED': 38,
      'range EXPIRED': 2,
      'opening-range-breakout long': 16,
      'opening-range-breakout short': 8,
      'failed-breakout long': 12,
      'failed-breakout short': 16,
      'break-and-retest long': 14,
      'break-and-retest short': 13,
      'swept-gap-reversal long': 15,
      'swept-gap-reversal short': 9,
      '4h sweep-and-reverse long BEYOND': 13,
      '4h sweep-and-reverse long TRIGGERED': 11,
      '4h sweep-and-reverse long REACHED': 2,
      '4h sweep-and-reverse long FAILED': 10,
      '4h sweep-and-reverse short BEYOND': 17,
      '4h sweep-and-reverse short TRIGGERED': 12,
      '4h sweep-and-reverse short REACHED': 3,
      '4h sweep-and-reverse short FAILED': 12,
      '4h break-and-retest long BEYOND': 15,
      '4h break-and-retest long TRIGGERED': 7,
      '4h break-and-retest long FAILED': 11,
      '4h break-and-retest short BEYOND': 13,
      '4h break-and-retest short TRIGGERED': 4,
      '4h break-and-retest short FAILED': 12,
    },
  ],
  [
    'GC',
    {
      'range TRIGGERED': 36,
      'range EXPIRED': 4,
      'opening-range-breakout long': 10,
      'opening-range-breakout short': 12,
      'failed-breakout long': 10,
      'failed-breakout short': 8,
      'break-and-retest long': 9,
      'break-and-retest short': 11,
      'swept-gap-reversal long': 9,
      'swept-gap-reversal short': 8,
      '4h sweep-and-reverse long BEYOND': 16,
      '4h sweep-and-reverse long TRIGGERED': 13,
      '4h sweep-and-reverse long REACHED': 1,
      '4h sweep-and-reverse long FAILED': 14,
      '4h sweep-and-reverse short BEYOND': 14,
      '4h sweep-and-reverse short TRIGGERED': 14,
      '4h sweep-and-reverse short REACHED': 3,
      '4h sweep-and-reverse short FAILED': 8,
      '4h break-and-retest long BEYOND': 12,
      '4h break-and-retest long TRIGGERED': 7,
      '4h break-and-retest long FAILED': 11,
      '4h break-and-retest short BEYOND': 16,
      '4h break-and-retest short TRIGGERED': 4,
      '4h break-and-retest short FAILED': 13,
    },
  ],
] as const)('a recorded week of %s', (id, counts) => {
  expect(countsOf(id, recordedBars(id, '2013-10-12'))).toEqual({ late: 0, counts })
})
