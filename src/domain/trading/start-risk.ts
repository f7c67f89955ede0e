import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import { parameters } from '../signals/parameters.ts'
import { isStop } from './exits.ts'
import type { Order } from './order.ts'
import { type OpenTrade, sideSign, startMs, type Trade } from './trade.ts'

/** Where a stop order was first seen, by the platform's clock. */
export type Sighting = {
  readonly orderId: string
  readonly side: Order['side']
  readonly price: number
  readonly at: number
}

/** The stops of a day's trades, and more. */
const keptSightings = 500

type Started = Pick<Trade | OpenTrade, 'openedAt' | 'side' | 'start'>

/** Notes a stop when it is seen first; where it is moved to later is no longer the start. */
export const noteStop = (seen: readonly Sighting[], order: Order): readonly Sighting[] => {
  if (!isStop(order) || order.stopPrice === undefined || order.state === 'rejected') return seen
  if (seen.some(({ orderId }) => orderId === order.orderId)) return seen
  return [
    ...seen.slice(1 - keptSightings),
    { orderId: order.orderId, side: order.side, price: order.stopPrice, at: order.at },
  ]
}

/**
 * The stop a trade began with, in points: the first on its exit side seen within three seconds of its first fill — as long
 * as it may stand without one — else the card's. Undefined where there is none.
 */
export const startStop = (
  trade: Started,
  seen: readonly Sighting[],
  cardStop: number | undefined,
): number | undefined => {
  const exit = trade.side === 'long' ? 'sell' : 'buy'
  const own = seen.find(({ side, at }) => side === exit && Math.abs(at - trade.openedAt) <= startMs)
  return own?.price ?? cardStop
}

/**
 * One R in Money: the loss of what was entered at the start, stopped out two ticks beyond its stop, fees of both sides
 * included. Undefined for a stop that would not have lost: no R can be measured in it.
 */
export const startRisk = (spec: ContractSpec, { side, start }: Started, stop: number): Money | undefined => {
  const away = sideSign(side) * (start.ticks - toTicks(spec, stop) * start.quantity)
  const risk = Math.round(worthOf(spec, away + parameters.slippageTicks * start.quantity, 1)) + 2 * start.fees
  return away > 0 ? risk : undefined
}

/** A closed trade in units of what it risked; both absent where no stop was known at its start. */
export type MeasuredTrade = Trade & { readonly risk?: Money; readonly r?: number }

/** A trade's net in units of its risk. */
export const measure = (spec: ContractSpec, trade: Trade, stop: number | undefined): MeasuredTrade => {
  const risk = stop === undefined ? undefined : startRisk(spec, trade, stop)
  return risk === undefined ? trade : { ...trade, risk, r: trade.net / risk }
}
