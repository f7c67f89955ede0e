import { directionalRatio, readWaves } from '../waves/wave-dominance.ts'
import { isFinished, isRunning, zoneDistance } from './card-life.ts'
import type { Action, Bracket, CardState, Reason, Side, Size } from './focus-card.ts'
import type { Judgement } from './judgement.ts'
import { parameters as p } from './parameters.ts'
import { momentumOf } from './quality.ts'

/** A card with a bracket, as far as the action word needs it. */
export type ActingCard = {
  readonly side: Side
  readonly bracket: Bracket
  readonly size: Size
  readonly state: CardState
}

export type Acting = { readonly action: Action; readonly reason: Reason }

const wait = (reason: Reason): Acting => ({ action: 'wait', reason })
const skip = (reason: Reason): Acting => ({ action: 'skip', reason })

const holdsBack = ({ side }: ActingCard, judgement: Judgement): Reason | undefined => {
  const { reading } = judgement
  const waves = readWaves(directionalRatio(reading.frame.waves.waveRatio, side))
  const momentum = momentumOf(reading, side)
  const agrees = momentum === 'with' || momentum === 'on'
  if (judgement[side].score < p.tradeQuality) return 'quality-too-low'
  if (momentum === 'against' || (waves === 'with' && !agrees)) return 'momentum-against'
  if (waves === 'neutral' && reading.frame.shift?.side !== side) return 'needs-break'
  return undefined
}

const byPrice = ({ side, bracket }: ActingCard, price: number): Acting => {
  const distance = zoneDistance(bracket, price)
  if (distance === 0) return { action: 'enter', reason: 'price-in-zone' }
  const beyond = side === 'long' ? price > bracket.zone.high : price < bracket.zone.low
  return beyond && distance <= p.zoneReach * bracket.atr
    ? { action: 'limit', reason: 'price-beyond-zone' }
    : wait('nothing-near')
}

/** What stands between a card and an entry, whatever the card says: the gate, its market's own news, or a price that fell silent. */
export type Barrier = Extract<Reason, 'gate-closed' | 'news-due' | 'price-stale'>

/** What to do with a card at a price, first rule that applies. */
export const actOn = (card: ActingCard, judgement: Judgement, price: number, barrier?: Barrier): Acting => {
  if (isFinished(card.state)) return skip('finished')
  if (isRunning(card.state)) return wait('trade-running')
  if (judgement.excluded) return skip('too-volatile')
  if (card.size.contracts === 0) return skip(card.size.heldBack ? 'too-little-left' : 'stop-too-wide')
  const held = holdsBack(card, judgement)
  if (held !== undefined) return wait(held)
  return barrier === undefined ? byPrice(card, price) : wait(barrier)
}

/** What to do with a market that has no card. */
export const actWithoutCard = ({ excluded, reading, better }: Judgement): Acting => {
  if (!reading.warm) return wait('warming-up')
  if (excluded) return skip('too-volatile')
  const waves = readWaves(directionalRatio(reading.frame.waves.waveRatio, better))
  return wait(waves === 'against' ? 'waves-against' : 'no-bias')
}
