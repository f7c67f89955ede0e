import type { ContractSpec } from '../instruments/instrument.ts'
import type { Money } from '../money.ts'
import type { ParametersOf, SearchSpace } from '../optimization/search-space.ts'
import type { Column, History } from './history.ts'
import type { Discipline } from './terms.ts'

/** The prices in ticks at which a position is left, absolute. A target takes `quantity` contracts, the last the rest. */
export type Exits = {
  readonly stop?: number
  readonly targets?: readonly { readonly price: number; readonly quantity?: number }[]
}

/** An order as a strategy sends it at a bar's close; it can fill from the next bar on. */
export type NewOrder = {
  readonly kind: 'market' | 'limit' | 'stop'
  /** +1 buys, −1 sells. */
  readonly side: 1 | -1
  readonly quantity: number
  /** Ticks; of a limit or stop order. */
  readonly price?: number
  /** Placed the moment it fills, so that the bar of the entry can already hit them. */
  readonly exits?: Exits
  /** Like `exits`, in ticks away from the fill. */
  readonly exitsFromFill?: { readonly stop?: number; readonly target?: number }
  /** Orders of one number other than 0 cancel each other: the first that fills ends the rest. */
  readonly oco?: number
  /** Never more than what is held, never beyond flat. */
  readonly reduces?: boolean
  /** The last bar in which it may fill. */
  readonly until?: number
  readonly setup?: number
  readonly grade?: number
  readonly regime?: number
}

/** What a strategy sees of its own trading, and how it acts. The prices are ticks. */
export type Desk = {
  /** Signed contracts. */
  readonly position: number
  /** Average price of what is held; NaN while flat. */
  readonly entry: number
  /** Orders that wait to enter. */
  readonly waiting: number
  /** Net of everything closed so far. */
  readonly net: Money
  /** Trades closed so far. */
  readonly closed: number
  /** Sends an order and returns its number. */
  readonly send: (order: NewOrder) => number
  readonly cancel: (number: number) => void
  readonly cancelAll: () => void
  /** Leaves everything held at the market of the next bar, and takes back what waits. */
  readonly leave: () => void
  /** Other exits for what is held, in place of all it had: a stop or target not named is gone. */
  readonly protect: (exits: Exits) => void
}

/** A strategy at work. It sees a bar when the bar has closed, and never a later one. */
export type Player = {
  /**
   * The first bar at or after `from` at whose close it wants to act as its desk stands; the history's length when it has
   * nothing more to do. The answer may not depend on any bar after the one it names. Asked again after every fill.
   */
  readonly next: (from: number, desk: Desk) => number
  readonly act: (bar: number, desk: Desk) => void
}

/** Columns that depend on the history alone; threads share them. */
export type Prepared = Readonly<Record<string, Float64Array | Int32Array | Int16Array | Int8Array>>

/** Remembers what is made of one history, by name: a moving average is computed once for all trials of a thread. */
export type Memo = <T>(name: string, make: () => T) => T

/** What a player is made from. */
export type Stage = {
  readonly spec: ContractSpec
  readonly history: History
  readonly prepared: Prepared
  readonly memo: Memo
  readonly accountSize: Money
  /** Fees of one side and contract that sizes reckon with; the market's usual ones unless said. */
  readonly fee?: Money
  /** When the run allows entries; the plan's usual hours unless said. What `memo` keeps may depend on them. */
  readonly hours?: Pick<Discipline, 'entriesFrom' | 'entriesUntil'>
}

/** A way of trading with its parameters and where to look for better ones. */
export type Strategy<S extends SearchSpace = SearchSpace> = {
  /** 'opening-range'. */
  readonly name: string
  /** 'Opening-range breakout'. */
  readonly title: string
  /** One sentence a trader understands. */
  readonly words: string
  readonly space: S
  /** Whether it only serves to be beaten. */
  readonly baseline: boolean
  readonly prepare: (spec: ContractSpec, history: History, column: Column) => Prepared
  readonly play: (stage: Stage, parameters: ParametersOf<S>) => Player
}
