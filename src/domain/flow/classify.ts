import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Quote, Tick } from '../market/tick.ts'

/** Whether trades could be judged by who crossed the spread: told by the venue or seen by a quote, or only estimated. */
export type FlowBasis = 'quotes' | 'estimated'

/** The trade before, in ticks, and who was taken for its aggressor. */
export type TradeBefore = { readonly ticks: number; readonly side: Tick['aggressor'] }

/** Who crossed the spread, undefined where nothing tells. */
type Aggression = { readonly side: Tick['aggressor']; readonly basis: FlowBasis }

/** A quote stands until the next one, but an open market quotes oftener than this: an older one is of a line gone dead. */
const oldestQuoteMs = 10_000

/** A quote to judge a trade by: of its instant or before, not too old, neither locked nor crossed. */
const isStanding = ({ eventTime, bid, ask }: Quote, at: number): boolean =>
  eventTime <= at && at - eventTime <= oldestQuoteMs && bid < ask

const byQuote = (spec: ContractSpec, ticks: number, { bid, ask }: Quote): Tick['aggressor'] =>
  ticks >= toTicks(spec, ask) ? 'buy' : ticks <= toTicks(spec, bid) ? 'sell' : undefined

const byTick = (ticks: number, before: TradeBefore | undefined): Tick['aggressor'] =>
  before === undefined || ticks === before.ticks ? before?.side : ticks > before.ticks ? 'buy' : 'sell'

/**
 * Who made a trade happen: as the venue says; else the quote rule (at or above the ask a buyer, at or below the bid a
 * seller) with a quote of the same instant or at most 10 s before; inside the spread, and without such a quote, the tick
 * rule (above the trade before a buyer, below it a seller, level with it the same as that one). Only what had no quote is
 * 'estimated'; the first trade without anything to compare with has no side. Source: Lee and Ready (1991), "Inferring
 * Trade Direction from Intraday Data".
 */
export const classify = (
  spec: ContractSpec,
  { eventTime, price, aggressor }: Pick<Tick, 'eventTime' | 'price' | 'aggressor'>,
  quote: Quote | undefined,
  before: TradeBefore | undefined,
): Aggression => {
  if (aggressor !== undefined) return { side: aggressor, basis: 'quotes' }
  const ticks = toTicks(spec, price)
  const standing = quote !== undefined && isStanding(quote, eventTime) ? quote : undefined
  const told = standing && byQuote(spec, ticks, standing)
  return { side: told ?? byTick(ticks, before), basis: standing === undefined ? 'estimated' : 'quotes' }
}
