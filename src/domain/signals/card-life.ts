import { zoneMiddle } from './bracket.ts'
import type { Bracket, CardState, Side } from './focus-card.ts'
import { parameters as p } from './parameters.ts'
import type { CardTransition } from './transition.ts'

/** What price did since the step before: one trade (all three the same) or a whole bar. */
export type PriceStep = {
  readonly at: number
  readonly high: number
  readonly low: number
  readonly last: number
  /** Whether a new position may be opened at this instant. */
  readonly entriesAllowed: boolean
}

export type CardLife = {
  readonly side: Side
  readonly bracket: Bracket
  readonly state: CardState
  readonly since: number
  /** The price before the next step: what lies between was traded through. */
  readonly last: number
}

/** A change of state and the price that made it. */
export type LifeStep = {
  readonly to: CardState
  readonly price: number
  readonly cause?: NonNullable<CardTransition['cause']>
  /** Market time of the change, where it is known more closely than the step's. */
  readonly at?: number
}

const finished: readonly CardState[] = ['target-2', 'stopped', 'invalid', 'expired']
const running: readonly CardState[] = ['triggered', 'target-1']

/** Nothing can happen to the card any more. */
export const isFinished = (state: CardState): boolean => finished.includes(state)
/** The entry was traded; the card now lives between stop and targets. */
export const isRunning = (state: CardState): boolean => running.includes(state)

/** Points between a price and the zone; 0 inside. */
export const zoneDistance = ({ zone }: Pick<Bracket, 'zone'>, price: number): number =>
  Math.max(zone.low - price, price - zone.high, 0)

/** Where an untriggered card stands at a price: in the zone, near it (0.5 ATR), or watching. */
export const approachAt = (bracket: Bracket, price: number): 'in-zone' | 'near' | 'watching' => {
  const distance = zoneDistance(bracket, price)
  return distance === 0 ? 'in-zone' : distance <= p.nearReach * bracket.atr ? 'near' : 'watching'
}

const touchesStop = ({ side, bracket }: CardLife, { high, low }: PriceStep): boolean =>
  side === 'long' ? low <= bracket.stop : high >= bracket.stop

const reaches = ({ side }: CardLife, { high, low }: PriceStep, target: number): boolean =>
  side === 'long' ? high >= target : low <= target

const stepWaiting = (life: CardLife, step: PriceStep): readonly LifeStep[] => {
  const { bracket, last } = life
  const middle = zoneMiddle(bracket)
  const through = Math.min(last, step.low) <= middle && middle <= Math.max(last, step.high)
  const stopped = touchesStop(life, step)
  if (step.entriesAllowed && through) {
    const entry: LifeStep = { to: 'triggered', price: middle }
    // Within one bar nobody knows what came first, so the stop is taken to have: never the kinder reading.
    return stopped ? [entry, { to: 'stopped', price: bracket.stop }] : [entry]
  }
  if (stopped) return [{ to: 'invalid', price: bracket.stop, cause: 'stop-before-entry' }]
  const to = approachAt(bracket, step.last)
  return to === life.state ? [] : [{ to, price: step.last }]
}

const stepRunning = (life: CardLife, step: PriceStep): readonly LifeStep[] => {
  const { bracket, state } = life
  if (touchesStop(life, step)) return [{ to: 'stopped', price: bracket.stop }]
  const first: LifeStep[] =
    state === 'triggered' && reaches(life, step, bracket.target1) ? [{ to: 'target-1', price: bracket.target1 }] : []
  const second: LifeStep[] =
    (state === 'target-1' || first.length > 0) && reaches(life, step, bracket.target2)
      ? [{ to: 'target-2', price: bracket.target2 }]
      : []
  return [...first, ...second]
}

/** The changes of state one price step makes, in order; pessimistic wherever a bar hides the order of its prices. */
export const stepCard = (life: CardLife, step: PriceStep): readonly LifeStep[] =>
  isFinished(life.state) ? [] : isRunning(life.state) ? stepRunning(life, step) : stepWaiting(life, step)

/**
 * The changes of a minute that was seen trade by trade and is lived again: those on record, then where the minute left a
 * card that still waits, because the record keeps only the first time of each state.
 */
export const retellCard = (
  { bracket, state: before }: CardLife,
  recorded: readonly LifeStep[],
  { last }: Pick<PriceStep, 'last'>,
): readonly LifeStep[] => {
  const state = recorded.at(-1)?.to ?? before
  const to = approachAt(bracket, last)
  return isRunning(state) || isFinished(state) || to === state ? recorded : [...recorded, { to, price: last }]
}

/** The card after its changes of state. */
export const advance = (
  { side, bracket, state, since }: CardLife,
  steps: readonly LifeStep[],
  { at, last }: Pick<PriceStep, 'at' | 'last'>,
): CardLife => {
  const newest = steps.at(-1)
  return newest === undefined
    ? { side, bracket, state, since, last }
    : { side, bracket, state: newest.to, since: newest.at ?? at, last }
}
