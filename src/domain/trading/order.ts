import type { Holding, OrderSide } from './fill.ts'

export const orderTypes = ['market', 'limit', 'stop-market', 'stop-limit', 'mit'] as const
export type OrderType = (typeof orderTypes)[number]

export const orderStates = [
  'submitted',
  'accepted',
  'working',
  'change-pending',
  'cancel-pending',
  'part-filled',
  'filled',
  'cancelled',
  'rejected',
  'unknown',
] as const
export type OrderState = (typeof orderStates)[number]

const finalStates: readonly OrderState[] = ['filled', 'cancelled', 'rejected']

/** Whether nothing more can happen to an order; an unknown one may still fill. */
export const isFinal = (state: OrderState): boolean => finalStates.includes(state)

/** An order as the platform last told it. Prices in points. */
export type Order = Holding & {
  readonly orderId: string
  readonly name: string
  readonly side: OrderSide
  readonly type: OrderType
  readonly quantity: number
  readonly filled: number
  readonly averagePrice?: number
  readonly limitPrice?: number
  readonly stopPrice?: number
  /** Orders of one group cancel each other. */
  readonly oco?: string
  readonly state: OrderState
  /** Why it was rejected, in the platform's words. */
  readonly reason?: string
  /** Where it rests: with the broker it survives this machine, in the platform it dies with it. */
  readonly where: 'broker' | 'platform' | 'unknown'
  readonly at: number
}
