import { createHash } from 'node:crypto'
import type { MinuteFlow } from '#src/domain/flow/minute-flow.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { PhaseBoundaries } from '#src/domain/instruments/phase.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Money } from '#src/domain/money.ts'
import type { Limits } from '#src/domain/risk/limits.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { type CardOutcome, type DrawnCard, outcomeOf } from '#src/domain/signals/outcome.ts'
import type { CardTransition, PlanVersion } from '#src/domain/signals/transition.ts'
import { createEngine } from '#src/engine/engine.ts'
import { deafOutbox } from '#src/engine/floor.ts'

export type ShadowOptions = {
  readonly instrument: InstrumentId
  readonly fronts: Fronts
  readonly boundaries: PhaseBoundaries
  readonly accountSize: Money
  readonly limits: Limits
}

const source = 'stored bars'
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Creates the engine that runs live, deaf to the world, for one market: it is given the past and then days to live, and
 * answers what became of the cards it drew. A minute hides the order of its prices as it does live: the stop is taken to
 * have come first.
 */
export const createShadow = ({ instrument, fronts, boundaries, accountSize, limits }: ShadowOptions) => {
  let now = 0
  let drawn: readonly DrawnCard[] = []
  let transitions: readonly CardTransition[] = []

  /** The parts of the quality are told by the card alone, at the moment it is drawn. */
  const draw = ({ tradeDate, drawnAt, cards }: PlanVersion): void => {
    const { components } = (engine.read(`focus:${instrument}`) as FocusCard).quality
    for (const { contract: _, contracts: __, ...card } of cards)
      if (drawn.every(({ id }) => id !== card.id)) drawn = [...drawn, { ...card, tradeDate, drawnAt, components }]
  }

  const engine = createEngine({
    instruments: [instrument],
    clock: { now: () => now, wall: () => now, speed: 1 },
    source,
    live: false,
    status: () => ({ mode: 'REPLAY', grain: 'bar', refused: {}, connections: 0 }),
    fronts,
    boundaries,
    accountSize,
    limits,
    floor: deafOutbox,
    hash: sha256,
    // Nobody is shown its cards.
    method: { code: '', parameters: '' },
    outbox: {
      onPlan: draw,
      onTransition: (transition) => {
        transitions = [...transitions, transition]
      },
      onBar: () => {},
      onAlert: () => {},
      onDoubt: () => {},
      onReload: () => {},
      onGate: () => {},
      onDirty: () => {},
    },
  })

  return {
    /** Bars before or after a day's cards, oldest first. */
    warm: (bars: readonly Bar[]): void => engine.load(instrument, bars),
    /** Who crossed the spread in minutes whose bars are told after it. */
    learnFlows: (flows: readonly MinuteFlow[]): void => engine.learnFlows(instrument, flows),
    /** Lives [from, to), whole minutes in epoch ms, with the bars that begin in it. */
    live: (bars: readonly Bar[], from: number, to: number): void => {
      now = to
      const told = bars.map((bar) => {
        const asOf = bar.time + minuteMs
        return { ...bar, instrument, asOf, source, finality: 'history' } as const
      })
      engine.recover(told, { from, now: to, alertsSince: Number.POSITIVE_INFINITY })
    },
    /** The cards drawn since the last time this was asked, what happened to them, and what became of each that is settled. */
    take: (): {
      readonly cards: readonly DrawnCard[]
      readonly outcomes: readonly CardOutcome[]
      readonly transitions: readonly CardTransition[]
    } => {
      const happened = transitions
      const cards = drawn
      const outcomes = drawn.flatMap((card) => {
        const own = happened.filter(({ cardId }) => cardId === card.id)
        return outcomeOf(card, own) ?? []
      })
      transitions = []
      drawn = []
      return { cards, outcomes, transitions: happened }
    },
  }
}

export type Shadow = ReturnType<typeof createShadow>
