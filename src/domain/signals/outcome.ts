import type { InstrumentId } from '../instruments/instrument.ts'
import { worstEdge } from './bracket.ts'
import type { Grade, QualityComponent, Side } from './focus-card.ts'
import { checklistOf } from './grade.ts'
import type { CardTransition, PlannedCard } from './transition.ts'

/** A card as it was drawn, with what its quality was made of where that is known. */
export type DrawnCard = Omit<PlannedCard, 'contract' | 'contracts'> & {
  readonly tradeDate: string
  readonly drawnAt: number
  readonly components: readonly QualityComponent[]
}

/**
 * What became of a card. It ends with what settles whether it was right: target-1 or stopped, whichever price came to first
 * after the entry; expired at flat-by; invalid where nobody entered. What happened after that is not looked at.
 */
export type CardOutcome = Pick<
  DrawnCard,
  'instrument' | 'tradeDate' | 'side' | 'quality' | 'drawnAt' | 'components'
> & {
  readonly cardId: string
  /** Absent where the components are not known. */
  readonly grade?: Grade
  /** When its entry traded; absent where it never did, and then the card counts in no bucket. Epoch ms. */
  readonly enteredAt?: number
  readonly endedAt: number
  readonly endedAs: 'target-1' | 'stopped' | 'expired' | 'invalid'
  readonly won: boolean
  /** From the middle of the zone to the price at its end, over the distance from the zone's worst edge to the stop; before costs. */
  readonly r?: number
}

/** A market's cards of one past trade date. */
export type MarketDate = { readonly instrument: InstrumentId; readonly tradeDate: string }

const ends: readonly CardTransition['to'][] = ['target-1', 'stopped', 'expired', 'invalid']
const isEnd = ({ to }: CardTransition): boolean => ends.includes(to)

const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)

/** What became of a card by its transitions in the order they happened; undefined while nothing is settled. */
export const outcomeOf = (card: DrawnCard, transitions: readonly CardTransition[]): CardOutcome | undefined => {
  const { id: cardId, instrument, tradeDate, side, quality, drawnAt, components } = card
  const end = transitions.find(isEnd)
  if (end === undefined) return undefined
  const entry = transitions.find(({ to }) => to === 'triggered')
  const risked = sign(side) * (worstEdge(card, side) - card.stop)
  return {
    ...{ cardId, instrument, tradeDate, side, quality, components, drawnAt },
    ...(components.length > 0 && { grade: checklistOf({ components }).grade }),
    ...(entry && { enteredAt: entry.at, r: (sign(side) * (end.price - entry.price)) / risked }),
    endedAt: end.at,
    endedAs: end.to as CardOutcome['endedAs'],
    won: end.to === 'target-1',
  }
}
