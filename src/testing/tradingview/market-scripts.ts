import type { Player } from '#src/domain/backtest/strategy.ts'
import { macd } from '#src/domain/indicators/macd.ts'
import { rsi } from '#src/domain/indicators/rsi.ts'
import { sma } from '#src/domain/indicators/sma.ts'
import { supertrend } from '#src/domain/indicators/supertrend.ts'
import { part } from '../oracle-table/compare-with.ts'
import { crossing, level, lineOf, overBars, overCloses } from './lines.ts'
import type { Market } from './market.ts'
import { shareOf, turning } from './turning.ts'

/** The average of ten closes across that of thirty. */
export const smaCross = (market: Market): Player =>
  turning(market, crossing(overCloses(market, sma(10)), overCloses(market, sma(30))))

/** The same, but the closes are whole ticks: two averages that are equal come out equal. */
export const smaCrossInTicks = (market: Market): Player => {
  const close = Float64Array.from(market.history.ticks.close)
  return smaCross({ ...market, history: { ...market.history, columns: { ...market.history.columns, close } } })
}

/** MACD Strategy: the histogram across zero. */
export const macdStrategy = (market: Market): Player =>
  turning(market, crossing(overCloses(market, part(macd(), 'histogram')), level(0)))

/** RSI Strategy: buys when it rises through 30, sells when it falls through 70. */
export const rsiStrategy = (market: Market): Player => {
  const line = overCloses(market, rsi(14))
  const [low, high] = [crossing(line, level(30)), crossing(line, level(70))]
  return turning(market, (bar) => (low(bar) > 0 ? 1 : high(bar) < 0 ? -1 : 0))
}

/** Supertrend Strategy: turns with the trend; 15 percent of a million. */
export const supertrendStrategy = (market: Market): Player => {
  const trend = overBars(
    market,
    part(supertrend(3, 10), ({ rising }) => rising),
  )
  const turns = crossing(trend, level(0.5))
  return turning(market, turns, shareOf(market, 0.15, 1_000_000))
}

/**
 * BarUpDn Strategy: a bar that opens beyond the last close and goes on; 10 percent of a million. Its rule to stop at an
 * intraday loss of 1 percent never comes to act: a tenth of the account does not lose so much in a day.
 */
export const barUpDown = (market: Market): Player => {
  const [open, close] = [lineOf(market.history.ticks.open), lineOf(market.history.ticks.close)]
  const sideAt = (bar: number): -1 | 0 | 1 => {
    if (close(bar) > open(bar) && open(bar) > close(bar - 1)) return 1
    return close(bar) < open(bar) && open(bar) < close(bar - 1) ? -1 : 0
  }
  return turning(market, sideAt, shareOf(market, 0.1, 1_000_000))
}
