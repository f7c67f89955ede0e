import { dateOfBar } from '../instruments/calendar.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice, toTicks } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import type { Side } from '../signals/focus-card.ts'
import { feeOf, originOf, type Terms } from './fees.ts'
import type { Fill, Holding } from './fill.ts'
import { applyDeal, type Closing, type Deal, flat, openGross, type Position } from './position.ts'

/** A fill this soon after the first, by the platform's clock, still belongs to the start of the trade. */
export const startMs = 3_000

/** The best or worst that was seen: of the whole trade in Money, of its average entry in ticks. */
type Excursion = { readonly money: Money; readonly ticks: number }

type Leg = { readonly quantity: number; readonly ticks: number }

/** A trade under way, from the first fill away from flat. */
export type OpenTrade = {
  /** The execution that opened it. */
  readonly id: string
  readonly side: Side
  readonly openedAt: number
  /** The most contracts held at once. */
  readonly quantity: number
  readonly entered: Leg
  readonly exited: Leg
  /** What was entered within the first seconds: the risk at the start is measured on it. */
  readonly start: Leg & { readonly fees: Money }
  readonly gross: Money
  /** Both sides of what is closed, Money. */
  readonly fees: Money
  readonly best: Excursion
  readonly worst: Excursion
  /** A price or a fee in it is not the platform's word. */
  readonly estimated: boolean
}

/** A round trip: from flat to flat, or to the other side. Money; prices in points; times epoch ms of the platform. */
export type Trade = Holding & {
  readonly id: string
  readonly side: Side
  readonly openedAt: number
  readonly closedAt: number
  /** The exchange's trade date of its last fill. */
  readonly tradeDate: string
  readonly quantity: number
  readonly entry: number
  readonly exit: number
  readonly gross: Money
  readonly fees: Money
  readonly net: Money
  readonly mfe: Excursion
  readonly mae: Excursion
  readonly estimated: boolean
  readonly start: OpenTrade['start']
}

/** A holding after a fill: the position, and the trade it belongs to unless flat. */
export type Held = { readonly position: Position; readonly trade?: OpenTrade }

export type Step = { readonly held: Held; readonly closing?: Closing; readonly closed?: Trade }

export const nothingHeld: Held = { position: flat }
const nothing: Excursion = { money: 0, ticks: 0 }

/** What the whole trade makes at a price in ticks before fees, and how far the price is from the average entry. */
const excursionAt = (spec: ContractSpec, { position }: Held, trade: OpenTrade, ticks: number): Excursion => ({
  money: trade.gross + openGross(spec, position, ticks),
  ticks: Math.sign(position.quantity) * (ticks - position.cost / position.quantity),
})

/**
 * Folds a price (in ticks) that traded while the trade was open into its best and worst (MFE and MAE). As the result is
 * linear in the price while the quantity stands, the highest and lowest price between two fills are all it needs.
 */
export const markPrice = (spec: ContractSpec, held: Held, ticks: number): Held => {
  const { trade } = held
  if (trade === undefined) return held
  const seen = excursionAt(spec, held, trade, ticks)
  const best = {
    money: Math.max(trade.best.money, seen.money),
    ticks: Math.max(trade.best.ticks, seen.ticks),
  }
  const worst = {
    money: Math.min(trade.worst.money, seen.money),
    ticks: Math.min(trade.worst.ticks, seen.ticks),
  }
  return { ...held, trade: { ...trade, best, worst } }
}

const add = (leg: Leg, quantity: number, ticks: number): Leg => ({
  quantity: leg.quantity + quantity,
  ticks: leg.ticks + quantity * ticks,
})

const begin = (fill: Fill): OpenTrade => ({
  id: fill.executionId,
  side: fill.side === 'buy' ? 'long' : 'short',
  openedAt: fill.at,
  quantity: 0,
  entered: { quantity: 0, ticks: 0 },
  exited: { quantity: 0, ticks: 0 },
  start: { quantity: 0, ticks: 0, fees: 0 },
  gross: 0,
  fees: 0,
  best: nothing,
  worst: nothing,
  estimated: false,
})

type Entry = { readonly fill: Fill; readonly quantity: number; readonly deal: Deal; readonly fee: Money }

const enter = (trade: OpenTrade, { fill, quantity, deal, fee }: Entry, position: Position): OpenTrade => ({
  ...trade,
  quantity: Math.max(trade.quantity, Math.abs(position.quantity)),
  entered: add(trade.entered, quantity, deal.ticks),
  ...(fill.at <= trade.openedAt + startMs && {
    start: { ...add(trade.start, quantity, deal.ticks), fees: trade.start.fees + fee },
  }),
})

const leave = (trade: OpenTrade, closing: Closing, ticks: number): OpenTrade => ({
  ...trade,
  exited: add(trade.exited, closing.quantity, ticks),
  gross: trade.gross + closing.gross,
  fees: trade.fees + closing.fees,
})

const average = (spec: ContractSpec, { quantity, ticks }: Leg): number => toPrice(spec, ticks / quantity)

const close = (spec: ContractSpec, trade: OpenTrade, { account, instrument, contract, at }: Fill): Trade => ({
  account,
  instrument,
  contract,
  id: trade.id,
  side: trade.side,
  openedAt: trade.openedAt,
  closedAt: at,
  tradeDate: dateOfBar(spec.group, at),
  quantity: trade.quantity,
  entry: average(spec, trade.entered),
  exit: average(spec, trade.exited),
  gross: trade.gross,
  fees: trade.fees,
  net: trade.gross - trade.fees,
  mfe: trade.best,
  mae: trade.worst,
  estimated: trade.estimated,
  start: trade.start,
})

/** A fill as a deal. Only an execution's price is on the grid: an average is kept as it is. */
const toDeal = (spec: ContractSpec, fill: Fill, fee: Money): Deal => ({
  quantity: fill.side === 'buy' ? fill.quantity : -fill.quantity,
  ticks: originOf(fill) === 'execution' ? toTicks(spec, fill.price) : fill.price * spec.ticksPerPoint,
  fee,
})

/**
 * Folds one fill into a holding. A fill beyond flat closes the old trade and opens the next one at the same instant; the
 * price of an execution counts among the prices the old one has seen.
 */
export const applyFill = (spec: ContractSpec, held: Held, fill: Fill, terms: Terms): Step => {
  const { fee, estimated } = feeOf(fill, terms)
  const deal = toDeal(spec, fill, fee)
  const { position, closing } = applyDeal(spec, held.position, deal)
  const marked = (originOf(fill) === 'execution' ? markPrice(spec, held, deal.ticks) : held).trade
  const doubt = <T extends { readonly estimated: boolean }>(trade: T): T =>
    estimated ? { ...trade, estimated } : trade
  const left = closing && marked ? doubt(leave(marked, closing, deal.ticks)) : marked
  const ends = left !== undefined && (position.quantity === 0 || Math.sign(position.quantity) !== sideSign(left.side))
  const closed = ends ? { closed: close(spec, left, fill) } : {}
  const quantity = fill.quantity - (closing?.quantity ?? 0)
  const going = left === undefined || ends ? begin(fill) : left
  const entry = { fill, quantity, deal, fee: (position.lots.at(-1) ?? deal).fee }
  const trade = quantity > 0 ? doubt(enter(going, entry, position)) : going
  return {
    held: position.quantity === 0 ? nothingHeld : { position, trade },
    ...(closing && { closing }),
    ...closed,
  }
}

/** +1 for long, −1 for short. */
export const sideSign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1)
