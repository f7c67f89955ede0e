import type { Contract } from '#src/domain/instruments/instrument.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { tickerOf } from './listing.ts'
import { type Market, sessionDateOf, toNs } from './market.ts'
import { type Asked, filterOf, orderOf, type Row, type Rules, stretchOf } from './query.ts'
import { indexOf, type TapeEvent } from './tape.ts'

/** How trades may be asked. */
export const tradeRules: Rules = {
  filters: ['timestamp', 'session_end_date'],
  instant: 'timestamp',
  sorts: ['timestamp'],
  order: 'timestamp.desc',
  limit: 10,
  most: 50_000,
}

/** How quotes may be asked. */
export const quoteRules: Rules = { ...tradeRules, limit: 100 }

/** The vendor's number of the stream the print came on. */
const channel = 360

/** Nanoseconds of an event: within its millisecond in the order told, with digits a double cannot hold. */
const instantOf = (time: number, index: number): bigint => toNs(time) + BigInt(Math.min(index, 9_999) * 100 + 37)

const rowOf = (contract: Contract, event: TapeEvent, index: number): Row => {
  const common = { ticker: tickerOf(contract), session_end_date: sessionDateOf(contract, event.time), channel }
  if (event.kind === 'trade') {
    const { price, size, sequence } = event
    const timestamp = instantOf(event.time, indexOf(sequence))
    return { ...common, timestamp, price, size, sequence_number: sequence, report_sequence: sequence }
  }
  const timestamp = instantOf(event.time, index)
  return {
    ...common,
    timestamp,
    bid_price: event.bid,
    bid_size: event.bidSize,
    bid_timestamp: timestamp,
    ask_price: event.ask,
    ask_size: event.askSize,
    ask_timestamp: timestamp,
    sequence_number: event.time * 10 + (index % 10),
    report_sequence: index,
  }
}

/** The trades or the quotes of a contract up to `asOf`. */
export function* printRows(market: Market, contract: Contract, kind: TapeEvent['kind'], asked: Asked): Iterable<Row> {
  const rules = kind === 'trade' ? tradeRules : quoteRules
  const descending = orderOf(rules, asked.params)[0]?.[1] === -1
  const passes = filterOf(rules, asked.params)
  const { from, to } = stretchOf(rules, asked.params)
  const last = Math.min(asked.asOf, to + 1)
  // Only minutes with a trade are walked: no market is quoted for long without one.
  for (const { time } of market.minutes(contract, from - minuteMs, last, descending)) {
    const events = [...market.tape.events(contract, time, Math.min(time + minuteMs, last))]
    const rows = events.filter((event) => event.kind === kind).map((event, index) => rowOf(contract, event, index))
    for (const row of descending ? rows.reverse() : rows) if (passes(row)) yield row
  }
}
