import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import { toNumber } from './wire.ts'

/** A trade as the vendor sends it; `time` epoch ms, `sequence` of the contract's reports where it is given. */
type WireTrade = {
  readonly ev: 'T'
  readonly sym: string
  readonly price: number
  readonly size: number
  readonly time: number
  readonly sequence: number | undefined
}

/** Best bid and ask; a side without orders is undefined. */
export type WireQuote = {
  readonly ev: 'Q'
  readonly sym: string
  readonly bid: number | undefined
  readonly bidSize: number
  readonly ask: number | undefined
  readonly askSize: number
  readonly time: number
}

type WireMinute = { readonly ev: 'AM'; readonly sym: string; readonly bar: Bar }

export type WireStatus = { readonly ev: 'status'; readonly status: string; readonly message: string }

export type MarketEvent = WireTrade | WireQuote | WireMinute

/** Why something on the wire was not taken. */
export type Refusal =
  | 'not-json'
  | 'not-an-array'
  | 'not-an-object'
  | 'unknown-event'
  | 'contract'
  | 'price'
  | 'size'
  | 'time'
  | 'status'
  | 'unasked'
  | 'foreign-contract'
  | 'off-grid'
  | 'duplicate'

type Fields = Readonly<Record<string, unknown>>

const dayMs = 86_400_000
/** A clock a few minutes slow still hears the market; an event further ahead would close minutes nobody has seen. */
const aheadMs = 5 * minuteMs
/** Far above any price there is; a number beyond it is not one. */
const highestPrice = 10_000_000

const numberOf = (wire: unknown): number => toNumber(wire) ?? Number.NaN

/** A price may be negative, as crude's was on 2020-04-20; exactly 0 is a field that was never filled. */
const isPrice = (price: number): boolean => price !== 0 && Math.abs(price) < highestPrice

const isSize = (size: number): boolean => size > 0 && Number.isSafeInteger(size)

const isNear = (time: number, now: number): boolean => time > now - dayMs && time < now + aheadMs

const toTrade = (fields: Fields, sym: string, now: number): WireTrade | Refusal => {
  const price = numberOf(fields['p'])
  const size = numberOf(fields['s'])
  const time = Math.floor(numberOf(fields['t']))
  if (!isPrice(price)) return 'price'
  if (!isSize(size)) return 'size'
  if (!isNear(time, now)) return 'time'
  const sequence = numberOf(fields['q'])
  return { ev: 'T', sym, price, size, time, sequence: Number.isNaN(sequence) ? undefined : sequence }
}

/** The price of one side of the book: undefined without orders there, NaN when it cannot be read. */
const sideOf = (price: unknown, size: number): number | undefined => {
  if (price === undefined || size === 0) return undefined
  const value = numberOf(price)
  return isPrice(value) ? value : Number.NaN
}

const sizeOf = (value: unknown): number => (value === undefined ? 0 : numberOf(value))

const toQuote = (fields: Fields, sym: string, now: number): WireQuote | Refusal => {
  const bidSize = sizeOf(fields['bs'])
  const askSize = sizeOf(fields['as'])
  if (!(isSize(bidSize) || bidSize === 0) || !(isSize(askSize) || askSize === 0)) return 'size'
  const bid = sideOf(fields['bp'], bidSize)
  const ask = sideOf(fields['ap'], askSize)
  // A crossed book is refused with what cannot be read; the undefined side compares as false.
  if (Number.isNaN(bid) || Number.isNaN(ask) || Number(bid) > Number(ask)) return 'price'
  const time = Math.floor(numberOf(fields['t']))
  return isNear(time, now) ? { ev: 'Q', sym, bid, bidSize, ask, askSize, time } : 'time'
}

const toMinute = (fields: Fields, sym: string, now: number): WireMinute | Refusal => {
  const time = numberOf(fields['s'])
  const open = numberOf(fields['o'])
  const high = numberOf(fields['h'])
  const low = numberOf(fields['l'])
  const close = numberOf(fields['c'])
  const volume = numberOf(fields['v'])
  if (!isPrice(open) || !isPrice(high) || !isPrice(low) || !isPrice(close)) return 'price'
  if (high < Math.max(open, close) || low > Math.min(open, close)) return 'price'
  if (!isSize(volume)) return 'size'
  if (time % minuteMs !== 0 || numberOf(fields['e']) !== time + minuteMs || !isNear(time, now)) return 'time'
  return { ev: 'AM', sym, bar: { time, open, high, low, close, volume } }
}

const toStatus = ({ status, message }: Fields): WireStatus | Refusal =>
  typeof status === 'string' ? { ev: 'status', status, message: typeof message === 'string' ? message : '' } : 'status'

const toEvent = (fields: Fields, now: number): MarketEvent | WireStatus | Refusal => {
  const { ev, sym } = fields
  if (ev === 'status') return toStatus(fields)
  // Second bars are a kind of their own that is never asked for.
  if (ev === 'A') return 'unasked'
  if (ev !== 'T' && ev !== 'Q' && ev !== 'AM') return 'unknown-event'
  if (typeof sym !== 'string') return 'contract'
  if (ev === 'T') return toTrade(fields, sym, now)
  return ev === 'Q' ? toQuote(fields, sym, now) : toMinute(fields, sym, now)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Reads one text frame, a JSON array that may mix kinds of events, and gives its sound events in their order. What cannot
 * be read is told to `refuse` by kind and never guessed. `now` is market time, epoch ms: an event more than a day before
 * or five minutes after it is refused. Written by hand because a schema costs more than the rest of the journey.
 */
export const readFrame = (
  text: string,
  now: number,
  refuse: (kind: Refusal) => void,
): readonly (MarketEvent | WireStatus)[] => {
  const frame = parse(text)
  if (!Array.isArray(frame)) {
    refuse(frame === undefined ? 'not-json' : 'not-an-array')
    return []
  }
  const events: (MarketEvent | WireStatus)[] = []
  for (const fields of frame) {
    const event = typeof fields === 'object' && fields !== null ? toEvent(fields, now) : 'not-an-object'
    if (typeof event === 'string') refuse(event)
    else events.push(event)
  }
  return events
}
