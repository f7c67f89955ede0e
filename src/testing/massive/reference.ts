import { sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { lastTradeDate } from '#src/domain/instruments/expiry.ts'
import type { Contract, ContractSpec, InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { addDays, dayOf, easternAt } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { firstTradeDate, isActive, tickerOf } from './listing.ts'
import type { Market } from './market.ts'
import type { Asked, Row, Rules } from './query.ts'

/** How contracts may be asked; sorting by anything else is refused, as seen in the field. */
export const contractRules: Rules = {
  filters: ['date', 'product_code', 'ticker', 'active', 'type', 'first_trade_date', 'last_trade_date'],
  sorts: ['date', 'product_code', 'ticker'],
  order: 'product_code.asc',
  limit: 100,
  most: 1001,
}

/** How products may be asked. */
export const productRules: Rules = {
  filters: [
    'name',
    'product_code',
    'date',
    'trading_venue',
    'sector',
    'sub_sector',
    'asset_class',
    'asset_sub_class',
    'type',
  ],
  sorts: ['date', 'name', 'product_code', 'trading_venue', 'type'],
  order: 'date.asc',
  limit: 100,
  most: 50_001,
}

/** How schedules may be asked. */
export const scheduleRules: Rules = {
  filters: ['product_code', 'session_end_date', 'trading_venue'],
  sorts: ['product_code', 'session_end_date', 'trading_venue'],
  order: 'product_code.asc',
  limit: 10,
  most: 1001,
}

/** How the market's status may be asked. */
export const statusRules: Rules = {
  filters: ['product_code'],
  sorts: ['product_code'],
  order: 'product_code.asc',
  limit: 10,
  most: 100,
}

/** How exchanges may be asked. */
export const exchangeRules: Rules = { filters: [], sorts: ['id'], order: 'id.asc', limit: 100, most: 1000 }

/** Without a date there is a row for every contract and day; this many days are told. */
const historyDays = 30
const dayMs = 86_400_000

const today = (asOf: number): string => easternAt(asOf).date

const singleRow = (contract: Contract, date: string): Row => {
  const { id } = contract
  const spec = specOf(id)
  const last = lastTradeDate(contract)
  const tick = 1 / spec.ticksPerPoint
  return {
    active: isActive(contract, date),
    date,
    days_to_maturity: Math.max(0, dayOf(last) - dayOf(date)),
    first_trade_date: firstTradeDate(contract),
    group_code: id,
    last_trade_date: last,
    max_order_quantity: 1999,
    min_order_quantity: 1,
    name: `${tickerOf(contract)} Future`,
    product_code: id,
    settlement_date: last,
    settlement_tick_size: tick,
    spread_tick_size: tick,
    ticker: tickerOf(contract),
    trade_tick_size: tick,
    trading_venue: spec.mic,
    type: 'single',
  }
}

/** The calendar spread of two neighbors, which the vendor lists among the contracts. */
const comboRow = (row: Row, later: Row): Row => ({
  ...row,
  name: `${row['ticker']}-${later['ticker']} Spread`,
  ticker: `${row['ticker']}-${later['ticker']}`,
  type: 'combo',
})

const rowsOfDate = (market: Market, date: string): readonly Row[] => {
  const singles = market.contractsOn(date).map((contract) => singleRow(contract, date))
  const combos = singles.slice(1).flatMap((later, i) => {
    const row = singles[i]
    return row !== undefined && row['product_code'] === later['product_code'] ? [comboRow(row, later)] : []
  })
  return [...singles, ...combos]
}

/** The contracts on a date, or on each of the last days when none is named; only single ones when no type is. */
export const contractRows = (market: Market, { params, asOf }: Asked): readonly Row[] => {
  const date = params.get('date')
  const dates =
    date === null ? Array.from({ length: historyDays }, (_, n) => addDays(today(asOf), n + 1 - historyDays)) : [date]
  const isTyped = params.has('type') || params.has('type.any_of')
  return dates.flatMap((each) => rowsOfDate(market, each)).filter((row) => isTyped || row['type'] === 'single')
}

/** How the vendor files a market. */
type Kind = {
  readonly assetClass: string
  readonly subClass: string
  readonly sector: string
  readonly unit: string
}

const kinds: Readonly<Record<MarketGroup, Kind>> = {
  equity: { assetClass: 'financials', subClass: 'equity', sector: 'us_index', unit: 'IPNT' },
  metals: { assetClass: 'commodity', subClass: 'metals', sector: 'precious', unit: 'TRYOZ' },
  energy: { assetClass: 'commodity', subClass: 'energy', sector: 'crude_oil', unit: 'BBL' },
}
const copper: Partial<Record<InstrumentId, Partial<Kind>>> = {
  MHG: { sector: 'base', unit: 'LBS' },
  HG: { sector: 'base', unit: 'LBS' },
}

const nameOf = ({ name, microOf }: ContractSpec): string => `${microOf ? 'Micro ' : ''}${name} Futures`

/** The products of the tape's contracts. */
export const productRows = (market: Market, { params, asOf }: Asked): readonly Row[] =>
  market.tape.instruments.map((id) => {
    const spec = specOf(id)
    const { assetClass, subClass, sector, unit } = { ...kinds[spec.group], ...copper[id] }
    return {
      asset_class: assetClass,
      asset_sub_class: subClass,
      date: params.get('date') ?? today(asOf),
      last_updated: today(asOf),
      name: nameOf(spec),
      price_quotation: 'U.S. dollars and cents',
      product_code: id,
      sector,
      settlement_currency_code: 'USD',
      settlement_method: spec.group === 'equity' || id === 'MHG' ? 'financially_settled' : 'deliverable',
      settlement_type: spec.group === 'equity' || id === 'MHG' ? 'cash' : 'physical',
      trade_currency_code: 'USD',
      trading_venue: spec.mic,
      type: 'single',
      unit_of_measure: unit,
      // Ticks in a point times the dollars a tick is worth.
      unit_of_measure_qty: (spec.ticksPerPoint * spec.tickValue) / 10_000,
    }
  })

type Happening = { readonly event: 'pre_open' | 'open' | 'pause' | 'close'; readonly at: number }

/** Orders are taken this long before a session opens, ms. */
const preOpenMs = 15 * minuteMs
/** A stop no longer than this is a pause in which nothing is opened anew. */
const shortStopMs = 60 * minuteMs

/** What happens in a session, in order: a halt on a holiday is a pause followed by a new pre-open. */
const happeningsOf = (group: MarketGroup, tradeDate: string): readonly Happening[] => {
  const segments = sessionOf(group, tradeDate)?.segments ?? []
  return segments.flatMap(({ open, close }, i): readonly Happening[] => {
    const before = segments[i - 1]
    const opensAnew = before === undefined || open - before.close > shortStopMs
    return [
      ...(opensAnew ? [{ event: 'pre_open', at: open - preOpenMs } as const] : []),
      { event: 'open', at: open },
      { event: i === segments.length - 1 ? 'close' : 'pause', at: close },
    ]
  })
}

/** An instant as the vendor writes it: '2024-06-09T21:00:00+00:00'. */
const writeInstant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+00:00')

/** The dates schedules are told of: those the filters leave, else a year either way. */
const datesOf = ({ params, asOf }: Asked): readonly string[] => {
  const bound = (otherwise: string, ...suffixes: string[]): string =>
    suffixes.map((suffix) => params.get(`session_end_date${suffix}`)).find((date) => date !== null) ?? otherwise
  const first = dayOf(bound(addDays(today(asOf), -365), '', '.gte', '.gt'))
  const last = dayOf(bound(addDays(today(asOf), 365), '', '.lte', '.lt'))
  return Array.from({ length: Math.max(0, Math.min(3660, last - first + 1)) }, (_, n) =>
    new Date((first + n) * dayMs).toISOString().slice(0, 10),
  )
}

/** The schedules of the exchange calendar; every row comes twice, as seen in the field. */
export const scheduleRows = (market: Market, asked: Asked): readonly Row[] =>
  market.tape.instruments.flatMap((id) => {
    const spec = specOf(id)
    return datesOf(asked).flatMap((date) =>
      happeningsOf(spec.group, date).flatMap(({ event, at }) => {
        const row = {
          event,
          product_code: id,
          product_name: nameOf(spec),
          session_end_date: date,
          timestamp: writeInstant(at),
          trading_venue: spec.mic,
        }
        return [row, row]
      }),
    )
  })

/** Where each product stands: the last thing that happened to it. */
export const statusRows = (market: Market, { asOf }: Asked): readonly Row[] =>
  market.tape.instruments.map((id) => {
    const spec = specOf(id)
    const date = tradeDateAt(spec.group, asOf)
    const last = happeningsOf(spec.group, date).findLast(({ at }) => at <= asOf) ?? { event: 'close', at: asOf }
    return {
      market_event: last.event,
      name: nameOf(spec),
      product_code: id,
      session_end_date: date,
      timestamp: writeInstant(last.at),
      trading_venue: spec.mic,
    }
  })

const exchange = (id: string, acronym: string, mic: string, name: string): Row => ({
  acronym,
  id,
  locale: 'US',
  mic,
  name,
  operating_mic: 'XCME',
  type: 'exchange',
  url: 'https://cmegroup.com',
})

/** The four exchanges of the group. */
export const exchangeRows = (): readonly Row[] => [
  exchange('3', 'CBOT', 'XCBT', 'Chicago Board of Trade'),
  exchange('4', 'CME', 'XCME', 'Chicago Mercantile Exchange'),
  exchange('5', 'COMEX', 'XCEC', 'Commodity Exchange'),
  exchange('6', 'NYMEX', 'XNYM', 'New York Mercantile Exchange'),
]
