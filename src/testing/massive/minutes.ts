import { contractCode } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Tape, TapeEvent } from './tape.ts'

/** A bar with what the vendor says beside it: how many trades, and Σ price × size in points. */
export type Aggregate = Bar & { readonly trades: number; readonly turnover: number }

const hourMs = 3_600_000
const hoursHeld = 8192

/** Σ price × size is kept to a ten-thousandth, so that it does not matter in which steps it was summed. */
const rounded = (turnover: number): number => Math.round(turnover * 1e4) / 1e4

/** Joins what came later to an aggregate. */
export const joinAggregates = (left: Aggregate, right: Aggregate): Aggregate => ({
  time: left.time,
  open: left.open,
  high: Math.max(left.high, right.high),
  low: Math.min(left.low, right.low),
  close: right.close,
  volume: left.volume + right.volume,
  trades: left.trades + right.trades,
  turnover: rounded(left.turnover + right.turnover),
})

/** Folds the trades among events into one aggregate for each span (ms) that has any. */
export const foldTrades = (events: Iterable<TapeEvent>, spanMs: number): readonly Aggregate[] => {
  const folded: { -readonly [Field in keyof Aggregate]: Aggregate[Field] }[] = []
  let last: (typeof folded)[number] | undefined
  for (const event of events) {
    if (event.kind === 'quote') continue
    const { price, size } = event
    const time = event.time - (event.time % spanMs)
    if (last?.time !== time) {
      last = { time, open: price, high: price, low: price, close: price, volume: 0, trades: 0, turnover: 0 }
      folded.push(last)
    }
    if (price > last.high) last.high = price
    if (price < last.low) last.low = price
    last.close = price
    last.volume += size
    last.trades++
    last.turnover += price * size
  }
  for (const one of folded) one.turnover = rounded(one.turnover)
  return folded
}

/** The minutes of a contract that begin in [from, to), in order of time or against it; folded by the hour as they are asked for. */
export type Minutes = (contract: Contract, from: number, to: number, descending: boolean) => Iterable<Aggregate>

/** Creates the history of a tape; the newest hours asked for are kept. */
export const createMinutes = (tape: Tape): Minutes => {
  const held = new Map<string, readonly Aggregate[]>()

  const hourOf = (contract: Contract, start: number): readonly Aggregate[] => {
    const key = `${contractCode(contract)} ${start}`
    const known = held.get(key)
    if (known !== undefined) return known
    const folded = foldTrades(tape.events(contract, start, start + hourMs), minuteMs)
    if (held.size === hoursHeld) held.delete(held.keys().next().value ?? key)
    held.set(key, folded)
    return folded
  }

  return function* (contract, from, to, descending) {
    const first = Math.floor(Math.max(from, tape.startsAt) / hourMs)
    const last = Math.ceil(to / hourMs) - 1
    for (let n = 0; n <= last - first; n++) {
      const hour = hourOf(contract, (descending ? last - n : first + n) * hourMs)
      for (const minute of descending ? hour.toReversed() : hour)
        if (minute.time >= from && minute.time < to) yield minute
    }
  }
}
