import { minuteMs } from '../market/bar.ts'
import type { Direction } from './fill-model.ts'
import type { Exits, NewOrder } from './strategy.ts'
import type { Target } from './tape-writer.ts'
import { exitReasons } from './trade-tape.ts'

/** An order at the market. Prices in ticks, bars by their number. */
export type Order = {
  readonly number: number
  readonly side: Direction
  readonly limit: boolean
  readonly reduces: boolean
  readonly oco: number
  readonly until: number
  /** Why a position ends that it ends. */
  readonly reason: number
  readonly sent: NewOrder
  /** The instant it is in the market, epoch ms; 0 when it is from the next bar on. */
  readonly arrives: number
  price: number
  left: number
  opened: number
  touched: number
}

export const reasonOf = {
  target: exitReasons.indexOf('target'),
  stop: exitReasons.indexOf('stop'),
  flatBy: exitReasons.indexOf('flat-by'),
  end: exitReasons.indexOf('end'),
  firm: exitReasons.indexOf('firm'),
} as const

/** A position left by an order of its own: 'limit' and 'stop' by such an order, 'signal' at the market. */
export const reasonByKind = {
  market: exitReasons.indexOf('signal'),
  stop: reasonOf.stop,
  limit: exitReasons.indexOf('limit'),
}

/** Quantities less than this are what arithmetic on doubles leaves behind. */
export const dust = 1e-9

/** What is left of a quantity. */
export const less = (quantity: number, taken: number): number => (quantity - taken < dust ? 0 : quantity - taken)

/** Shares out `quantity` contracts, `skip` having been shared before; the last target takes the rest. */
export const share = (targets: NonNullable<Exits['targets']>, skip: number, quantity: number): Target[] => {
  const shared: Target[] = []
  let skipped = skip
  let rest = quantity
  for (let i = 0; i < targets.length && rest > dust; i++) {
    const one = targets[i] as NonNullable<Exits['targets']>[number]
    const size = i === targets.length - 1 ? rest + skipped : (one.quantity ?? rest + skipped)
    const before = Math.min(skipped, size)
    const taken = Math.min(size - before, rest)
    skipped -= before
    rest -= taken
    if (taken > dust) shared.push({ price: one.price, quantity: taken, touched: -1 })
  }
  return shared
}

/** The shortest distance between two bars: how long a bar lasts, ms. */
export const spanOf = (time: Float64Array): number => {
  let span = Number.POSITIVE_INFINITY
  for (let i = 1; i < time.length; i++) span = Math.min(span, (time[i] as number) - (time[i - 1] as number))
  return Number.isFinite(span) ? span : minuteMs
}

/**
 * How far the market at `at` must go, on its way to `end`, to a price that it must rise (or fall) to; 0 when it is there or
 * beyond, infinitely far when the way does not lead there.
 */
export const distanceTo = (price: number, isUp: boolean, at: number, end: number): number => {
  const ahead = isUp ? price - at : at - price
  if (ahead <= 0) return 0
  return ahead <= (isUp ? end - at : at - end) ? ahead : Number.POSITIVE_INFINITY
}
