import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks, worthOf } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import type { ExitReading } from '../picture.ts'
import { parameters } from '../signals/parameters.ts'
import type { Order, OrderState } from './order.ts'
import type { Position } from './position.ts'

/** What would take a position out. */
export type Exits = {
  /** The stop that would be filled first; quantity and Money of all stops, the place of the least safe one. */
  readonly stop?: ExitReading
  readonly target?: ExitReading
  /** Contracts of the position that a stop protects. */
  readonly covered: number
  /** Loss in Money when every stop is filled two ticks beyond it, fees of both sides included; absent unless all are covered. */
  readonly risk?: Money
}

type Resting = { readonly ticks: number; readonly quantity: number; readonly where: Order['where'] }

const restingStates: readonly OrderState[] = ['accepted', 'working', 'change-pending', 'part-filled']

/** A stop-limit may be jumped over, and still is a stop. */
export const isStop = ({ type }: Order): boolean => type === 'stop-market' || type === 'stop-limit'

const priceOf = (order: Order): number | undefined => {
  if (isStop(order)) return order.stopPrice
  return order.type === 'limit'
    ? order.limitPrice
    : order.type === 'mit'
      ? (order.stopPrice ?? order.limitPrice)
      : undefined
}

/** Orders of one group cancel each other, so of a group only the one met first counts. */
const oncePerGroup = (orders: readonly { readonly order: Order; readonly ticks: number }[]) => {
  const met = new Set<string>()
  return orders.filter(({ order: { oco } }) => oco === undefined || oco === '' || (!met.has(oco) && met.add(oco)))
}

/** Resting exits of one kind, the one that price meets first in front, no more contracts than `quantity`. */
const allot = (spec: ContractSpec, orders: readonly Order[], descending: boolean, quantity: number): Resting[] => {
  const priced = orders.flatMap((order) => {
    const price = priceOf(order)
    return price === undefined || !Number.isFinite(price) ? [] : [{ order, ticks: toTicks(spec, price) }]
  })
  priced.sort((a, b) => (descending ? b.ticks - a.ticks : a.ticks - b.ticks))
  const allotted: Resting[] = []
  let left = quantity
  for (const { order, ticks } of oncePerGroup(priced)) {
    const takes = Math.min(left, order.quantity - order.filled)
    if (!(takes > 0)) continue
    left -= takes
    allotted.push({ ticks, quantity: takes, where: order.where })
  }
  return allotted
}

const leastSafe = (rows: readonly Resting[]): Order['where'] =>
  (['platform', 'unknown'] as const).find((place) => rows.some(({ where }) => where === place)) ?? 'broker'

const total = (rows: readonly Resting[]): number => rows.reduce((sum, { quantity }) => sum + quantity, 0)

/** What the rows make of the position's contracts, measured from its average price. */
const worth = (spec: ContractSpec, position: Position, rows: readonly Resting[]): Money => {
  const side = Math.sign(position.quantity)
  const from = position.cost / position.quantity
  return Math.round(rows.reduce((sum, row) => sum + worthOf(spec, side * (row.ticks - from), row.quantity), 0))
}

const toExit = (
  spec: ContractSpec,
  position: Position,
  rows: readonly Resting[],
  feesOut: Money,
): ExitReading | undefined => {
  const first = rows[0]
  const share = total(rows) / Math.abs(position.quantity)
  return (
    first && {
      price: toPrice(spec, first.ticks),
      ticks: Math.sign(position.quantity) * (first.ticks - position.cost / position.quantity),
      money: worth(spec, position, rows) - Math.round((position.fees + feesOut) * share),
      quantity: total(rows),
      where: leastSafe(rows),
    }
  )
}

/** Loss at the stops with two ticks of slippage and the fees of both sides; 0 where the stops hold a profit. */
const lossAt = (spec: ContractSpec, position: Position, stops: readonly Resting[], feesOut: Money): Money => {
  const slippage = worthOf(spec, parameters.slippageTicks, Math.abs(position.quantity))
  return Math.max(0, slippage + position.fees + feesOut - worth(spec, position, stops))
}

/**
 * Reads the resting orders of a holding as its exits. Stops and targets stand on the exit side; a stop on the side it could
 * not wait on — a sell stop at or above the last price — protects nothing, nor does one not yet accepted or being cancelled.
 * `last` is in points, `feesOut` the Money that getting out costs. Ticks and Money are from the average price, losses
 * negative; the fees of both sides of an exit's contracts are taken off its Money.
 */
export const exitsOf = (
  spec: ContractSpec,
  position: Position,
  orders: readonly Order[],
  last: number | undefined,
  feesOut: Money,
): Exits => {
  const long = position.quantity > 0
  const held = Math.abs(position.quantity)
  const resting = orders.filter(({ side, state }) => (side === 'sell') === long && restingStates.includes(state))
  const waits = ({ stopPrice }: Order): boolean =>
    last === undefined || stopPrice === undefined || (long ? stopPrice < last : stopPrice > last)
  const stops = allot(
    spec,
    resting.filter((order) => isStop(order) && waits(order)),
    long,
    held,
  )
  const targets = allot(
    spec,
    resting.filter((order) => !isStop(order)),
    !long,
    held,
  )
  const stop = toExit(spec, position, stops, feesOut)
  const target = toExit(spec, position, targets, feesOut)
  const covered = total(stops)
  return {
    ...(stop && { stop }),
    ...(target && { target }),
    covered,
    ...(held > 0 && covered === held && { risk: lossAt(spec, position, stops, feesOut) }),
  }
}
