import { isFinal } from '#src/domain/trading/order.ts'
import type { ConnectionState } from '#src/domain/trading/platform-event.ts'
import type { Clock } from '#src/engine/ports.ts'
import { createBooks } from './books.ts'
import { type Faults, noFaults } from './faults.ts'
import { signed } from './holding.ts'
import { specOfName } from './instrument-name.ts'
import { type Auto, fillPrice, type Quote } from './matching.ts'
import { platformAccounts } from './platform-accounts.ts'
import type { OrderWish, PlatformExecution, PlatformListener, PlatformOrder } from './platform-order.ts'
import type { Timers } from './timers.ts'

/** NinjaTrader's own time between an execution and the position that has it, ms. */
const gap = { least: 30, most: 150 }
const outageMs = 5_000

type Draft = { -readonly [K in keyof PlatformOrder]: PlatformOrder[K] }
type Pending = { readonly stopPrice?: number; readonly limitPrice?: number }

/** What a script may fix about a fill; the rest is the platform's own. Dollars. */
type FillTold = { readonly gapMs?: number; readonly commission?: number; readonly executionId?: string }

export type Platform = ReturnType<typeof createPlatform>

/**
 * Creates a small NinjaTrader: accounts, orders of every type, OCO, positions that follow their executions late, and
 * the faults it is asked for. Prices in points; `clock.now` is the platform's time.
 */
