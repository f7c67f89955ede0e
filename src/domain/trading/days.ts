import type { ClosedDay } from '../risk/headroom.ts'
import { netOf } from './day.ts'
import type { Line } from './ledger.ts'

/** What each trade date closed, Money, the oldest first; a date on which nothing was closed is absent. */
export const daysOf = (lines: readonly Line[]): readonly ClosedDay[] => {
  const nets = new Map<string, number>()
  for (const line of lines)
    if (line.closing !== undefined) nets.set(line.tradeDate, (nets.get(line.tradeDate) ?? 0) + netOf(line))
  return [...nets]
    .map(([tradeDate, net]) => ({ tradeDate, net }))
    .sort((a, b) => a.tradeDate.localeCompare(b.tradeDate))
}
