import { contractMonth, parseContractName } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { dollars, type Money } from '#src/domain/money.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { PlatformEvent, Snapshot } from '#src/domain/trading/platform-event.ts'
import { complaintOf, type EventWire, eventWire, type OrderWire, type WireReason } from './wire.ts'

/** An event that is not taken: why, and by which of its fields. */
export type Rejection = {
  readonly ok: false
  readonly reason: WireReason | 'unknown-instrument' | 'off-grid' | 'too-far-ahead' | 'too-old'
  readonly field: string
}

const reject = (reason: Rejection['reason'], field: string): Rejection => ({ ok: false, reason, field })

const earliest = Date.UTC(2010, 0, 1)
/** A platform's clock may be this far ahead of ours, ms. */
const aheadMs = 10 * 60_000

const yearOf = (at: number): number => new Date(at).getUTCFullYear()

type Market = { readonly instrument: InstrumentId; readonly contract: number }

/** A market as NinjaTrader names it, undefined for what the product does not know. */
const marketOf = (name: string, at: number): Market | undefined => {
  const parsed = parseContractName(name, yearOf(at))
  return parsed.ok ? { instrument: parsed.value.id, contract: contractMonth(parsed.value) } : undefined
}

/** The first of these prices that is no whole number of ticks, by its name. */
const offGrid = ({ instrument }: Market, prices: Readonly<Record<string, number | undefined>>): string | undefined =>
  Object.entries(prices).find(([, price]) => price !== undefined && !isOnGrid(specOf(instrument), price))?.[0]

const moneys = <K extends string>(amounts: Readonly<Record<K, number | undefined>>): Partial<Record<K, Money>> =>
  Object.fromEntries(
    Object.entries<number | undefined>(amounts).flatMap(([name, amount]) =>
      amount === undefined ? [] : [[name, dollars(amount)]],
    ),
  ) as Partial<Record<K, Money>>

type Read<T> = { readonly ok: true; readonly value: T } | Rejection

const toOrder = (
  { instrument: _, oco = '', ...rest }: OrderWire,
  where: Market,
  account: string,
  at: number,
): Read<Order> => {
  const wrong = offGrid(where, { limitPrice: rest.limitPrice, stopPrice: rest.stopPrice })
  if (wrong !== undefined) return reject('off-grid', wrong)
  // NinjaTrader's own word for an order of no group is the empty text.
  return { ok: true, value: { ...rest, ...where, account, at, ...(oco === '' ? {} : { oco }) } }
}

type Told<K extends EventWire['kind']> = Extract<EventWire, { kind: K }>

/** Adds what one unknown market holds to the list; a resting order there counts with quantity 0. */
const addForeign = (foreign: Map<string, number>, name: string, quantity: number): void => {
  foreign.set(name, (foreign.get(name) ?? 0) + quantity)
}

const toSnapshot = ({ account, at, positions, orders }: Told<'positions'>): Read<Snapshot> => {
  const foreign = new Map<string, number>()
  const held: Snapshot['positions'][number][] = []
  for (const { instrument, quantity, averagePrice } of positions) {
    const market = marketOf(instrument, at)
    if (market === undefined) addForeign(foreign, instrument, quantity)
    else held.push({ ...market, quantity, averagePrice })
  }
  const working: Order[] = []
  for (const [i, wire] of orders.entries()) {
    const market = marketOf(wire.instrument, at)
    if (market === undefined) {
      addForeign(foreign, wire.instrument, 0)
      continue
    }
    const order = toOrder(wire, market, account, at)
    if (!order.ok) return { ...order, field: `orders.${i}.${order.field}` }
    working.push(order.value)
  }
  return {
    ok: true,
    value: {
      account,
      positions: held,
      orders: working,
      foreign: Array.from(foreign, ([name, quantity]) => ({ name, quantity })),
    },
  }
}

