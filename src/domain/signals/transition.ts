import type { InstrumentId } from '../instruments/instrument.ts'
import type { CardState, Side } from './focus-card.ts'

/** A card's change of state, stamped with the market time at which the price did it. */
export type CardTransition = {
  readonly cardId: string
  readonly instrument: InstrumentId
  readonly tradeDate: string
  readonly side: Side
  readonly from: CardState
  readonly to: CardState
  readonly at: number
  readonly price: number
  /** Why, where the state alone does not say: 'bias-lost', 'flat-by'. */
  readonly cause?: 'bias-lost' | 'stop-before-entry' | 'flat-by' | 'excluded' | 'left-behind'
}

/** Something the trader should hear about; kept until acknowledged. */
export type AlertKind = 'card' | 'plan' | 'feed' | 'account'

/** `key` is unique for ever, so raising the same alert twice leaves one. */
export type NewAlert = {
  readonly key: string
  readonly kind: AlertKind
  readonly severity: 'quiet' | 'notice' | 'urgent'
  readonly instrument?: InstrumentId
  readonly at: number
  readonly text: string
}

/** `id` ascends in the order alerts were stored. */
export type Alert = NewAlert & { readonly id: number; readonly acknowledgedAt?: number }

/** The day's plan as stored: append-only, each version hashed over its content and the hash before it. */
export type PlanVersion = {
  readonly tradeDate: string
  readonly version: number
  readonly hash: string
  readonly previousHash?: string
  readonly drawnAt: number
  readonly reason: 'freeze' | 'redrawn'
  readonly cards: readonly PlannedCard[]
}

/** What a plan version fixes of one card. */
export type PlannedCard = {
  readonly id: string
  readonly instrument: InstrumentId
  readonly contract: string
  readonly side: Side
  readonly zone: { readonly low: number; readonly high: number }
  readonly stop: number
  readonly target1: number
  readonly target2: number
  readonly contracts: number
  readonly quality: number
}
