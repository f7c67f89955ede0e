import type { Money } from '../money.ts'
import type { PastDay } from '../risk/rehearsal.ts'
import { netOf } from './day.ts'
import type { Terms } from './fees.ts'
import type { Fill } from './fill.ts'
import { foldFills } from './fold-fills.ts'

/** What was closed at an instant (epoch ms) of a trade date; net in Money, the fees of both sides taken off. */
export type Result = { readonly tradeDate: string; readonly at: number; readonly net: Money }

/** What the fills of one account closed, in order of time; each contract is folded from its first fill on. */
export const resultsOf = (fills: readonly Fill[], terms: Terms): readonly Result[] =>
  foldFills(fills, () => terms)
    .flat()
    .filter(({ closing }) => closing !== undefined)
    .map((line) => ({ tradeDate: line.tradeDate, at: line.fill.at, net: netOf(line) }))
    .sort((a, b) => a.at - b.at)

/**
 * The days on which something was closed, the oldest first, of results in order of time. How far up and down a day had been
 * is known at those moments alone: what was open in between may have gone further.
 */
export const pastDaysOf = (results: readonly Result[]): readonly Required<PastDay>[] => {
  const days = new Map<string, Required<PastDay>>()
  for (const { tradeDate, net: made } of results) {
    const { net: before, worst, best } = days.get(tradeDate) ?? { net: 0, worst: 0, best: 0 }
    const net = before + made
    days.set(tradeDate, { tradeDate, net, worst: Math.min(worst, net), best: Math.max(best, net) })
  }
  return [...days.values()].sort((a, b) => (a.tradeDate < b.tradeDate ? -1 : 1))
}
