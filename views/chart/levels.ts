import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { AccountReading } from '#src/domain/picture.ts'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { formatPrice } from '../format.ts'

/** A price of the plan or of a position, drawn over the bars with its words. */
export type PlanLevel = {
  readonly kind: 'zone' | 'stop' | 'target' | 'average'
  readonly low: number
  readonly high: number
  readonly label: string
  /** From this bar on, epoch ms. */
  readonly from?: number
}

const over: readonly string[] = ['stopped', 'target-2', 'invalid', 'expired']

const at = (kind: PlanLevel['kind'], price: number, label: string): PlanLevel => ({
  kind,
  low: price,
  high: price,
  label,
})

/** Zone, stop and targets of a card that is not over. */
export const planLevels = (card: FocusCard | undefined): readonly PlanLevel[] => {
  if (card?.bracket === undefined || over.includes(card.state)) return []
  const { zone, stop, target1, target2 } = card.bracket
  return [
    { kind: 'zone', ...zone, label: `${card.bias} zone`, ...(card.drawnAt !== undefined && { from: card.drawnAt }) },
    at('stop', stop, 'stop'),
    at('target', target1, 'TP1'),
    at('target', target2, 'TP2'),
  ]
}

const usualRanges = ['London opening range 15', 'New York opening range 15'] as const

/**
 * The opening ranges in play, as the chart calls them: those that the card's zone or a pattern in its case rests on, else
 * those of a quarter of an hour. The cards and the patterns at levels know New York's alone.
 */
export const rangesInPlay = (card: FocusCard | undefined): readonly string[] => {
  if (card === undefined) return usualRanges
  const said = [card.bracket?.level.name, ...card.why.agrees, ...card.why.disagrees].join('; ')
  const levels = [...said.matchAll(/opening range (\d+)/g)].map(([, minutes]) => `New York opening range ${minutes}`)
  const breakouts = [...said.matchAll(/first (\d+) minutes of (London|New York)/g)].map(
    ([, minutes, name]) => `${name} opening range ${minutes}`,
  )
  const ranges = new Set([...levels, ...breakouts])
  return ranges.size > 0 ? [...ranges] : usualRanges
}

/** What is held of a market, in each account. */
export const heldIn = (account: AccountReading | undefined, instrument: InstrumentId) =>
  account?.positions.filter((held) => held.instrument === instrument) ?? []

/** The average of each position, with its stop and target where orders rest. */
export const heldLevels = (account: AccountReading | undefined, instrument: InstrumentId): readonly PlanLevel[] =>
  heldIn(account, instrument).map(({ quantity, averagePrice, alias }) => {
    const side = quantity > 0 ? 'long' : 'short'
    const words = `${side} ${Math.abs(quantity)} ${alias} at ${formatPrice(instrument, averagePrice)}`
    return at('average', averagePrice, words)
  })
