import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { PositionReading } from '../picture.ts'
import type { Bracket, FocusCard } from '../signals/focus-card.ts'
import type { Position } from './position.ts'

type Linked = {
  readonly spec: ContractSpec
  readonly position: Position
  readonly card: FocusCard
  /** Stops in points: the one it began with, where that is known, and the one that stands now. */
  readonly startStop?: number | undefined
  readonly stop?: number | undefined
}

type Word = { readonly words: string; readonly agrees: boolean }

/** Where the average entry is against the zone; on the stop's side of it the price was better than planned. */
const entryWord = ({ spec, position }: Linked, { zone, stop }: Bracket): Word => {
  const side = Math.sign(position.quantity)
  const entry = position.cost / position.quantity
  const [near, far] = side > 0 ? [zone.high, zone.low] : [zone.low, zone.high]
  if (side * (entry - toTicks(spec, near)) > 0) return { words: 'entered worse than its zone', agrees: false }
  if (side * (entry - toTicks(spec, far)) >= 0) return { words: 'in its zone', agrees: true }
  if (side * (entry - toTicks(spec, stop)) <= 0) return { words: 'entered beyond its stop', agrees: false }
  return { words: 'entered better than its zone', agrees: true }
}

/** Anything from what the plan starts with to what it ends with is as planned. */
const sizeWord = ({ position, card }: Linked): Word | undefined => {
  const held = Math.abs(position.quantity)
  if (card.size === undefined) return undefined
  const { contracts, startWith } = card.size
  if (held > contracts) return { words: `larger than planned: ${held} of ${contracts}`, agrees: false }
  return held < startWith
    ? { words: `smaller than planned: ${held} of ${startWith}`, agrees: true }
    : { words: 'size as planned', agrees: true }
}

const isAsPlanned = (spec: ContractSpec, startStop: number | undefined, { stop }: Bracket): boolean =>
  startStop === undefined || toTicks(spec, startStop) === toTicks(spec, stop)

/** The stop against the one the trade began with, which is the card's where none was seen. */
const stopWord = ({ spec, position, stop, startStop }: Linked, bracket: Bracket): Word | undefined => {
  if (stop === undefined) return undefined
  const moved = Math.sign(position.quantity) * (toTicks(spec, stop) - toTicks(spec, startStop ?? bracket.stop))
  if (moved === 0)
    return { words: isAsPlanned(spec, startStop, bracket) ? 'stop as planned' : 'stop not moved', agrees: true }
  if (moved > 0) return { words: 'stop moved toward profit', agrees: true }
  return { words: startStop === undefined ? 'stop farther than planned' : 'stop moved away', agrees: false }
}

/**
 * What the plan says of a position, in words: its card is the one of the same instrument and contract. `agrees` while
 * nothing speaks against it.
 */
export const linkCard = (linked: Linked): NonNullable<PositionReading['card']> => {
  const { position, card } = linked
  const { id, bias, bracket } = card
  if (bias === 'neutral' || bracket === undefined) return { id, words: ['its card is neutral'], agrees: false }
  if ((bias === 'long') !== position.quantity > 0) return { id, words: ['other side than its card'], agrees: false }
  const found = [entryWord(linked, bracket), sizeWord(linked), stopWord(linked, bracket)].filter(
    (word) => word !== undefined,
  )
  const agrees = found.every((word) => word.agrees)
  // What speaks against it first.
  const words = found.toSorted((a, b) => Number(a.agrees) - Number(b.agrees)).map((word) => word.words)
  return { id, words, agrees }
}
