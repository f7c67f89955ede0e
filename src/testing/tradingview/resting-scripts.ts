import type { Player } from '#src/domain/backtest/strategy.ts'
import { atr } from '#src/domain/indicators/atr.ts'
import { bollinger } from '#src/domain/indicators/bollinger.ts'
import { highest, lowest } from '#src/domain/indicators/extreme.ts'
import { series } from '#src/domain/indicators/indicator.ts'
import { keltner } from '#src/domain/indicators/keltner.ts'
import { part } from '../oracle-table/compare-with.ts'
import { crossing, gridOf, lineOf, overBars, overCloses } from './lines.ts'
import type { Market } from './market.ts'
import { createEntries, onBars } from './orders.ts'

const always = (): boolean => true

/** ChannelBreakOutStrategy: stops a tick beyond the extremes of five bars. */
export const channelBreakout = (market: Market): Player => {
  const { high, low, close } = market.history.ticks
  const [top, bottom] = [lineOf(series(highest(5), high)), lineOf(series(lowest(5), low))]
  const entries = createEntries()
  return onBars(
    always,
    (bar, desk) => {
      if (bar >= 5) entries.enter(desk, bar, 'long', { kind: 'stop', side: 1, price: top(bar) + 1 })
      const price = bottom(bar) - 1
      // The script does not wait for five bars to sell, and a stop without a price is an order at the market.
      if (Number.isNaN(price)) entries.enter(desk, bar, 'short', { kind: 'market', side: -1 })
      else entries.enter(desk, bar, 'short', { kind: 'stop', side: -1, price })
    },
    close.length,
  )
}

/**
 * Bollinger Bands Strategy: a stop at the band that a close came back over, for one bar. Two would cancel each other; in these
 * years two never stand at once.
 */
export const bollingerStops = (market: Market): Player => {
  const bandOf = (name: 'upper' | 'lower') => overCloses(market, part(bollinger(20, 2), name))
  const [upper, lower] = [bandOf('upper'), bandOf('lower')]
  const close = lineOf(market.history.columns.close)
  const [overLower, overUpper] = [crossing(close, lower), crossing(close, upper)]
  const grid = gridOf(market)
  const entries = createEntries()
  return onBars(
    (bar) => overLower(bar) > 0 || overUpper(bar) < 0,
    (bar, desk) => {
      const stop = { kind: 'stop', oco: 1, until: bar + 1 } as const
      if (overLower(bar) > 0) entries.enter(desk, bar, 'long', { ...stop, side: 1, price: grid.up(lower(bar)) })
      if (overUpper(bar) < 0) entries.enter(desk, bar, 'short', { ...stop, side: -1, price: grid.down(upper(bar)) })
    },
    market.history.date.length,
  )
}

/** Keltner Channels Strategy: a stop a tick beyond the bar that closed outside, until a close comes back over the middle. */
export const keltnerStops = (market: Market): Player => {
  const channelOf = (name: 'upper' | 'middle' | 'lower') => overBars(market, part(keltner(20, 2, atr(10)), name))
  const [upper, middle, lower] = [channelOf('upper'), channelOf('middle'), channelOf('lower')]
  const { columns, ticks } = market.history
  const [close, high, low] = [lineOf(columns.close), lineOf(ticks.high), lineOf(ticks.low)]
  const [overUpper, overLower] = [crossing(close, upper), crossing(close, lower)]
  const entries = createEntries()
  let [buyAt, sellAt] = [Number.NaN, Number.NaN]
  return onBars(
    always,
    (bar, desk) => {
      if (overUpper(bar) > 0) {
        buyAt = high(bar) + 1
        entries.enter(desk, bar, 'long', { kind: 'stop', side: 1, price: buyAt })
      } else if (close(bar) < middle(bar) || high(bar) >= buyAt) entries.cancel(desk, 'long')
      if (overLower(bar) < 0) {
        sellAt = low(bar) - 1
        entries.enter(desk, bar, 'short', { kind: 'stop', side: -1, price: sellAt })
      } else if (close(bar) > middle(bar) || low(bar) <= sellAt) entries.cancel(desk, 'short')
    },
    market.history.date.length,
  )
}
