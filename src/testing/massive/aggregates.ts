import { sessionOf } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import { addDays, dayOf, weekdayOf } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { tickerOf } from './listing.ts'
import type { Market } from './market.ts'
import { sessionDateOf, toNs } from './market.ts'
import { type Aggregate, foldTrades, joinAggregates } from './minutes.ts'
import { type Asked, filterOf, orderOf, parseInstant, Refusal, type Row, type Rules, stretchOf, toMs } from './query.ts'

/** How aggregates may be asked. */
export const aggregateRules: Rules = {
  filters: ['window_start'],
  instant: 'window_start',
  sorts: ['window_start'],
  order: 'window_start.desc',
  limit: 1000,
  most: 50_000,
}

/** The bucket an aggregate falls into: its first instant, epoch ms. `session` is the date of the bar's session. */
type Bucket = (time: number, session: string) => number

const secondMs = 1000
const dayMs = 86_400_000
const hourMs = 3_600_000

const startOf = (date: string): number => dayOf(date) * dayMs
const every =
  (spanMs: number): Bucket =>
  (time) =>
    time - (time % spanMs)

const monthsFrom = (date: string, months: number): number => {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
  const first = month - (month % months)
  return Date.UTC(Math.floor(first / 12), first % 12, 1)
}

const buckets: Readonly<Record<string, (n: number) => Bucket | undefined>> = {
  sec: (n) => (n < 60 ? every(n * secondMs) : undefined),
  min: (n) => (n < 60 ? every(n * minuteMs) : undefined),
  hour: (n) => (n < 24 ? every(n * hourMs) : undefined),
  // Seen in the field: the midnight UTC before the session's date, on which the session opens.
  session: (n) => (n === 1 ? (_, session) => startOf(addDays(session, -1)) : undefined),
  week: (n) => (n === 1 ? (_, session) => startOf(addDays(session, -((weekdayOf(session) + 6) % 7))) : undefined),
  month: (n) => (n === 1 ? (_, session) => monthsFrom(session, 1) : undefined),
  quarter: (n) => (n === 1 ? (_, session) => monthsFrom(session, 3) : undefined),
  year: (n) => (n === 1 ? (_, session) => monthsFrom(session, 12) : undefined),
}
/** Longest stretch a bucket of a unit may reach back or on, ms. */
const reachMs: Readonly<Record<string, number>> = {
  sec: minuteMs,
  min: hourMs,
  hour: dayMs,
  session: 5 * dayMs,
  week: 8 * dayMs,
  month: 35 * dayMs,
  quarter: 96 * dayMs,
  year: 370 * dayMs,
}

const resolutionOf = (text: string) => {
  const [, digits, unit = ''] = /^([1-9]\d?)([a-z]+)$/.exec(text) ?? []
  const bucket = buckets[unit]?.(Number(digits))
  if (bucket === undefined) throw new Refusal(400, `'${text}' is not a supported resolution`)
  return { bucket, unit, reach: reachMs[unit] ?? 0 }
}

/** Rows of one bucket joined; they come in order, or all of them against it. */
function* joined(
  contract: Contract,
  bars: Iterable<Aggregate>,
  bucket: Bucket,
  descending: boolean,
): Iterable<Aggregate & { readonly session: string }> {
  let forming: (Aggregate & { readonly session: string }) | undefined
  for (const bar of bars) {
    const session = sessionDateOf(contract, bar.time)
    const time = bucket(bar.time, session)
    if (forming !== undefined && forming.time === time) {
      const [earlier, later] = descending ? [bar, forming] : [forming, bar]
      forming = { ...joinAggregates(earlier, later), time, session: descending ? forming.session : session }
      continue
    }
    if (forming !== undefined) yield forming
    forming = { ...bar, time, session }
  }
  if (forming !== undefined) yield forming
}

const settles = ['session', 'week', 'month', 'quarter', 'year']

const settlementOf = (contract: Contract, session: string, close: number, asOf: number): number | undefined =>
  (sessionOf(specOf(contract.id).group, session)?.close ?? asOf + 1) <= asOf ? close : undefined

/** The same parameters with every instant moved to the start of its bucket, as the vendor does: a date means its session. */
const snapped = (contract: Contract, params: URLSearchParams, bucket: Bucket): URLSearchParams =>
  new URLSearchParams(
    [...params].map(([name, text]): [string, string] => {
      if (!name.startsWith('window_start')) return [name, text]
      const ms = toMs(parseInstant(text))
      return [name, String(toNs(bucket(ms, sessionDateOf(contract, ms))))]
    }),
  )

/**
 * The aggregates of a contract, built from the minutes that are over at `asOf`. Empty stretches have none; a session's
 * settlement is its last price, told once the session is over.
 */
export function* aggregateRows(market: Market, contract: Contract, { params: given, asOf }: Asked): Iterable<Row> {
  const { bucket, unit, reach } = resolutionOf(given.get('resolution') ?? '1session')
  const params = snapped(contract, given, bucket)
  const descending = orderOf(aggregateRules, params)[0]?.[1] === -1
  const passes = filterOf(aggregateRules, params)
  const stretch = stretchOf(aggregateRules, params)
  const from = Math.max(market.tape.startsAt, stretch.from - reach)
  const to = Math.min(asOf - (asOf % minuteMs), stretch.to + reach)
  const minutes = market.minutes(contract, from, to, descending)
  const finer = unit === 'sec' ? secondsOf(market, contract, minutes, descending) : minutes
  for (const bar of joined(contract, finer, bucket, descending)) {
    const row = {
      ticker: tickerOf(contract),
      window_start: toNs(bar.time),
      session_end_date: bar.session,
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: bar.volume,
      transactions: bar.trades,
      dollar_volume: bar.turnover,
      settlement_price: settles.includes(unit) ? settlementOf(contract, bar.session, bar.close, asOf) : undefined,
    }
    if (passes(row)) yield row
  }
}

function* secondsOf(market: Market, contract: Contract, minutes: Iterable<Aggregate>, descending: boolean) {
  for (const { time } of minutes) {
    const seconds = foldTrades(market.tape.events(contract, time, time + minuteMs), secondMs)
    yield* descending ? seconds.toReversed() : seconds
  }
}
