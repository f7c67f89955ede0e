import { previousTradeDate, sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import { lastTradeDate } from '#src/domain/instruments/expiry.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { dayOf } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { tickerOf } from './listing.ts'
import { type Market, toNs } from './market.ts'
import { type Aggregate, joinAggregates } from './minutes.ts'
import type { Asked, Row, Rules } from './query.ts'
import type { TapeQuote, TapeTrade } from './tape.ts'

/** How snapshots may be asked. */
export const snapshotRules: Rules = {
  filters: ['product_code', 'ticker'],
  sorts: ['product_code', 'ticker'],
  order: 'ticker.asc',
  limit: 100,
  most: 50_001,
}

const dayMs = 86_400_000

/** What a plan may see of the last prints, and the word for how old they are. */
type Seen = { readonly trades: boolean; readonly quotes: boolean; readonly timeframe: 'REAL-TIME' | 'DELAYED' }

/** The session's bar so far: of the one that runs, or of the last one while the market is shut. */
const sessionBar = (market: Market, contract: Contract, asOf: number) => {
  const { group } = specOf(contract.id)
  const running = tradeDateAt(group, asOf)
  const opened = (sessionOf(group, running)?.open ?? asOf) < asOf
  const date = opened ? running : previousTradeDate(group, running)
  const session = sessionOf(group, date)
  if (session === undefined) return undefined
  const end = Math.min(session.close, asOf - (asOf % minuteMs))
  const minutes = [...market.minutes(contract, session.open, end, false)]
  const [first, ...others] = minutes
  if (first === undefined) return undefined
  const bar = others.reduce(joinAggregates, first)
  const [before] = market.minutes(contract, session.open - 7 * dayMs, session.open, true)
  return { bar, last: minutes.at(-1) ?? first, settled: session.close <= asOf, previous: before?.close }
}

const lastMinute = ({ open, high, low, close, volume, time }: Aggregate, timeframe: string): Row => ({
  open,
  high,
  low,
  close,
  volume,
  // Milliseconds, unlike its neighbors: so it stands in the vendor's example.
  last_updated: time + minuteMs,
  timeframe,
})

const lastQuote = ({ time, bid, bidSize, ask, askSize }: TapeQuote, timeframe: string): Row => ({
  bid,
  bid_size: bidSize,
  bid_timestamp: toNs(time),
  ask,
  ask_size: askSize,
  ask_timestamp: toNs(time),
  last_updated: toNs(time),
  timeframe,
})

const lastTrade = ({ time, price, size }: TapeTrade, timeframe: string): Row => ({
  price,
  size,
  last_updated: toNs(time),
  timeframe,
})

const snapshotOf = (market: Market, contract: Contract, asOf: number, seen: Seen): Row => {
  const session = sessionBar(market, contract, asOf)
  // Ticker and product stand beside the details as in the vendor's example, not within them as in its schema.
  const base = {
    ticker: tickerOf(contract),
    product_code: contract.id,
    details: { settlement_date: toNs(dayOf(lastTradeDate(contract)) * dayMs) },
  }
  if (session === undefined) return base
  const { bar, last, settled, previous } = session
  const events = [...market.tape.events(contract, last.time, Math.min(asOf, last.time + minuteMs))]
  const quote = events.filter((event) => event.kind === 'quote').at(-1)
  const trade = events.filter((event) => event.kind === 'trade').at(-1)
  return {
    ...base,
    last_minute: lastMinute(last, seen.timeframe),
    last_quote: seen.quotes && quote ? lastQuote(quote, seen.timeframe) : undefined,
    last_trade: seen.trades && trade ? lastTrade(trade, seen.timeframe) : undefined,
    session: {
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: bar.volume,
      change: previous === undefined ? undefined : bar.close - previous,
      // A fraction, not a percentage: so it stands in the vendor's example.
      change_percent: previous === undefined ? undefined : (bar.close - previous) / previous,
      previous_settlement: previous,
      settlement_price: settled ? bar.close : undefined,
    },
  }
}

/** The contracts at `asOf` with their session so far. Only those asked for are worked out. */
export const snapshotRows = (market: Market, { params, asOf }: Asked, seen: Seen): readonly Row[] => {
  const tickers = params.get('ticker.any_of')?.split(',') ?? params.getAll('ticker')
  return market
    .contractsAt(asOf)
    .filter((contract) => tickers.length === 0 || tickers.includes(tickerOf(contract)))
    .map((contract) => snapshotOf(market, contract, asOf, seen))
}
