import { contractMonth, parseContractCode } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { roundToGrid, toTicks } from '#src/domain/instruments/ticks.ts'
import type { Picture } from '#src/domain/picture.ts'
import { worstEdge } from '#src/domain/signals/bracket.ts'
import type { FocusCard, Side } from '#src/domain/signals/focus-card.ts'
import { isFinal } from '#src/domain/trading/order.ts'
import type { Clock } from '#src/engine/ports.ts'
import { instrumentName } from './instrument-name.ts'
import type { OrderWish } from './platform-order.ts'
import type { Simulator } from './simulator.ts'
import { createTimers, type Schedule } from './timers.ts'

const account = 'Sim101'
const lookMs = 1_000
/** A newcomer sees the page before he sees a trade begin. */
const settleInMs = 5_000
const mostTrades = 2
const flatBufferMs = 5 * 60_000
/** Where a card has no bracket to go by. */
const plainStopTicks = 40
const plainTargetR = 1.5

/** Stop and target of a trade entered at `price`, points on the tick grid. */
type Exits = { readonly stop: number; readonly target: number }

/** The card's own where the price stands well between them, else a stop as wide as the card's around the price. */
const exitsFor = (card: Pick<FocusCard, 'bracket'>, side: Side, price: number, spec: ContractSpec): Exits => {
  const way = side === 'long' ? 1 : -1
  const stopTicks = card.bracket?.stopTicks ?? plainStopTicks
  if (card.bracket !== undefined) {
    const { stop, target1: target } = card.bracket
    const room = Math.min(way * toTicks(spec, price - stop), way * toTicks(spec, target - price))
    if (room >= stopTicks / 4) return { stop, target }
  }
  const at = (ticks: number): number => roundToGrid(spec, price + (way * ticks) / spec.ticksPerPoint, 'nearest')
  return { stop: at(-stopTicks), target: at(plainTargetR * stopTicks) }
}

const cardsOf = (picture: Partial<Picture>): readonly FocusCard[] =>
  [...(picture.plan?.places ?? []), ...(picture.plan?.rest ?? [])]
    .map((id) => picture[`focus:${id}`])
    .filter((card) => card !== undefined)

const sideOf = ({ bias }: FocusCard): Side => (bias === 'neutral' ? 'long' : bias)

type Entry = { readonly card: FocusCard; readonly side: Side; readonly spec: ContractSpec }

/**
 * Creates a calm trader for those who look around: at the simulator's own screen it takes one position soon after the
 * start, with stop and target, then follows the cards with two trades open at most, and is flat before flat-by.
 */
export const createDemoTrader = ({
  simulator: { platform },
  picture,
  clock,
  schedule,
}: {
  readonly simulator: Simulator
  readonly picture: () => Partial<Picture>
  readonly clock: Clock
  readonly schedule: Schedule
}) => {
  const timers = createTimers(schedule)
  const entries = new Map<string, Entry>()
  const taken = new Set<string>()
  const startedAt = clock.wall()
  let groups = 0

  const nameOf = ({ contract }: FocusCard): string | undefined => {
    const read = parseContractCode(contract, new Date(clock.now()).getUTCFullYear())
    return read.ok ? instrumentName(read.value.id, contractMonth(read.value)) : undefined
  }
  const send = (wish: Omit<OrderWish, 'account' | 'name'>, name: string): string =>
    platform.submit({ ...wish, account, name }, 'trader').orderId
  const protect = ({ card, side, spec }: Entry, instrument: string, quantity: number, price: number): void => {
    const { stop, target } = exitsFor(card, side, price, spec)
    const exit = { instrument, quantity, side: side === 'long' ? 'sell' : 'buy', oco: `demo-${groups++}` } as const
    send({ ...exit, type: 'stop-market', stopPrice: stop }, 'Stop')
    send({ ...exit, type: 'limit', limitPrice: target }, 'Target')
  }
  const silence = platform.hear({
    onExecution: ({ orderId, instrument, quantity, price }) => {
      const entry = entries.get(orderId)
      if (entry !== undefined) protect(entry, instrument, quantity, price)
    },
  })

  const enter = (card: FocusCard, limitPrice?: number): void => {
    const instrument = nameOf(card)
    if (instrument === undefined || platform.lastPrice(instrument) === undefined) return
    const side = sideOf(card)
    const order = {
      instrument,
      side: side === 'long' ? 'buy' : 'sell',
      quantity: Math.max(1, card.size?.startWith ?? 1),
    } as const
    taken.add(card.id)
    const orderId = send(
      limitPrice === undefined ? { ...order, type: 'market' } : { ...order, type: 'limit', limitPrice },
      'Entry',
    )
    entries.set(orderId, { card, side, spec: specOf(card.instrument) })
  }

  const openMarkets = (): ReadonlySet<string> =>
    new Set(
      [...platform.positions(), ...platform.working(account)]
        .filter((each) => each.account === account)
        .map(({ instrument }) => instrument),
    )
  const hasRoom = (card: FocusCard): boolean => {
    const open = openMarkets()
    return open.size < mostTrades && !open.has(nameOf(card) ?? '')
  }
  const mayTrade = ({ clock: reading, strip, account: seen }: Partial<Picture>): boolean =>
    seen?.lockedUntil === undefined &&
    reading !== undefined &&
    strip?.futures === 'open' &&
    reading.phase !== 'OFF-HOURS' &&
    !(reading.phase === 'WIND DOWN' && reading.phaseEndsAt - clock.now() <= flatBufferMs)

  /** Cancels first; what is left is closed at the next look. */
  const getFlat = (): void => {
    const working = platform.working(account)
    for (const { orderId } of working) platform.cancel(orderId)
    if (working.length > 0) return
    for (const held of platform.positions())
      if (held.account === account) {
        const side = held.quantity > 0 ? 'sell' : 'buy'
        send({ instrument: held.instrument, side, quantity: Math.abs(held.quantity), type: 'market' }, 'Close')
      }
  }
  /** A limit order stands as long as its card asks for it. */
  const withdraw = (cards: readonly FocusCard[]): void => {
    for (const [orderId, { card }] of entries) {
      const order = platform.order(orderId)
      const now = cards.find(({ id }) => id === card.id)
      if (order === undefined || isFinal(order.state)) entries.delete(orderId)
      else if (order.type === 'limit' && now?.action !== 'limit' && now?.action !== 'enter') platform.cancel(orderId)
    }
  }
  const begin = (cards: readonly FocusCard[]): void => {
    const isPriced = (card: FocusCard): boolean => platform.lastPrice(nameOf(card) ?? '') !== undefined
    const priced = cards.filter(isPriced)
    const best = priced.find(({ bracket }) => bracket !== undefined) ?? priced[0]
    if (best !== undefined) enter(best)
  }
  const follow = (cards: readonly FocusCard[]): void => {
    for (const card of cards) {
      if (card.bracket === undefined || taken.has(card.id) || !hasRoom(card)) continue
      if (card.action === 'enter') enter(card)
      if (card.action === 'limit') enter(card, worstEdge(card.bracket, sideOf(card)))
    }
  }
  const look = (): void => {
    const now = picture()
    if (clock.wall() - startedAt < settleInMs) return
    const cards = cardsOf(now)
    withdraw(cards)
    if (!mayTrade(now)) getFlat()
    else if (taken.size === 0) begin(cards)
    else follow(cards)
  }

  return {
    start: (): void => timers.every(lookMs, look),
    stop: (): void => {
      timers.stop()
      silence()
    },
  }
}
