import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'

/** A price as one source has it, by the contract it means: 'MGC Z6'. */
type SourcedPrice = {
  readonly contract: string
  readonly price: number
  /** The exchange's time, where the source tells it, and the wall clock when it came; epoch ms. */
  readonly at?: number
  readonly receivedAt: number
}

/** Whether two sources agree on a market's price. */
export type Agreement = {
  /** Between the two when they were last compared; 0 before. */
  readonly ticksApart: number
  /** Wall clock since when they have been too far apart, epoch ms. */
  readonly disagreesSince?: number
  /** Whether they have been for too long. */
  readonly disagrees: boolean
  /** Both contracts, 'MGC Z6', where the sources do not mean the same one. */
  readonly contracts?: { readonly feed: string; readonly second: string }
}

export type Comparison = {
  readonly spec: ContractSpec
  readonly feed: SourcedPrice
  readonly second: SourcedPrice
  /** The wall clock, epoch ms. */
  readonly wall: number
}

const toleratedTicks = 2
const toleratedMs = 3_000
const freshMs = 5_000
/** A verdict stands this long without a new comparison. */
const verdictMs = 60_000

/** Starts without a comparison, which is no disagreement. */
export const startAgreement = (): Agreement => ({ ticksApart: 0, disagrees: false })

const isFresh = ({ receivedAt }: SourcedPrice, wall: number): boolean => wall - receivedAt <= freshMs

/** A delayed source is new all the time and always apart. */
const areOfOneMoment = ({ feed, second }: Comparison): boolean =>
  feed.at === undefined || second.at === undefined || Math.abs(feed.at - second.at) <= freshMs

const isComparable = (comparison: Comparison): boolean =>
  isFresh(comparison.feed, comparison.wall) && isFresh(comparison.second, comparison.wall) && areOfOneMoment(comparison)

/**
 * Compares the feed's price with the second source's. They disagree when more than 2 ticks apart for more than 3 s, and at
 * once when they are that far apart because each means another contract. While either price is older than 5 s nothing is
 * compared and the verdict stands, for a minute at most.
 */
export const comparePrices = (state: Agreement, comparison: Comparison): Agreement => {
  const { spec, feed, second, wall } = comparison
  if (!isComparable(comparison))
    return wall - Math.min(feed.receivedAt, second.receivedAt) > verdictMs ? startAgreement() : state
  const ticksApart = Math.abs(toTicks(spec, feed.price) - toTicks(spec, second.price))
  const sameContract = feed.contract === second.contract
  const contracts = sameContract ? {} : { contracts: { feed: feed.contract, second: second.contract } }
  if (ticksApart <= toleratedTicks) return { ticksApart, disagrees: false, ...contracts }
  const disagreesSince = state.disagreesSince ?? wall
  const disagrees = !sameContract || wall - disagreesSince > toleratedMs
  return { ticksApart, disagreesSince, disagrees, ...contracts }
}
