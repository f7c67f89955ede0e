import type { Player } from '#src/domain/backtest/strategy.ts'
import type { Market } from './market.ts'
import { createEntries, onBars, type Size } from './orders.ts'

/** Turns at the open after a bar on which the answer is +1 or −1. */
export const turning = (market: Market, sideAt: (bar: number) => -1 | 0 | 1, size?: Size): Player => {
  const entries = createEntries(size)
  return onBars(
    (bar) => sideAt(bar) !== 0,
    (bar, desk) => {
      const side = sideAt(bar)
      if (side !== 0) entries.enter(desk, bar, side === 1 ? 'long' : 'short', { kind: 'market', side })
    },
    market.history.date.length,
  )
}

/** A share of what the account is worth at the close, fees of the entry paid from it, down to a tenth of a euro. */
export const shareOf = ({ history, terms, dollar }: Market, share: number, capital: number, feeShare = 0): Size => {
  const { close } = history.ticks
  const { tickValue } = terms
  return (desk, bar) => {
    const price = close[bar] as number
    const open = desk.position === 0 ? 0 : desk.position * (price - desk.entry) * tickValue
    const paid = desk.position === 0 ? 0 : feeShare * Math.abs(desk.position) * desk.entry * tickValue
    const worth = capital * dollar + desk.net + open - paid
    return Math.floor((10 * share * worth) / (tickValue * price * (1 + feeShare))) / 10
  }
}
