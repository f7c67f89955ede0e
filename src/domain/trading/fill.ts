import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'

export type OrderSide = 'buy' | 'sell'

/** One delivery month of a market in one account; `contract` is yyyymm. Two months are two positions. */
export type Holding = { readonly account: string; readonly instrument: InstrumentId; readonly contract: number }

/** An execution as the platform reported it: bought or sold `quantity` (> 0) at `price` (points, on the tick grid). */
export type Fill = Holding & {
  /** The platform's ExecutionId: the same execution told twice has the same. */
  readonly executionId: string
  readonly orderId: string
  readonly orderName: string
  readonly side: OrderSide
  readonly quantity: number
  readonly price: number
  /** Epoch ms of the platform's clock. */
  readonly at: number
  /** What the platform charged for it, where it says so; our own fees are in the account's settings. */
  readonly commission?: Money
}
