import { isFinal, type Order } from '#src/domain/trading/order.ts'

const keptOrders = 5_000

/** What an order's word says, whenever it was said. */
const saidOf = (order: Order): string => JSON.stringify({ ...order, at: 0 })

/** The orders of one account as the platform last told them. */
export const createAccountOrders = () => {
  const orders = new Map<string, Order>()
  /** Working at an earlier start of the platform: they count only once it tells them again. */
  let owed: ReadonlySet<string> = new Set()
  let resting: readonly Order[] | undefined

  const working = (): readonly Order[] => {
    resting ??= [...orders.values()].filter(({ state }) => !isFinal(state))
    return resting
  }

  const drop = (ids: Iterable<string>): boolean => {
    resting = undefined
    return [...ids].map((id) => orders.delete(id)).some(Boolean)
  }

  const dropOld = (): void => {
    if (orders.size <= keptOrders) return
    const final = [...orders.values()].filter(({ state }) => isFinal(state))
    drop(final.slice(0, keptOrders / 2).map(({ orderId }) => orderId))
  }

  const take = (order: Order): boolean => {
    const known = orders.get(order.orderId)
    if (known !== undefined && (known.at > order.at || (isFinal(known.state) && !isFinal(order.state)))) return false
    orders.set(order.orderId, order)
    resting = undefined
    dropOld()
    return known === undefined || saidOf(known) !== saidOf(order)
  }

  const unlisted = (listed: readonly Order[], ids: Iterable<string>): readonly string[] => {
    const told = new Set(listed.map(({ orderId }) => orderId))
    return [...ids].filter((id) => !told.has(id))
  }

  return {
    working,
    all: (): readonly Order[] => [...orders.values()],
    stateOf: (orderId: string): Order['state'] | undefined => orders.get(orderId)?.state,
    /** Takes an order's word; false where it says nothing new, is older than what is known, or comes after the end. */
    take,
    /** The platform began anew: what worked before is its word no more. */
    owe: (): void => {
      owed = new Set(working().map(({ orderId }) => orderId))
    },
    /** Takes a whole list of working orders; whether it said anything new. */
    takeAll: (listed: readonly Order[]): boolean => {
      const gone = drop(unlisted(listed, owed))
      owed = new Set()
      return listed.map(take).some(Boolean) || gone
    },
    /** Forgets the working orders that are not listed. */
    keepOnly: (listed: readonly Order[]): void => {
      drop(
        unlisted(
          listed,
          working().map(({ orderId }) => orderId),
        ),
      )
    },
  }
}
