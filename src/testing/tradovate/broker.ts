import type { Listed } from './tape.ts'

type Entity = Readonly<Record<string, unknown>> & { readonly id: number }

/** Keeps the entities of one demo account; every change is told as the vendor tells it. */
export const createBroker = ({
  listed,
  userId,
  now,
  tell,
}: {
  readonly listed: readonly Listed[]
  readonly userId: number
  readonly now: () => number
  readonly tell: (event: { readonly entityType: string; readonly eventType: string; readonly entity: Entity }) => void
}) => {
  const account = {
    id: 123,
    name: 'DEMO123',
    userId,
    accountType: 'Customer',
    active: true,
    clearingHouseId: 2,
    riskCategoryId: 16,
    autoLiqProfileId: 7,
    marginAccountType: 'Speculator',
    legalStatus: 'Individual',
  }
  const positions = new Map<number, Entity>()
  const orders: Entity[] = []
  const fills: Entity[] = []
  let serial = 1_000

  const listedAs = (name: string): Listed => {
    const found = listed.find((one) => one.name === name)
    if (found === undefined) throw new Error(`the stand-in does not list ${name}`)
    return found
  }
  const stamp = () => {
    const at = new Date(now())
    const tradeDate = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
    return { timestamp: at.toISOString(), tradeDate }
  }

  return {
    /** The answer to a synchronization request; names of contracts only where `named`. */
    whole: (named: boolean) => ({
      users: [{ id: userId, name: 'trader' }],
      accounts: [account],
      cashBalances: [{ id: 5, accountId: account.id, amount: 50_000 }],
      positions: [...positions.values()],
      orders,
      fills,
      contracts: named ? listed.map(({ id, name }) => ({ id, name, contractMaturityId: id + 1 })) : [],
      orderStrategies: [],
    }),
    setPosition: (name: string, netPos: number, netPrice: number): void => {
      const { id: contractId } = listedAs(name)
      const known = positions.get(contractId)
      const entity = {
        id: known?.id ?? ++serial,
        accountId: account.id,
        contractId,
        ...stamp(),
        netPos,
        ...(netPos !== 0 && { netPrice }),
        bought: Math.max(netPos, 0),
        boughtValue: 0,
        sold: Math.max(-netPos, 0),
        soldValue: 0,
        prevPos: 0,
        prevPrice: 0,
      }
      positions.set(contractId, entity)
      tell({ entityType: 'position', eventType: known === undefined ? 'Created' : 'Updated', entity })
    },
    addFill: (name: string, action: 'Buy' | 'Sell', qty: number, price: number): void => {
      const { id: contractId } = listedAs(name)
      const order = {
        id: ++serial,
        accountId: account.id,
        contractId,
        ...stamp(),
        action,
        ordStatus: 'Filled',
        admin: false,
      }
      const fill = {
        id: ++serial,
        orderId: order.id,
        contractId,
        ...stamp(),
        action,
        qty,
        price,
        active: true,
        finallyPaired: 0,
      }
      orders.push(order)
      fills.push(fill)
      tell({ entityType: 'order', eventType: 'Created', entity: order })
      tell({ entityType: 'fill', eventType: 'Created', entity: fill })
      tell({
        entityType: 'cashBalance',
        eventType: 'Updated',
        entity: { id: 5, accountId: account.id, amount: 49_999 },
      })
    },
  }
}
