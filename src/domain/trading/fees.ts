import type { InstrumentId } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { Account, Fees } from './account.ts'
import type { Fill } from './fill.ts'
import type { Position } from './position.ts'

/** Whose commissions count, and our own table of them per side and contract. */
export type Terms = { readonly commission: Account['commission']; readonly fees: Fees }

/** What the books put in themselves: what was held before they began, and what the trader took over from the platform. */
export type Origin = 'execution' | 'carried' | 'adjustment'

/** Where a fill came from, by its id. */
export const originOf = ({ executionId }: Pick<Fill, 'executionId'>): Origin =>
  executionId.startsWith('carried:') ? 'carried' : executionId.startsWith('adjustment:') ? 'adjustment' : 'execution'

/**
 * What a fill cost, in Money: the settings' fee per contract or the platform's own commission, which falls back to the
 * settings, estimated, where the platform names none. What is no execution costs nothing and is always estimated.
 */
export const feeOf = (
  fill: Fill,
  { commission, fees }: Terms,
): { readonly fee: Money; readonly estimated: boolean } => {
  if (originOf(fill) !== 'execution') return { fee: 0, estimated: true }
  if (commission === 'platform' && fill.commission !== undefined) return { fee: fill.commission, estimated: false }
  return { fee: fees[fill.instrument] * fill.quantity, estimated: commission === 'platform' }
}

/** What getting out of a position will cost, in Money: by the settings, or as much as the platform took for getting in. */
export const exitFees = (position: Position, instrument: InstrumentId, { commission, fees }: Terms): Money =>
  commission === 'platform' && position.fees > 0 ? position.fees : fees[instrument] * Math.abs(position.quantity)
