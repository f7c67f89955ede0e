import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { toTicks } from '#src/domain/instruments/ticks.ts'
import type { OrderSide } from '#src/domain/trading/fill.ts'
import type { OrderType } from '#src/domain/trading/order.ts'

/** What fills by itself: nothing, market orders at the last price, or resting orders as well. */
export type Auto = 'none' | 'market' | 'all'

export type Quote = { readonly last: number; readonly bid?: number | undefined; readonly ask?: number | undefined }

type Resting = {
  readonly side: OrderSide
  readonly type: OrderType
  readonly limitPrice?: number
  readonly stopPrice?: number
}

/**
 * The price an order fills at when this price is seen, in points; undefined when it does not. A market order takes the
 * other side of the book; a stop is hit at or beyond its price and pays what is there; a limit needs a tick through.
 */
export const fillPrice = (order: Resting, quote: Quote, spec: ContractSpec, auto: Auto): number | undefined => {
  const market = (order.side === 'buy' ? quote.ask : quote.bid) ?? quote.last
  if (order.type === 'market') return auto === 'none' ? undefined : market
  if (auto !== 'all') return undefined
  const way = order.side === 'buy' ? 1 : -1
  const beyond = (price: number): number => way * (toTicks(spec, quote.last) - toTicks(spec, price))
  if (order.type === 'stop-market') return beyond(order.stopPrice ?? Number.NaN) >= 0 ? quote.last : undefined
  if (order.type === 'stop-limit' && !(beyond(order.stopPrice ?? Number.NaN) >= 0)) return undefined
  return beyond(order.limitPrice ?? Number.NaN) < 0 ? order.limitPrice : undefined
}
