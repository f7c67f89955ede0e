import { type Bar, type Finality, minuteMs } from '#src/domain/market/bar.ts'
import type { Card } from '#src/domain/signals/card.ts'
import {
  advance,
  type CardLife,
  isRunning,
  type LifeStep,
  type PriceStep,
  retellCard,
  stepCard,
} from '#src/domain/signals/card-life.ts'
import type { CardState } from '#src/domain/signals/focus-card.ts'

/** What is on record of a card up to an instant and was not yet told: a minute seen trade by trade is not guessed from its bar. */
export type Told = (cardId: string, until: number) => readonly LifeStep[]

/** Of the minute in which a position was opened nobody knows what came after: the stop counts, a target only at its end. */
const afterEntry = ({ state, since, side }: CardLife, step: PriceStep): PriceStep => {
  if (!isRunning(state) || since <= step.at - minuteMs) return step
  return side === 'long' ? { ...step, high: step.last } : { ...step, low: step.last }
}

type Options = {
  readonly entriesAllowedAt: (at: number) => boolean
  readonly onLife: (card: Card, from: CardState, steps: readonly LifeStep[], at: number) => void
}

/** Creates what holds the card of one market and lets it live with the price. Times are epoch ms, prices points. */
export const createHeldCard = ({ entriesAllowedAt, onLife }: Options) => {
  let held: Card | undefined
  /** The held card's life runs ahead of it: a price that changes no state must not cost a new card. */
  let life: CardLife | undefined
  let today = 0

  const cardNow = (): Card | undefined => {
    if (held !== undefined && life !== undefined && held.life !== life) held = { ...held, life }
    return held
  }

  const hold = (next: Card | undefined): void => {
    held = next
    life = next?.life
  }

  const change = (steps: readonly LifeStep[], step: PriceStep): void => {
    if (life === undefined) return
    const from = life.state
    life = advance(life, steps, step)
    if (steps.length === 0) return
    const card = cardNow()
    if (card !== undefined) onLife(card, from, steps, step.at)
  }

  const live = (step: PriceStep, finality: Finality = 'live', told?: Told): void => {
    if (held === undefined || life === undefined || held.version === 0) return
    // A bar from history holds more than was seen at the time, so it alone is read anew. Its changes carry its last instant.
    const seen = finality === 'live' || finality === 'partial'
    const recorded = told?.(held.id, seen ? step.at - 1 : step.at)
    if (recorded !== undefined && seen) change(retellCard(life, recorded, step), step)
    else change(stepCard(life, seen ? step : afterEntry(life, step)), step)
  }

  return {
    live,
    get card() {
      return cardNow()
    },
    get life() {
      return life
    },
    get isEmpty() {
      return held === undefined
    },
    /** How many cards were drawn here today, drafts not counted. */
    get today() {
      return today
    },
    place: (next: Card | undefined): void => {
      if (next !== undefined && next.version > 0 && held?.id !== next.id) today++
      hold(next)
    },
    newDay: (): void => {
      hold(undefined)
      today = 0
    },
    /** What a minute nobody watched did to the card, told no earlier than what is known of it: never the kinder way. */
    liveMissed: ({ time, high, low }: Bar): void => {
      const end = time + minuteMs
      if (life === undefined || held === undefined || held.drawnAt >= end) return
      if (isRunning(life.state) && life.since >= end) return
      const at = Math.max(end, life.since)
      live({ at, high, low, last: life.last, entriesAllowed: entriesAllowedAt(time) }, 'history')
    },
    /** The card changes by the clock or by judgement instead of by price. */
    end: (to: 'invalid' | 'expired', cause: NonNullable<LifeStep['cause']>, at: number): void => {
      if (life === undefined) return
      const price = life.last
      change([{ to, price, cause }], { at, high: price, low: price, last: price, entriesAllowed: false })
    },
  }
}
