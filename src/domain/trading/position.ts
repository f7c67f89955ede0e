import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'

/** Contracts bought or sold together and still open. `fee` was paid for getting into all of them. */
type Lot = { readonly ticks: number; readonly quantity: number; readonly fee: Money }

/** What one account holds of one contract: lots of one side, the oldest first. */
export type Position = {
  /** Signed, long positive. */
  readonly quantity: number
  readonly lots: readonly Lot[]
  /** The sum of ticks times signed quantity, so that what is open is valued without a walk through the lots. */
  readonly cost: number
  /** Paid for getting in, Money. */
  readonly fees: Money
}

/** One fill in the market's own units: signed contracts (bought positive), integer ticks, and its fee in Money. */
export type Deal = { readonly quantity: number; readonly ticks: number; readonly fee: Money }

/** What a deal closed: contracts, their result before fees, and the fees of both their sides. */
export type Closing = { readonly quantity: number; readonly gross: Money; readonly fees: Money }

export const flat: Position = { quantity: 0, lots: [], cost: 0, fees: 0 }

/** `part` of `whole` contracts' share of an amount, to the nearest ten-thousandth; what is left is the others'. */
const shareOf = (amount: Money, part: number, whole: number): Money =>
  part === whole ? amount : Math.round((amount * part) / whole)

const toPosition = (side: number, lots: readonly Lot[]): Position => {
  let quantity = 0
  let ticks = 0
  let fees = 0
  for (const lot of lots) {
    quantity += lot.quantity
    ticks += lot.ticks * lot.quantity
    fees += lot.fee
  }
  return quantity === 0 ? flat : { quantity: side * quantity, lots, cost: side * ticks, fees }
}

/** Takes contracts from the oldest lots first. */
const take = (lots: readonly Lot[], quantity: number) => {
  let left = quantity
  let ticks = 0
  let fees = 0
  const rest: Lot[] = []
  for (const lot of lots) {
    const taken = Math.min(left, lot.quantity)
    const fee = shareOf(lot.fee, taken, lot.quantity)
    left -= taken
    ticks += taken * lot.ticks
    fees += fee
    if (taken < lot.quantity) rest.push({ ticks: lot.ticks, quantity: lot.quantity - taken, fee: lot.fee - fee })
  }
  return { ticks, fees, rest }
}

/**
 * Applies one deal: first in, first out. A deal larger than what it closes opens the rest on the other side, and its fee is
 * shared by contracts. `gross` = side · (exit − entry ticks) · tick value, exact while every price is on the grid.
 */
export const applyDeal = (
  spec: ContractSpec,
  position: Position,
  deal: Deal,
): { readonly position: Position; readonly closing?: Closing } => {
  const size = Math.abs(deal.quantity)
  const side = Math.sign(position.quantity)
  const closing = side * deal.quantity < 0 ? Math.min(Math.abs(position.quantity), size) : 0
  const exitFee = shareOf(deal.fee, closing, size)
  const { ticks, fees, rest } = take(position.lots, closing)
  const opening = size - closing
  const lots = opening > 0 ? [...rest, { ticks: deal.ticks, quantity: opening, fee: deal.fee - exitFee }] : rest
  const next = toPosition(opening > 0 ? Math.sign(deal.quantity) : side, lots)
  if (closing === 0) return { position: next }
  const gross = Math.round(side * (deal.ticks * closing - ticks) * spec.tickValue)
  return { position: next, closing: { quantity: closing, gross, fees: fees + exitFee } }
}

/** What is open at a price in ticks is worth against its cost, in Money and before fees. */
export const openGross = (spec: ContractSpec, { quantity, cost }: Position, ticks: number): Money =>
  Math.round((ticks * quantity - cost) * spec.tickValue)

/** The average price of what is open, in points; NaN when flat. */
export const averagePrice = (spec: ContractSpec, { quantity, cost }: Position): number => toPrice(spec, cost / quantity)

/** What closing at a price in ticks would leave of what is open, in Money: fees paid and those of getting out taken off. */
export const openNet = (spec: ContractSpec, position: Position, ticks: number, feesOut: Money): Money =>
  openGross(spec, position, ticks) - position.fees - feesOut
