import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'

/** A trade of one contract; time is epoch ms, `sequence` ascends with time and is never used twice for a contract. */
export type TapeTrade = {
  readonly kind: 'trade'
  readonly time: number
  readonly price: number
  readonly size: number
  readonly sequence: number
}

/** The best prices of one contract from an instant (epoch ms) on. */
export type TapeQuote = {
  readonly kind: 'quote'
  readonly time: number
  readonly bid: number
  readonly bidSize: number
  readonly ask: number
  readonly askSize: number
}

export type TapeEvent = TapeTrade | TapeQuote

/**
 * The market the stand-in plays. Bars are never stored beside the events: each is folded from the trades, so that the
 * live aggregates and the history cannot differ.
 */
export type Tape = {
  readonly instruments: readonly InstrumentId[]
  /** Epoch ms before which nothing is known. */
  readonly startsAt: number
  /** What happened in [fromMs, toMs) in one contract, in order; the same for every call. */
  readonly events: (contract: Contract, fromMs: number, toMs: number) => Iterable<TapeEvent>
}

/** A minute's trades are numbered within a block of this size; no minute of these markets has as many. */
const perMinute = 10_000

/** The sequence number of a minute's trade, counted from 0. */
export const sequenceOf = (minute: number, index: number): number => (minute / 60_000) * perMinute + index

/** What a sequence number says of the order within its minute, counted from 0. */
export const indexOf = (sequence: number): number => sequence % perMinute
