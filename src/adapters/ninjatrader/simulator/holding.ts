import type { OrderSide } from '#src/domain/trading/fill.ts'

/** A position of the platform: signed quantity, average price in points. */
export type Held = { readonly quantity: number; readonly averagePrice: number }

export const flat: Held = { quantity: 0, averagePrice: 0 }

/** Signed, bought positive. */
export const signed = (side: OrderSide, quantity: number): number => (side === 'buy' ? quantity : -quantity)

/**
 * A position after a fill of a signed quantity at a price, and the points it closed (price times contracts). Adding moves
 * the average, reducing keeps it, turning around starts at the fill's price: as NinjaTrader counts.
 */
export const afterFill = (
  held: Held,
  quantity: number,
  price: number,
): { readonly held: Held; readonly closed: number } => {
  const total = held.quantity + quantity
  if (held.quantity * quantity >= 0) {
    const paid = held.averagePrice * Math.abs(held.quantity) + price * Math.abs(quantity)
    return { held: { quantity: total, averagePrice: paid / Math.abs(total) }, closed: 0 }
  }
  const reduced = Math.min(Math.abs(held.quantity), Math.abs(quantity))
  const closed = (price - held.averagePrice) * reduced * Math.sign(held.quantity)
  if (total === 0) return { held: flat, closed }
  return { held: { quantity: total, averagePrice: total * held.quantity > 0 ? held.averagePrice : price }, closed }
}
