import { specOf } from '../instruments/contract-spec.ts'
import type { Terms } from './fees.ts'
import type { Fill } from './fill.ts'
import { type Line, record } from './ledger.ts'

/** The lines of every holding that fills made, in the order the holdings began; each is folded from its first fill on. */
export const foldFills = (
  fills: readonly Fill[],
  termsOf: (account: string) => Terms,
): readonly (readonly Line[])[] => {
  const holdings = new Map<string, [Fill, ...Fill[]]>()
  for (const fill of fills) {
    const key = `${fill.account} ${fill.instrument} ${fill.contract}`
    const own = holdings.get(key)
    if (own === undefined) holdings.set(key, [fill])
    else own.push(fill)
  }
  return [...holdings.values()].map((own) => record(specOf(own[0].instrument), [], own, termsOf(own[0].account)))
}
