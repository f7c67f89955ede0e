import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import type { Quote, Tick } from './tick.ts'

/** A trade with its price in ticks. */
type Print = { readonly tick: Tick; readonly price: number }

/** A screen against prints far from all others. It changes in place: 50,000 trades a second pass through it. */
export type Screen = {
  readonly spec: ContractSpec
  /** The last print accepted, the one waiting for confirmation, and the last one given up. */
  last: Print | undefined
  held: Print | undefined
  dropped: Print | undefined
  /** Prints accepted since the screen was cold, and the prices of the newest of them, in ticks. */
  accepted: number
  readonly recent: Int32Array
  /** The newest quote, in ticks, and its market time. */
  bid: number
  ask: number
  quotedAt: number
  /** The last moves from trade to trade, absolute, in ticks, and how often each occurs among them. */
  readonly moves: Uint8Array
  readonly counts: Uint16Array
  moveCount: number
  median: number
  below: number
}

export type Screened = { readonly accepted: readonly Tick[]; readonly suspect?: Tick }

const remembered = 200
const largestMove = 255
const warmPrints = 30
/** In a burst trades meet both ends of a torn book in turn: a print stands out from all of the last eight, not from one. */
const recentPrints = 8
/** A print stands out beyond this many robust standard deviations, each of at least two ticks. */
const sigmas = 8
/** Median absolute deviation to standard deviation, of a normal distribution. */
const madToSigma = 1.4826
const smallestSigma = 2
const holdMs = 1_000
const confirmMs = 10_000
const coldMs = 60_000
const quoteMs = 2_000

/** Starts cold: nothing is held until thirty prints were accepted. */
export const startScreen = (spec: ContractSpec): Screen => ({
  spec,
  last: undefined,
  held: undefined,
  dropped: undefined,
  accepted: 0,
  recent: new Int32Array(recentPrints),
  bid: 0,
  ask: 0,
  quotedAt: Number.NEGATIVE_INFINITY,
  moves: new Uint8Array(remembered),
  counts: new Uint16Array(largestMove + 1),
  moveCount: 0,
  median: 0,
  below: 0,
})

const count = (state: Screen, move: number, by: 1 | -1): void => {
  state.counts[move] = (state.counts[move] as number) + by
  if (move < state.median) state.below += by
}

/** Moves center on zero, so their median absolute value is the MAD; the histogram keeps it at hand. */
const learnMove = (state: Screen, ticks: number): void => {
  const move = Math.min(largestMove, ticks)
  const at = state.moveCount % remembered
  if (state.moveCount >= remembered) count(state, state.moves[at] as number, -1)
  state.moves[at] = move
  state.moveCount++
  count(state, move, 1)
  const half = Math.min(state.moveCount, remembered) >> 1
  while (state.below > half) state.below -= state.counts[--state.median] as number
  while (state.below + (state.counts[state.median] as number) <= half)
    state.below += state.counts[state.median++] as number
}

/** How far in ticks a print may be from the last ones without being held. */
const reach = ({ median }: Screen): number => sigmas * Math.max(smallestSigma, madToSigma * median)

const accept = (state: Screen, print: Print): void => {
  if (state.last !== undefined) learnMove(state, Math.abs(print.price - state.last.price))
  state.last = print
  state.recent[state.accepted % recentPrints] = print.price
  state.accepted++
}

/** A minute without an accepted print, and another contract, tell nothing of where the price is now. */
const isLost = ({ last }: Screen, tick: Tick): boolean =>
  last !== undefined && (tick.eventTime - last.tick.eventTime > coldMs || tick.contract !== last.tick.contract)

const isNear = (state: Screen, price: number): boolean => {
  if (state.last === undefined || state.accepted < warmPrints) return true
  const far = reach(state)
  if (Math.abs(price - state.last.price) <= far) return true
  return price <= Math.max(...state.recent) + far && price >= Math.min(...state.recent) - far
}

/** A quote confirms a price within a tick of it; one that is old, crossed or wider than any move confirms nothing. */
const isQuoted = (state: Screen, { price, tick }: Print): boolean =>
  price >= state.bid - 1 &&
  price <= state.ask + 1 &&
  tick.eventTime - state.quotedAt <= quoteMs &&
  state.ask - state.bid <= reach(state)

/** Whether a print stands by one that was doubted rather than by the last one accepted. */
const standsBy = ({ last }: Screen, price: number, doubted: Print | undefined): boolean =>
  doubted !== undefined && last !== undefined && Math.abs(price - doubted.price) < Math.abs(price - last.price)

const giveUp = (state: Screen): Tick | undefined => {
  const { held } = state
  if (held === undefined) return undefined
  state.dropped = held
  state.held = undefined
  return held.tick
}

const settle = (state: Screen, print: Print): Tick[] => {
  const before = state.held
  if (before !== undefined) accept(state, before)
  accept(state, print)
  state.held = undefined
  state.dropped = undefined
  return before === undefined ? [print.tick] : [before.tick, print.tick]
}

const told = (accepted: readonly Tick[], suspect: Tick | undefined): Screened =>
  suspect === undefined ? { accepted } : { accepted, suspect }

const none: readonly Tick[] = []

/** The print that a new one at `at` may confirm: the one held, or one given up within the last ten seconds. */
const doubtedAt = ({ held, dropped }: Screen, at: number): Print | undefined =>
  held ?? (dropped !== undefined && at - dropped.tick.eventTime <= confirmMs ? dropped : undefined)

/**
 * Passes a trade through. One more than eight robust standard deviations (1.4826 · MAD of the last 200 moves from trade to
 * trade) beyond the last eight accepted is held back: the next print accepts both when it is nearer to it than to the last, otherwise it is a suspect, as it is when no print comes within its second;
 * then a print that stands by it within ten seconds is accepted alone. Order is kept and nothing but suspects is lost.
 */
export const screen = (state: Screen, tick: Tick): Screened => {
  const print = { tick, price: toTicks(state.spec, tick.price) }
  const expired =
    isLost(state, tick) || (state.held !== undefined && tick.eventTime - state.held.tick.eventTime > holdMs)
  const late = expired ? giveUp(state) : undefined
  if (isLost(state, tick)) state.accepted = 0
  if (standsBy(state, print.price, doubtedAt(state, tick.eventTime))) return told(settle(state, print), late)
  const suspect = late ?? giveUp(state)
  if (isNear(state, print.price) || isQuoted(state, print)) return told(settle(state, print), suspect)
  state.held = print
  return told(none, suspect)
}

/** Hears a quote; returns the print it confirms, which was held. */
export const quoteSeen = (state: Screen, quote: Quote): readonly Tick[] => {
  state.bid = toTicks(state.spec, quote.bid)
  state.ask = toTicks(state.spec, quote.ask)
  state.quotedAt = quote.bid <= quote.ask ? quote.eventTime : Number.NEGATIVE_INFINITY
  const { held } = state
  if (held === undefined || !isQuoted(state, held)) return none
  state.held = undefined
  return settle(state, held)
}

/** Lets go of the print whose second has passed alone at `now` (epoch ms, market time): a suspect. */
export const releaseScreen = (state: Screen, now: number): Screened =>
  told(none, state.held !== undefined && now - state.held.tick.eventTime > holdMs ? giveUp(state) : undefined)
