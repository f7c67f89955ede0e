import type { OrderSide } from '#src/domain/trading/fill.ts'
import type { Order, OrderType } from '#src/domain/trading/order.ts'

/** An order as it is written on the wire; `account` is told beside it. */
export type PlatformOrder = Omit<Order, 'instrument' | 'contract' | 'at'> & { readonly instrument: string }

export type OrderWish = {
  readonly account: string
  readonly instrument: string
  readonly side: OrderSide
  readonly type: OrderType
  readonly quantity: number
  readonly limitPrice?: number
  readonly stopPrice?: number
  readonly oco?: string
  readonly name: string
}

export type PlatformExecution = {
  readonly account: string
  readonly executionId: string
  readonly orderId: string
  readonly orderName: string
  readonly instrument: string
  readonly side: OrderSide
  readonly quantity: number
  readonly price: number
  /** Dollars. */
  readonly commission: number
  /** Epoch ms of the platform's clock. */
  readonly at: number
}

/** What the platform raises, in this order for a fill: the order, the execution, and a moment later the position. */
export type PlatformListener = {
  readonly onOrder?: (order: PlatformOrder) => void
  readonly onExecution?: (execution: PlatformExecution) => void
  readonly onPositions?: (account: string) => void
}
