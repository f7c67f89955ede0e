import { z } from 'zod'

const decimal = /^-?\d+(\.\d+)?$/

/** A number as the vendor writes it, plain or in quotes; undefined for all else: '', NaN, Infinity, '0x10'. */
export const toNumber = (wire: unknown): number | undefined => {
  const number = typeof wire === 'string' && decimal.test(wire) ? Number(wire) : wire
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Refuses what `read` has no answer for. */
const readBy =
  <T>(read: (wire: unknown) => T | undefined, what: string) =>
  (wire: unknown, context: z.RefinementCtx): T => {
    const value = read(wire)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `is no ${what}` })
    return z.NEVER
  }

// Numbers go first: nearly all are, and a transform costs several times a plain check.
export const wireNumber = z.union([z.number(), z.string().transform(readBy(toNumber, 'number'))])

/** Nanoseconds are beyond 2^53, so JSON.parse has moved them by up to 128; a whole millisecond must stay itself. */
const roundingMs = 2 ** -12

/**
 * Epoch ms of an instant in nanoseconds, microseconds or milliseconds, told apart by magnitude because the vendor mixes
 * them, or in ISO 8601 with its zone; undefined for all else.
 */
export const toEpochMs = (wire: unknown): number | undefined => {
  const number = toNumber(wire)
  if (number === undefined) return typeof wire === 'string' ? isoToMs(wire) : undefined
  if (number > 1e17) return Math.floor(number / 1e6 + roundingMs)
  if (number > 1e14) return Math.floor(number / 1e3)
  return number > 1e11 ? Math.floor(number) : undefined
}

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

const isoToMs = (text: string): number | undefined => {
  const ms = iso.test(text) ? Math.floor(Date.parse(text)) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

const instant = z.union([z.number(), z.string()]).transform(readBy(toEpochMs, 'instant'))
const date = z.iso.date()
const count = wireNumber.refine((number) => Number.isInteger(number) && number >= 0, 'is no count')

/** Any answer: its rows are read one by one, so that a bad one costs only itself. No rows at all may be written null. */
export const pageWire = z.looseObject({
  results: z.array(z.unknown()).nullable(),
  next_url: z.string().nullish(),
})

/** What an answer that is not 200 says of itself; the vendor has two places for it. */
export const refusalWire = z.looseObject({ error: z.string().nullish(), message: z.string().nullish() })

export const aggregateWire = z.looseObject({
  ticker: z.string(),
  // The start of the bar. Of a session the vendor's own examples disagree about it: a session is known by its end date.
  window_start: instant,
  session_end_date: date,
  open: wireNumber,
  high: wireNumber,
  low: wireNumber,
  close: wireNumber,
  volume: count,
})

export const contractWire = z.looseObject({
  ticker: z.string(),
  product_code: z.string(),
  type: z.string(),
  first_trade_date: date,
  last_trade_date: date,
  trade_tick_size: wireNumber,
})

export const productWire = z.looseObject({
  product_code: z.string(),
  date,
  name: z.string(),
  trading_venue: z.string(),
  unit_of_measure_qty: wireNumber,
})

const sessionEvent = z.enum(['pre_open', 'open', 'pause', 'close'])

export const scheduleWire = z.looseObject({
  product_code: z.string(),
  session_end_date: date,
  event: sessionEvent,
  timestamp: instant,
})

export const marketStatusWire = z.looseObject({
  product_code: z.string(),
  session_end_date: date,
  market_event: sessionEvent,
  timestamp: instant,
})

const atTopOrInDetails = (row: unknown): unknown =>
  typeof row === 'object' && row !== null && 'details' in row && typeof row.details === 'object'
    ? { ...row.details, ...row }
    : row

/** The example has the contract's name at the top, the schema under `details`: either is read. */
export const snapshotWire = z.preprocess(
  atTopOrInDetails,
  z.looseObject({
    ticker: z.string(),
    last_minute: z.looseObject({ last_updated: instant.nullish() }).nullish(),
    last_trade: z
      .looseObject({ price: wireNumber, size: count.nullish(), last_updated: instant, timeframe: z.string().nullish() })
      .nullish(),
    session: z.looseObject({ volume: count.nullish() }).nullish(),
  }),
)

export const tradeWire = z.looseObject({
  ticker: z.string(),
  timestamp: instant,
  price: wireNumber,
  size: count,
})

/** The price of an empty side is absent. */
export const quoteWire = z.looseObject({
  ticker: z.string(),
  timestamp: instant,
  bid_price: wireNumber.nullish(),
  bid_size: count.nullish(),
  ask_price: wireNumber.nullish(),
  ask_size: count.nullish(),
})

export const exchangeWire = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  mic: z.string().nullish(),
})