/** What is said, without when and by whom. */
type Content = PlatformEvent extends infer E
  ? E extends PlatformEvent
    ? Omit<E, 'id' | 'at' | 'receivedAt'>
    : never
  : never

const taken = (value: Content): Read<Content> => ({ ok: true, value })

const toFill = (wire: Told<'execution'>): Read<Content> => {
  const { account, executionId, orderId, orderName, side, quantity, price, commission, at } = wire
  const market = marketOf(wire.instrument, at)
  if (market === undefined) return taken({ kind: 'foreignExecution', account, executionId, market: wire.instrument })
  if (offGrid(market, { price }) !== undefined) return reject('off-grid', 'price')
  const fill = { account, executionId, orderId, orderName, side, quantity, price, at }
  return taken({ kind: 'execution', fill: { ...fill, ...market, ...moneys({ commission }) } })
}

const toPrice = ({ instrument, last, bid, ask, at }: Told<'price'>): Read<Content> => {
  const market = marketOf(instrument, at)
  if (market === undefined) return reject('unknown-instrument', 'instrument')
  const wrong = offGrid(market, { last, bid, ask })
  if (wrong !== undefined) return reject('off-grid', wrong)
  return taken({
    kind: 'price',
    ...market,
    last,
    ...(bid === undefined ? {} : { bid }),
    ...(ask === undefined ? {} : { ask }),
  })
}

const toContent = (wire: EventWire): Read<Content> => {
  switch (wire.kind) {
    case 'hello': {
      const { kind, versions, simulator, allowOrders, maxContracts, commandsAfter } = wire
      const accounts = wire.accounts.map(({ currency: _, ...account }) => account)
      return taken({ kind, versions, simulator, allowOrders, maxContracts, accounts, commandsAfter })
    }
    case 'account': {
      const { kind, account, basis, cash, realized, unrealized, netLiquidation } = wire
      return taken({ kind, account, basis, ...moneys({ cash, realized, unrealized, netLiquidation }) })
    }
    case 'positions': {
      const snapshot = toSnapshot(wire)
      return snapshot.ok ? taken({ kind: wire.kind, ...snapshot.value }) : snapshot
    }
    case 'order': {
      const market = marketOf(wire.order.instrument, wire.at)
      if (market === undefined) return reject('unknown-instrument', 'order.instrument')
      const order = toOrder(wire.order, market, wire.account, wire.at)
      return order.ok ? taken({ kind: wire.kind, order: order.value }) : { ...order, field: `order.${order.field}` }
    }
    case 'execution':
      return toFill(wire)
    case 'price':
      return toPrice(wire)
    default: {
      const { id: _, at: __, ...content } = wire
      return taken(content)
    }
  }
}

/** A simulator's platform lives on a market clock of its own, so only an impossible year is refused of it. */
const wrongTime = (at: number, receivedAt: number, simulator: boolean): Rejection['reason'] | undefined => {
  if (at < earliest) return 'too-old'
  return at > (simulator ? Date.UTC(2100, 0, 1) : receivedAt + aheadMs) ? 'too-far-ahead' : undefined
}

/**
 * Reads one event as a bridge wrote it, `receivedAt` epoch ms of this machine. Refused with the field when its shape, its
 * clock, its market or its price on the tick grid is not right; holdings and executions in unknown markets are `foreign`.
 */
export const toPlatformEvent = (
  wire: unknown,
  { receivedAt, simulator }: { readonly receivedAt: number; readonly simulator: boolean },
): Read<PlatformEvent> => {
  const parsed = eventWire.safeParse(wire)
  if (!parsed.success) return { ok: false, ...complaintOf(parsed.error, wire, 'event') }
  const { id, at } = parsed.data
  const wrong = wrongTime(at, receivedAt, simulator)
  if (wrong !== undefined) return reject(wrong, 'at')
  const content = toContent(parsed.data)
  return content.ok ? { ok: true, value: { ...content.value, id, at, receivedAt } } : content
}
