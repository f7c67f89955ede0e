import { describe, expect, test } from 'vitest'
import { createSyntheticMarket } from '#src/adapters/feed/synthetic/synthetic-market.ts'
import { createShadow } from '#src/worker/shadow-engine.ts'
import { nextTradeDate } from '../instruments/calendar.ts'
import { defaultBoundaries, type PhaseBoundaries } from '../instruments/phase.ts'
import { frontContract } from '../instruments/roll.ts'
import { easternMs } from '../instruments/zone.ts'
import type { RecordedBar } from '../market/bar.ts'
import { barAt, toColumns } from '../market/series.ts'
import { dollars } from '../money.ts'
import { defaultLimits } from '../risk/limits.ts'
import { backtestDay } from './backtest-day.ts'
import { compareBacktest, type DayStory } from './parity.ts'

const accountSize = dollars(50_000)

/** Six made-up trade dates of gold, of which the last two are lived. */
const dates = ((): readonly string[] => {
  const found = ['2025-10-27']
  while (found.length < 6) found.push(nextTradeDate('metals', found.at(-1) as string))
  return found
})()
const market = createSyntheticMarket({ seed: 1 })
const bars: readonly RecordedBar[] = dates.flatMap((date) => {
  const columns = market.minutes('MGC', date)
  return Array.from(columns.time, (time, i) => {
    return { ...barAt(columns, i), finality: 'live', asOf: time + 60_000, source: 'wire' } as const
  })
})

/** What the engine that runs live decides on a trade date, warmed with everything before it. */
const lived = (date: string, boundaries: PhaseBoundaries): DayStory => {
  const fronts = frontContract
  const shadow = createShadow({ instrument: 'MGC', fronts, boundaries, accountSize, limits: defaultLimits })
  const [midnight, flatBy] = [easternMs(date, 0), easternMs(date, boundaries.flatBy)]
  shadow.warm(bars.filter(({ time }) => time < midnight))
  const day = bars.filter(({ time }) => time >= midnight && time < flatBy)
  shadow.live(day, midnight, flatBy)
  return shadow.take()
}

const walked = (date: string, boundaries: PhaseBoundaries): DayStory => {
  const fee = defaultLimits.fees.MGC
  const known = toColumns(bars.filter(({ time }) => time < easternMs(date, 17 * 60)))
  return backtestDay({ instrument: 'MGC', tradeDate: date, bars: known, flows: [], boundaries, accountSize, fee })
}

const compare = (date: string, boundaries: PhaseBoundaries) =>
  compareBacktest({
    live: { ...lived(date, boundaries), ran: true },
    replayed: walked(date, boundaries),
    bars: () => bars,
  })

describe('the backtest of a trade date', () => {
  test('decides what the live engine decides', () => {
    const compared = dates.slice(-2).map((date) => compare(date, defaultBoundaries))
    expect(compared).toEqual([
      { cards: 1, transitions: 2, differences: [] },
      { cards: 2, transitions: 6, differences: [] },
    ])
  })

  test('keeps to the day’s own boundaries', () => {
    const early = { preMarket: 60, active: 390, windDown: 570, flatBy: 615 }
    expect(compare(dates.at(-1) as string, early)).toEqual({ cards: 3, transitions: 8, differences: [] })
  })

  test('tells nothing of a date without a morning', () => {
    expect(walked('2025-11-27', defaultBoundaries)).toEqual({ cards: [], transitions: [] })
  })
})
