import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Money } from '#src/domain/money.ts'
import type { Allowance } from '#src/domain/risk/allowance.ts'
import { fitSize } from '#src/domain/risk/sizing.ts'
import type { Card } from '#src/domain/signals/card.ts'
import { isFinished, isRunning } from '#src/domain/signals/card-life.ts'
import type { Size } from '#src/domain/signals/focus-card.ts'
import type { Desk } from './desk.ts'

/** `known` once an account had been heard of. */
type Sized = { readonly id: string; readonly size: Size; readonly known: boolean }

type Options = {
  readonly allowance: () => Allowance
  /** Whether any account was heard of. */
  readonly isKnown: () => boolean
  readonly feeOf: (instrument: InstrumentId) => Money
  readonly changed: (instrument: InstrumentId) => void
}

/**
 * The cards' sizes as they stand: while a card waits, by what may still be lost now; from the moment its trade begins it is
 * what it was then, as the trade itself moves what is left. A trade found running is reckoned once, when accounts are heard of.
 */
export const createSizes = ({ allowance, isKnown, feeOf, changed }: Options) => {
  const sizes = new Map<InstrumentId, Sized>()

  const of = ({ spec, card }: Desk): Size | undefined => {
    const known = sizes.get(spec.id)
    return known !== undefined && known.id === card?.id ? known.size : card?.size
  }

  /** Whether a card's size may still change. */
  const isOpen = ({ id, life: { state } }: Card, known: Sized | undefined): boolean =>
    !isFinished(state) && !(isRunning(state) && known?.id === id && known.known)

  const reckon = (desk: Desk, card: Card, now: Allowance): void => {
    const { spec } = desk
    const drawn = { size: card.size, sizedBy: card.sizedBy, stopTicks: card.life.bracket.stopTicks }
    const size = fitSize(spec, drawn, now, feeOf(spec.id))
    const before = of(desk)
    sizes.set(spec.id, { id: card.id, size, known: isKnown() })
    if (before?.contracts !== size.contracts || before.riskPerContract !== size.riskPerContract) changed(spec.id)
  }

  return {
    of,
    /** Reckons the sizes that may still change. */
    look: (desks: readonly Desk[]): void => {
      const now = allowance()
      for (const desk of desks)
        if (desk.card !== undefined && isOpen(desk.card, sizes.get(desk.spec.id))) reckon(desk, desk.card, now)
    },
    /** What the dearest of the cards that are not over may lose, Money; where none fits, one contract of the cheapest. */
    planned: (desks: readonly Desk[]): Money => {
      const live = desks.flatMap((desk) => {
        const size = desk.card && !isFinished(desk.card.life.state) ? of(desk) : undefined
        return size === undefined ? [] : [size]
      })
      if (live.every(({ contracts }) => contracts === 0))
        return live.length === 0 ? 0 : Math.min(...live.map(({ riskPerContract }) => riskPerContract))
      return Math.max(...live.map(({ risk }) => risk))
    },
  }
}
