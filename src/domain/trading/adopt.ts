import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice } from '../instruments/ticks.ts'
import type { Fill, Holding } from './fill.ts'
import type { HeldPosition } from './platform-event.ts'
import type { Position } from './position.ts'

type Making = {
  readonly holding: Holding
  readonly at: number
  /** What makes its id unlike any other of the account. */
  readonly mark: string
}

const fillOf = (
  { holding, at, mark }: Making,
  origin: 'carried' | 'adjustment',
  quantity: number,
  price: number,
): Fill => ({
  ...holding,
  executionId: `${origin}:${holding.instrument}:${holding.contract}:${mark}`,
  orderId: '',
  orderName: origin,
  side: quantity > 0 ? 'buy' : 'sell',
  quantity: Math.abs(quantity),
  price,
  at,
})

/** What was held before the books began, at the platform's average price: what it will make is an estimate. */
export const carry = (account: string, held: HeldPosition, at: number): Fill => {
  const { instrument, contract, quantity, averagePrice } = held
  const making = { holding: { account, instrument, contract }, at, mark: `${at}` }
  return fillOf(making, 'carried', quantity, averagePrice)
}

/**
 * The adjustment fills that turn the ledger's position into the platform's. What is taken away goes at the ledger's own
 * average price, as what it made is not known; what is added comes at a price that leaves the platform's average.
 */
export const adjust = (
  spec: ContractSpec,
  making: Making,
  ledger: Position,
  platform: Pick<HeldPosition, 'quantity' | 'averagePrice'>,
): readonly Fill[] => {
  const missing = platform.quantity - ledger.quantity
  const own = toPrice(spec, ledger.cost / ledger.quantity)
  const grows = ledger.quantity * missing >= 0
  const away = grows ? 0 : Math.sign(missing) * Math.min(Math.abs(missing), Math.abs(ledger.quantity))
  const added = missing - away
  const base = grows ? toPrice(spec, ledger.cost) : 0
  const price = (platform.averagePrice * platform.quantity - base) / added
  return [
    ...(away === 0 ? [] : [fillOf({ ...making, mark: `${making.mark}-out` }, 'adjustment', away, own)]),
    ...(added === 0 ? [] : [fillOf({ ...making, mark: `${making.mark}-in` }, 'adjustment', added, price)]),
  ]
}
