import type { Money } from '../money.ts'
import { marketOf, microsOf } from '../risk/guards.ts'
import type { Trade } from './trade.ts'

/** A copier is this much behind at most, by the platform's clock. */
const copiedMs = 10_000

/** A trade in one account; one that is open has closed nothing yet. */
export type OwnTrade = Pick<Trade, 'account' | 'instrument' | 'side' | 'openedAt' | 'quantity'> &
  Partial<Pick<Trade, 'closedAt' | 'net'>>

/** What the trader decided once, in however many accounts it was copied to. Instants are the platform's. */
export type Decision = Pick<Trade, 'instrument' | 'side' | 'openedAt'> & {
  /** The largest in one account, of `instrument`. */
  readonly quantity: number
  /** The sum of what is closed so far, Money, and its last close. */
  readonly net: Money
  readonly closedAt?: number
  readonly isOpen: boolean
}

type Joined = { readonly first: OwnTrade; readonly trades: OwnTrade[] }

/** Whether a trade is, or may be a copy of, what was decided: the same side of the same market, begun within ten seconds. */
export const isCopyOf = (
  first: Pick<OwnTrade, 'instrument' | 'side' | 'openedAt'>,
  trade: Pick<OwnTrade, 'instrument' | 'side' | 'openedAt'>,
): boolean =>
  trade.openedAt - first.openedAt <= copiedMs &&
  first.side === trade.side &&
  marketOf(first.instrument) === marketOf(trade.instrument)

/** Both clauses matter: a runner in one account must not hide what is scalped beside it in another. */
const joins = ({ first, trades }: Joined, trade: OwnTrade): boolean =>
  isCopyOf(first, trade) && trades.every(({ account }) => account !== trade.account)

const sizeOf = ({ instrument, quantity }: OwnTrade): number => microsOf(instrument, quantity)

const decisionOf = ({ first: { side, openedAt }, trades }: Joined): Decision => {
  const largest = trades.reduce((most, one) => (sizeOf(one) > sizeOf(most) ? one : most))
  const closes = trades.flatMap(({ closedAt }) => closedAt ?? [])
  return {
    instrument: largest.instrument,
    side,
    openedAt,
    quantity: largest.quantity,
    net: trades.reduce((sum, { net = 0 }) => sum + net, 0),
    ...(closes.length > 0 && { closedAt: Math.max(...closes) }),
    isOpen: closes.length < trades.length,
  }
}

/**
 * Trades of all accounts as decisions, the oldest first. A trade belongs to a decision when it is the same side of the same
 * market (a micro and its parent are one), began within ten seconds of the decision's first trade, and its account has no
 * other trade in it.
 */
export const decisionsOf = (trades: readonly OwnTrade[]): readonly Decision[] => {
  const made: Joined[] = []
  let recent = 0
  for (const trade of trades.toSorted((a, b) => a.openedAt - b.openedAt)) {
    while ((made[recent]?.first.openedAt ?? trade.openedAt) < trade.openedAt - copiedMs) recent++
    const joined = made.slice(recent).find((one) => joins(one, trade))
    if (joined === undefined) made.push({ first: trade, trades: [trade] })
    else joined.trades.push(trade)
  }
  return made.map(decisionOf)
}
