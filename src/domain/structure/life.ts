import type { Bar } from '../market/bar.ts'

/**
 * Where a zone or a level stands. `formed`, `touched` and `mitigated` are open; `filled`, `swept` and `broken` end it.
 * Touched: price traded into it (a gap) or beyond it (a pool). Mitigated: price came back to it (a block).
 */
type Life = 'formed' | 'touched' | 'mitigated' | 'filled' | 'swept' | 'broken'

/** An item's life. Every instant is the open time (epoch ms) of the bar that made it known. */
export type Living = {
  readonly knownAt: number
  readonly life: Life
  /** Since when it stands so. */
  readonly lifeAt: number
  /** When price first came to it, undefined until then (there from the start, so that items of a kind keep one shape). */
  readonly touchedAt?: number | undefined
}

/** An item whose life has ended; `until` is the open time of the bar that ended it. */
export type Finished<Item> = Item & { readonly until: number }

/** How many finished items stay readable. */
export const keptFinished = 50

/** The life of an item that a bar made known. */
export const formedAt = (at: number): Living => ({ knownAt: at, life: 'formed', lifeAt: at, touchedAt: undefined })

/** Prices, points, between which nothing of a list changes: most bars stay there, and the list need not be looked through. */
export type Calm = { readonly low: number; readonly high: number }

/** Whether a bar trades neither edge. */
export const isCalm = ({ low, high }: Calm, bar: Pick<Bar, 'low' | 'high'>): boolean => bar.low > low && bar.high < high

/** The newest `kept` of a list with more behind it; the list itself when there is nothing more. */
export const append = <Item>(list: readonly Item[], more: readonly Item[], kept: number): readonly Item[] => {
  if (more.length === 0) return list
  const over = list.length + more.length - kept
  return [...(over > 0 ? list.slice(over) : list), ...more]
}
