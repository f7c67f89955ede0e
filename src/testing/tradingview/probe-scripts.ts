import type { Player } from '#src/domain/backtest/strategy.ts'
import { sma } from '#src/domain/indicators/sma.ts'
import { crossing, gridOf, lineOf, overCloses } from './lines.ts'
import type { Market } from './market.ts'
import { createEntries, onBars } from './orders.ts'
import { shareOf, turning } from './turning.ts'

/** Slippage, basic: long from bar 10 to 20, short from 40 to 50. */
export const longAndShort = (market: Market): Player => {
  const entries = createEntries()
  return onBars(
    (bar) => bar === 10 || bar === 20 || bar === 40 || bar === 50,
    (bar, desk) => {
      if (bar === 10) entries.enter(desk, bar, 'long', { kind: 'market', side: 1 })
      else if (bar === 40) entries.enter(desk, bar, 'short', { kind: 'market', side: -1 })
      else desk.leave()
    },
    market.history.date.length,
  )
}

/** Slippage, direction: turns every tenth bar from the twentieth on. */
export const everyTenth = (market: Market): Player =>
  turning(market, (bar) => (bar < 20 || bar % 10 > 0 ? 0 : bar % 20 === 0 ? 1 : -1))

/** Slippage, pyramiding: three entries of a tenth of ten thousand each, left together. */
export const threeLayers = (market: Market): Player => {
  const size = shareOf(market, 0.1, 10_000, 0.001)
  return onBars(
    (bar) => [20, 25, 30, 40].includes(bar),
    (bar, desk) => {
      if (bar === 40) desk.leave()
      else desk.send({ kind: 'market', side: 1, quantity: size(desk, bar) })
    },
    market.history.date.length,
  )
}

/** Bar magnifier: the average of three daily closes across that of ten, 1,500 to win and 1,000 to lose from the close. */
export const bracketed = (market: Market): Player => {
  const sideAt = crossing(overCloses(market, sma(3)), overCloses(market, sma(10)))
  const { close } = market.history.ticks
  return onBars(
    (bar) => sideAt(bar) !== 0,
    (bar, desk) => {
      const side = sideAt(bar)
      if (side === 0) return
      const price = close[bar] as number
      const exits = { stop: price - side * 100_000, targets: [{ price: price + side * 150_000 }] }
      if (desk.position * side > 0) desk.protect(exits)
      else desk.send({ kind: 'market', side, quantity: 0.01 + Math.abs(desk.position), exits })
    },
    market.history.date.length,
  )
}

/** Slippage, limit: the averages of 10 and 20 closes cross, a limit half a percent away rests; a stop 1 percent from the entry. */
export const limitEntries = (market: Market): Player => {
  const sideAt = crossing(overCloses(market, sma(10)), overCloses(market, sma(20)))
  const close = lineOf(market.history.columns.close)
  const { ticksPerPoint } = market.terms
  const grid = gridOf(market)
  const entries = createEntries()
  return onBars(
    (bar, desk) => sideAt(bar) !== 0 || desk.position !== 0,
    (bar, desk) => {
      const side = sideAt(bar)
      if (side === 1) entries.enter(desk, bar, 'long', { kind: 'limit', side, price: grid.down(close(bar) * 0.995) })
      if (side === -1) entries.enter(desk, bar, 'short', { kind: 'limit', side, price: grid.up(close(bar) * 1.005) })
      const entry = desk.entry / ticksPerPoint
      if (desk.position > 0) desk.protect({ stop: grid.down(entry * 0.99) })
      if (desk.position < 0) desk.protect({ stop: grid.up(entry * 1.01) })
    },
    market.history.date.length,
  )
}
