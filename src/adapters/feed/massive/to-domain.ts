import { setImmediate } from 'node:timers/promises'
import type { z } from 'zod'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { parseInstrumentId } from '#src/domain/instruments/contract-spec.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import { parseTicker, toTicker } from './tickers.ts'
import type {
  aggregateWire,
  contractWire,
  marketStatusWire,
  productWire,
  quoteWire,
  scheduleWire,
  snapshotWire,
  tradeWire,
} from './wire.ts'

/** Rows that were not taken, by the field at fault. */
export type Dropped = Readonly<Record<string, number>>

/** A bar of any size. A whole session is known by its trade date alone: of its start the vendor says two things. */
export type Aggregate = Bar & { readonly tradeDate: string }

export type ListedContract = {
  readonly contract: Contract
  readonly firstTradeDate: string
  readonly lastTradeDate: string
  /** Size of a tick in points. */
  readonly tick: number
}

/** `unit` is what one contract holds: 100 ounces, 1,000 barrels, 5 index points' dollars. */
export type Product = {
  readonly instrument: InstrumentId
  readonly name: string
  readonly mic: string
  readonly unit: number
}

export type SessionEvent = {
  readonly instrument: InstrumentId
  readonly tradeDate: string
  readonly event: 'pre-open' | 'open' | 'pause' | 'close'
  /** Epoch ms. */
  readonly at: number
}

/** The newest of a contract; `volume` is that of the session `lastTradedAt` (epoch ms) belongs to. */
export type Snapshot = {
  readonly contract: Contract
  readonly volume?: number
  readonly lastPrice?: number
  readonly lastTradedAt?: number
  readonly isDelayed: boolean
}

/** The field for which a row is not taken. */
type Fault = string

/** Rows between two turns of other work: some milliseconds. */
const rowsATurn = 5_000

/** Reads the rows of a page one by one; a bad one costs only itself and is counted. Other work gets its turn in between. */
export const takeRows = async <Wire, T extends object>(
  rows: readonly unknown[],
  wire: z.ZodType<Wire>,
  toValue: (row: Wire) => T | Fault,
): Promise<{ readonly values: readonly T[]; readonly dropped: Dropped }> => {
  const values: T[] = []
  const dropped: Record<string, number> = {}
  for (const [at, row] of rows.entries()) {
    if (at % rowsATurn === rowsATurn - 1) await setImmediate()
    const read = wire.safeParse(row)
    const value = read.success ? toValue(read.data) : String(read.error.issues[0]?.path[0] ?? 'row')
    if (typeof value === 'object') values.push(value)
    else dropped[value] = (dropped[value] ?? 0) + 1
  }
  return { values, dropped }
}

/** A row under another contract's name is that contract's, whatever was asked for. */
const ofContract =
  <Row extends { readonly ticker: string }, T extends object>(contract: Contract, to: (row: Row) => T | Fault) =>
  (row: Row): T | Fault =>
    row.ticker === toTicker(contract) ? to(row) : 'ticker'

const ofProduct = <T extends object>(code: string, to: (instrument: InstrumentId) => T): T | Fault => {
  const instrument = parseInstrumentId(code)
  return instrument.ok ? to(instrument.value) : 'product_code'
}

export const toAggregate = (contract: Contract) =>
  ofContract<z.output<typeof aggregateWire>, Aggregate>(contract, (row) => ({
    time: row.window_start,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    tradeDate: row.session_end_date,
  }))

export const toTick = (contract: Contract, receivedTime: number) =>
  ofContract<z.output<typeof tradeWire>, Tick>(contract, ({ timestamp, price, size }) => ({
    instrument: contract.id,
    contract: contractMonth(contract),
    eventTime: timestamp,
    receivedTime,
    price,
    size,
  }))

/** A market with one side has no quote. */
export const toQuote = (contract: Contract, receivedTime: number) =>
  ofContract<z.output<typeof quoteWire>, Quote>(contract, (row) => {
    if (typeof row.bid_price !== 'number') return 'bid_price'
    if (typeof row.ask_price !== 'number') return 'ask_price'
    return {
      instrument: contract.id,
      eventTime: row.timestamp,
      receivedTime,
      bid: row.bid_price,
      ask: row.ask_price,
      bidSize: row.bid_size ?? 0,
      askSize: row.ask_size ?? 0,
    }
  })

/** Spreads are left out; the year of the contract's name is the one of its last trade date or next to it. */
export const toListedContract = (row: z.output<typeof contractWire>): ListedContract | Fault => {
  const contract = parseTicker(row.ticker, Number(row.last_trade_date.slice(0, 4)))
  if (row.type !== 'single') return 'type'
  if (contract === undefined) return 'ticker'
  return {
    contract,
    firstTradeDate: row.first_trade_date,
    lastTradeDate: row.last_trade_date,
    tick: row.trade_tick_size,
  }
}

export const toProduct = (row: z.output<typeof productWire>): Product | Fault =>
  ofProduct(row.product_code, (instrument) => ({
    instrument,
    name: row.name,
    mic: row.trading_venue,
    unit: row.unit_of_measure_qty,
  }))

const eventOf = (wire: z.output<typeof scheduleWire>['event']): SessionEvent['event'] =>
  wire === 'pre_open' ? 'pre-open' : wire

export const toSessionEvent = (row: z.output<typeof scheduleWire>): SessionEvent | Fault =>
  ofProduct(row.product_code, (instrument) => ({
    instrument,
    tradeDate: row.session_end_date,
    event: eventOf(row.event),
    at: row.timestamp,
  }))

export const toMarketStatus = (row: z.output<typeof marketStatusWire>): SessionEvent | Fault =>
  toSessionEvent({ ...row, event: row.market_event })

export const toSnapshot =
  (contracts: readonly Contract[]) =>
  (row: z.output<typeof snapshotWire>): Snapshot | Fault => {
    const contract = contracts.find((each) => toTicker(each) === row.ticker)
    if (contract === undefined) return 'ticker'
    const volume = row.session?.volume ?? undefined
    const lastTradedAt = row.last_trade?.last_updated ?? row.last_minute?.last_updated ?? undefined
    return {
      contract,
      ...(volume !== undefined && { volume }),
      ...(lastTradedAt !== undefined && { lastTradedAt }),
      ...(row.last_trade && { lastPrice: row.last_trade.price }),
      isDelayed: row.last_trade?.timeframe === 'DELAYED',
    }
  }