export const createPlatform = ({
  clock,
  random,
  timers,
  faults = noFaults,
}: {
  readonly clock: Pick<Clock, 'now' | 'wall'>
  readonly random: () => number
  readonly timers: Timers
  readonly faults?: Faults
}) => {
  const born = clock.wall().toString(36)
  const listeners = new Set<PlatformListener>()
  const orders = new Map<string, Draft>()
  /** Those that are not final. */
  const live = new Set<Draft>()
  const changes = new Map<string, Pending>()
  const quotes = new Map<string, Quote>()
  const executions: PlatformExecution[] = []
  const links = new Map<string, { price: ConnectionState; orders: ConnectionState }>(
    platformAccounts.map(({ connection }) => [connection, { price: 'connected', orders: 'connected' }]),
  )
  const books = createBooks()
  let auto: Auto = 'all'
  let confirms = true
  let number = 0
  let positionsAt = 0
  let submissions = 0

  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  const linkOf = (account: string) =>
    links.get(platformAccounts.find(({ name }) => name === account)?.connection ?? '') ?? {
      price: 'disconnected',
      orders: 'disconnected',
    }
  const isConnected = (account: string): boolean => linkOf(account).orders === 'connected'
  const say = (order: Draft): void => {
    for (const { onOrder } of listeners) onOrder?.({ ...order })
  }
  const set = (order: Draft, state: PlatformOrder['state'], reason?: string): void => {
    order.state = state
    if (reason !== undefined) order.reason = reason
    say(order)
  }
  const partners = ({ orderId, oco, account }: Draft): readonly Draft[] =>
    oco === undefined
      ? []
      : [...live].filter((other) => other.orderId !== orderId && other.oco === oco && other.account === account)
  /** An order that ends takes its OCO partners with it. */
  const finish = (order: Draft, state: 'filled' | 'cancelled' | 'rejected', reason?: string): void => {
    live.delete(order)
    set(order, state, reason)
    for (const partner of partners(order)) if (!isFinal(partner.state)) finish(partner, 'cancelled')
  }

  /** Positions are told in the order of their executions, whatever the gap. */
  const tellPosition = (account: string, instrument: string, gapMs: number): void => {
    const held = books.held(account, instrument)
    positionsAt = Math.max(positionsAt, clock.wall() + gapMs)
    timers.after(positionsAt - clock.wall(), () => {
      books.tell(account, instrument, held)
      for (const { onPositions } of listeners) onPositions?.(account)
    })
  }
  const fill = (order: Draft, quantity: number, price: number, { gapMs, ...told }: FillTold = {}): void => {
    const { orderId, name, account, instrument, side } = order
    const spec = specOfName(instrument)
    const paid = (order.averagePrice ?? 0) * order.filled + price * quantity
    order.filled += quantity
    order.averagePrice = paid / order.filled
    // A partner of the same group shrinks with it: the two can never close more than there is.
    for (const partner of partners(order)) {
      if (partner.quantity - quantity <= partner.filled) continue
      partner.quantity -= quantity
      say(partner)
    }
    const commission = books.apply(account, instrument, signed(side, quantity), price, spec, told.commission)
    if (order.filled >= order.quantity) finish(order, 'filled')
    else set(order, order.state === 'cancel-pending' ? 'cancel-pending' : 'part-filled')
    const executionId = told.executionId ?? `${born}e${number++}`
    const execution = { account, executionId, orderId, orderName: name, instrument, side, quantity, price, commission }
    // One instant for both: an execution that is told again is the same to the last digit.
    const dated = { ...execution, at: clock.now() }
    executions.push(dated)
    for (const { onExecution } of listeners) onExecution?.(dated)
    tellPosition(account, instrument, gapMs ?? between(gap.least, gap.most))
  }

  const isOpen = (order: Draft): boolean => order.state === 'working' || order.state === 'part-filled'
  const match = (order: Draft): void => {
    const spec = specOfName(order.instrument)
    const quote = quotes.get(order.instrument)
    if (spec === undefined || quote === undefined || !isOpen(order) || !isConnected(order.account)) return
    const price = fillPrice(order, quote, spec, auto)
    if (price === undefined) return
    const left = order.quantity - order.filled
    const part = left > 1 && random() < faults.partial ? between(1, left - 1) : left
    fill(order, part, price)
    if (part < left) timers.after(between(200, 900), () => match(order))
  }
  const accept = (order: Draft): void => {
    if (order.state !== 'submitted') return
    if (!isConnected(order.account)) finish(order, 'rejected', 'The connection to the broker is lost')
    else if (random() < faults.reject) finish(order, 'rejected', 'Rejected by the exchange')
    else {
      set(order, 'working')
      match(order)
    }
  }
  const submit = (wish: OrderWish, by: 'bridge' | 'trader' = 'bridge'): PlatformOrder => {
    if (by === 'bridge') submissions++
    const where = wish.account === 'Eval50' ? 'broker' : 'platform'
    const order: Draft = { ...wish, orderId: `${born}o${number++}`, filled: 0, state: 'submitted', where }
    orders.set(order.orderId, order)
    live.add(order)
    say(order)
    timers.after(between(5, 25), () => accept(order))
    return { ...order }
  }

  /** A pending cancel or change goes through. */
  const confirm = (order: Draft): void => {
    if (order.state === 'cancel-pending') finish(order, 'cancelled')
    if (order.state !== 'change-pending') return
    Object.assign(order, changes.get(order.orderId))
    changes.delete(order.orderId)
    set(order, order.filled > 0 ? 'part-filled' : 'working')
    match(order)
  }
  const confirmSoon = (order: Draft): void => {
    if (!confirms) return
    timers.after(between(10, 60), () => {
      if (!isConnected(order.account)) return
      const price = order.limitPrice ?? order.stopPrice
      if (order.state === 'cancel-pending' && price !== undefined && random() < faults.race)
        fill(order, order.quantity - order.filled, price)
      else confirm(order)
    })
  }
  const isPending = (order: Draft): boolean => order.state === 'cancel-pending' || order.state === 'change-pending'
  const known = (orderId: string): Draft | undefined => orders.get(orderId)
  /** Asks for an order's end or change; false when it is final or something is pending already. */
  const ask = (orderId: string, state: 'cancel-pending' | 'change-pending', change?: Pending): boolean => {
    const order = known(orderId)
    if (order === undefined || isFinal(order.state) || isPending(order)) return false
    if (change !== undefined) changes.set(orderId, change)
    set(order, state)
    confirmSoon(order)
    return true
  }
  const connect = (name: string, price: ConnectionState, ordersState: ConnectionState): boolean => {
    const link = links.get(name)
    if (link === undefined) return false
    Object.assign(link, { price, orders: ordersState })
    if (ordersState === 'connected') for (const order of live) if (isPending(order)) confirmSoon(order)
    return true
  }
  if (faults.disconnectEveryS > 0)
    timers.every(faults.disconnectEveryS * 1_000, () => {
      connect('Simulation', 'lost', 'lost')
      timers.after(outageMs, () => connect('Simulation', 'connected', 'connected'))
    })

  return {
    submit,
    cancel: (orderId: string): boolean => ask(orderId, 'cancel-pending'),
    change: (orderId: string, stopPrice: number): boolean => ask(orderId, 'change-pending', { stopPrice }),
    /** A market order that fills at once at this price. */
    trade: (wish: Omit<OrderWish, 'type'>, price: number, told?: FillTold): PlatformOrder => {
      const { orderId } = submit({ ...wish, type: 'market' }, 'trader')
      const order = known(orderId)
      if (order !== undefined) fill(order, wish.quantity, price, told)
      return { ...(order as Draft) }
    },
    fill: (orderId: string, quantity: number, price: number, told?: FillTold): boolean => {
      const order = known(orderId)
      if (order === undefined || isFinal(order.state) || quantity > order.quantity - order.filled) return false
      fill(order, quantity, price, told)
      return true
    },
    reject: (orderId: string, reason: string): boolean => {
      const order = known(orderId)
      if (order === undefined || isFinal(order.state)) return false
      finish(order, 'rejected', reason)
      return true
    },
    confirm: (orderId: string): boolean => {
      const order = known(orderId)
      if (order === undefined || !isPending(order)) return false
      confirm(order)
      return true
    },
    /** Loses sight of an order, which may still fill. */
    forget: (orderId: string): boolean => {
      const order = known(orderId)
      if (order === undefined || isFinal(order.state)) return false
      set(order, 'unknown')
      return true
    },
    connect,
    onPrice: (instrument: string, quote: Quote): void => {
      quotes.set(instrument, quote)
      for (const order of live) if (order.instrument === instrument) match(order)
    },
    /** How it behaves from now on. */
    behave: (manner: { readonly auto?: Auto; readonly confirms?: boolean }): void => {
      auto = manner.auto ?? auto
      confirms = manner.confirms ?? confirms
    },
    hear: (listener: PlatformListener): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    overrule: books.overrule,
    order: (orderId: string): PlatformOrder | undefined => {
      const order = known(orderId)
      return order && { ...order }
    },
    working: (account?: string): readonly PlatformOrder[] =>
      [...live].filter((order) => account === undefined || order.account === account).map((order) => ({ ...order })),
    positions: books.positions,
    balance: (account: string) => books.balance(account, quotes),
    executions: (): readonly PlatformExecution[] => executions,
    lastPrice: (instrument: string): number | undefined => quotes.get(instrument)?.last,
    isConnected,
    /** How many orders the bridge has ever sent. */
    submitted: (): number => submissions,
    connections: () => [...links].map(([name, link]) => ({ name, ...link })),
  }
}
