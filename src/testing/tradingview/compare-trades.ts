import type { Listed } from './trade-list.ts'

/** In what two lists agree and where they do not. */
export type Agreement = {
  readonly theirs: number
  readonly ours: number
  /** Trades alike in both times, both prices, the quantity, and in dollars and percent as far as the list prints them. */
  readonly equal: number
  /** Of those the trades that were at best and at worst alike as well. */
  readonly excursions: number
  readonly onlyTheirs: readonly Listed[]
  readonly onlyOurs: readonly Listed[]
}

/** What arithmetic on doubles may leave behind. */
const tolerance = 1e-9

const isNear = (a: number, b: number, unit = 0): boolean => Math.abs(a - b) <= unit / 2 + tolerance

const isSame = (theirs: Listed, ours: Listed): boolean =>
  theirs.side === ours.side &&
  theirs.left === ours.left &&
  isNear(theirs.entry, ours.entry) &&
  isNear(theirs.exit, ours.exit) &&
  isNear(theirs.quantity, ours.quantity) &&
  isNear(theirs.net, ours.net, theirs.unit) &&
  isNear(theirs.made, ours.made, 0.01)

/** Holds our trades against a list; each of ours stands for one of theirs. */
export const compareTrades = (theirs: readonly Listed[], ours: readonly Listed[]): Agreement => {
  const entered = new Map<number, Listed[]>()
  for (const trade of ours) entered.set(trade.entered, [...(entered.get(trade.entered) ?? []), trade])
  let excursions = 0
  const onlyTheirs = theirs.filter((trade) => {
    const same = entered.get(trade.entered) ?? []
    const at = same.findIndex((each) => isSame(trade, each))
    const [found] = at === -1 ? [] : same.splice(at, 1)
    if (found !== undefined && isNear(trade.best, found.best, 0.01) && isNear(trade.worst, found.worst, 0.01))
      excursions++
    return found === undefined
  })
  return {
    theirs: theirs.length,
    ours: ours.length,
    equal: theirs.length - onlyTheirs.length,
    excursions,
    onlyTheirs,
    onlyOurs: [...entered.values()].flat(),
  }
}
