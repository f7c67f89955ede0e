import type { z } from 'zod'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Quote, Tick } from '#src/domain/market/tick.ts'
import type { Refused } from '#src/engine/ports.ts'
import { createFlights } from './rest-flights.ts'
import { pagesOf } from './rest-pages.ts'
import { createRequest, type RequestDeps } from './rest-request.ts'
import { toTicker } from './tickers.ts'
import {
  type Aggregate,
  type Dropped,
  type ListedContract,
  type Product,
  type SessionEvent,
  type Snapshot,
  takeRows,
  toAggregate,
  toListedContract,
  toMarketStatus,
  toProduct,
  toQuote,
  toSessionEvent,
  toSnapshot,
  toTick,
} from './to-domain.ts'
import {
  aggregateWire,
  contractWire,
  marketStatusWire,
  productWire,
  quoteWire,
  scheduleWire,
  snapshotWire,
  tradeWire,
} from './wire.ts'

/** One page of a long answer; `more` follow. */
export type Page<T> = {
  readonly ok: true
  readonly rows: readonly T[]
  readonly more: boolean
  readonly dropped: Dropped
}

/** A whole answer. */
type Listed<T> = Promise<{ readonly ok: true; readonly value: readonly T[]; readonly dropped: Dropped } | Refused>

/** The instants from `from` to before `to`, epoch ms; `limit` rows a page, 50,000 at most and usually. */
type Range = {
  readonly from: number
  readonly to: number
  readonly limit?: number
  readonly sort?: 'asc' | 'desc'
}

type Resolution = `${number}${'sec' | 'min' | 'hour' | 'session' | 'week' | 'month' | 'quarter' | 'year'}`

const mostRows = 50_000

/** Nanoseconds as text: as a number they are beyond 2^53. */
const toNanoseconds = (ms: number): string => `${BigInt(Math.floor(ms)) * 1_000_000n}`

const rangeOf = (field: string, { from, to, limit = mostRows, sort = 'asc' }: Range) => ({
  [`${field}.gte`]: toNanoseconds(from),
  [`${field}.lt`]: toNanoseconds(to),
  sort: `${field}.${sort}`,
  limit: `${limit}`,
})

/**
 * The vendor's REST interface, each answer checked and in our words. Requests of one client wait in one line, at most
 * `requestsPerMinute`. The verbs never reject: what went wrong is a refusal, and none holds the key.
 */
export const createMassiveRest = ({
  baseUrl,
  fetch = globalThis.fetch,
  ...deps
}: Omit<RequestDeps, 'fetch'> & { readonly baseUrl: string; readonly fetch?: typeof globalThis.fetch }) => {
  const pages = pagesOf(createFlights(createRequest({ ...deps, fetch })))

  const addressOf = (path: string, query: Readonly<Record<string, string>>): URL =>
    new URL(`${baseUrl.replace(/\/$/, '')}/futures/v1/${path}?${new URLSearchParams(query)}`)

  async function* read<Wire, T extends object>(
    address: URL,
    wire: z.ZodType<Wire>,
    toValue: (row: Wire) => T | string,
    signal: AbortSignal,
  ): AsyncGenerator<Page<T> | Refused, void, undefined> {
    for await (const page of pages(address, signal)) {
      if (!page.ok) return yield page
      const { values, dropped } = await takeRows(page.rows, wire, toValue)
      yield { ok: true, rows: values, more: page.more, dropped }
    }
  }

  const list = async <Wire, T extends object>(
    address: URL,
    wire: z.ZodType<Wire>,
    toValue: (row: Wire) => T | string,
    signal: AbortSignal,
  ): Listed<T> => {
    let value: readonly T[] = []
    const dropped: Record<string, number> = {}
    for await (const page of read(address, wire, toValue, signal)) {
      if (!page.ok) return page
      value = [...value, ...page.rows]
      for (const [field, rows] of Object.entries(page.dropped)) dropped[field] = (dropped[field] ?? 0) + rows
    }
    return { ok: true, value, dropped }
  }

  return {
    /** Bars of a contract that begin in a range, page by page. */
    aggregates: (
      contract: Contract,
      { resolution, ...range }: Range & { readonly resolution: Resolution },
      signal: AbortSignal,
    ): AsyncIterable<Page<Aggregate> | Refused> =>
      read(
        addressOf(`aggs/${toTicker(contract)}`, { resolution, ...rangeOf('window_start', range) }),
        aggregateWire,
        toAggregate(contract),
        signal,
      ),

    /** Trades of a contract in a range, page by page; the better plans alone have them. */
    trades: (contract: Contract, range: Range, signal: AbortSignal): AsyncIterable<Page<Tick> | Refused> =>
      read(
        addressOf(`trades/${toTicker(contract)}`, rangeOf('timestamp', range)),
        tradeWire,
        toTick(contract, deps.wall()),
        signal,
      ),

    /** Two-sided quotes of a contract in a range, page by page; the best plans alone have them. */
    quotes: (contract: Contract, range: Range, signal: AbortSignal): AsyncIterable<Page<Quote> | Refused> =>
      read(
        addressOf(`quotes/${toTicker(contract)}`, rangeOf('timestamp', range)),
        quoteWire,
        toQuote(contract, deps.wall()),
        signal,
      ),

    /** The contracts of some markets that could be traded on a date. */
    contracts: (instruments: readonly InstrumentId[], date: string, signal: AbortSignal): Listed<ListedContract> =>
      list(
        // Without a date the vendor lists every contract once for each day of its life.
        addressOf('contracts', {
          date,
          'product_code.any_of': instruments.join(),
          active: 'true',
          type: 'single',
          limit: '1000',
        }),
        contractWire,
        toListedContract,
        signal,
      ),

    /** What some markets are on a date. */
    products: (instruments: readonly InstrumentId[], date: string, signal: AbortSignal): Listed<Product> =>
      list(
        addressOf('products', { date, 'product_code.any_of': instruments.join(), limit: `${mostRows}` }),
        productWire,
        toProduct,
        signal,
      ),

    /** When some markets open and close on the trade dates `from` to `to`, both included; an event may come twice. */
    schedules: (
      instruments: readonly InstrumentId[],
      { from, to }: { readonly from: string; readonly to: string },
      signal: AbortSignal,
    ): Listed<SessionEvent> =>
      list(
        addressOf('schedules', {
          'product_code.any_of': instruments.join(),
          'session_end_date.gte': from,
          'session_end_date.lte': to,
          limit: '1000',
        }),
        scheduleWire,
        toSessionEvent,
        signal,
      ),

    /** What happened last to each market: it opened, paused or closed. */
    marketStatus: (instruments: readonly InstrumentId[], signal: AbortSignal): Listed<SessionEvent> =>
      list(
        addressOf('market-status', { 'product_code.any_of': instruments.join(), limit: '99' }),
        marketStatusWire,
        toMarketStatus,
        signal,
      ),

    /** The newest of each contract; one the vendor does not know is left out. */
    snapshot: (contracts: readonly Contract[], signal: AbortSignal): Listed<Snapshot> =>
      list(
        // Asked by product the answer is mostly spreads.
        addressOf('snapshot', { 'ticker.any_of': contracts.map(toTicker).join(), limit: `${mostRows}` }),
        snapshotWire,
        toSnapshot(contracts),
        signal,
      ),
  }
}

export type MassiveRest = ReturnType<typeof createMassiveRest>
