import { z } from 'zod'
import { orderStates, orderTypes } from '#src/domain/trading/order.ts'

/** Why a whole body, or one event of it, is not taken. */
const wireReasons = [
  'not-json',
  'field-missing',
  'field-wrong',
  'unknown-field',
  'unknown-version',
  'unknown-kind',
  'too-many-events',
  'quantity-not-positive',
  'quantity-zero',
] as const
export type WireReason = (typeof wireReasons)[number]
/** The first thing wrong with what came, and where: 'orders.0.limitPrice'. */
export type Complaint = { readonly field: string; readonly reason: WireReason }

const word = (reason: WireReason): WireReason => reason

/** One line of text that PostgreSQL can keep: no control characters, no half of a surrogate pair. */
export const line = (most: number) =>
  z
    .string()
    .regex(/^[^\p{Cc}\p{Cs}]*$/u)
    .max(most)
/** Text in the platform's own words; it may have lines. */
const prose = (most: number) =>
  z
    .string()
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u)
    .max(most)
const name = line(64).min(1)
const instrument = line(40).min(1)

/** Epoch ms. */
const instant = z.int().min(0)
/** Points; crude oil has traded below zero. */
export const pointPrice = z.number().min(-1_000_000).max(1_000_000)
export const dollarAmount = z.number().min(-1e9).max(1e9)
export const contractCount = z.int().positive(word('quantity-not-positive')).max(10_000)
const count = z.int().min(0).max(1e9)
const side = z.enum(['buy', 'sell'])
const price = pointPrice
const quantity = contractCount
const connection = z.enum(['connected', 'connecting', 'lost', 'disconnected'])

const orderWire = z.strictObject({
  orderId: name,
  name: line(50),
  instrument,
  side,
  type: z.enum(orderTypes),
  quantity,
  filled: z.int().min(0).max(10_000),
  averagePrice: z.exactOptional(price),
  limitPrice: z.exactOptional(price),
  stopPrice: z.exactOptional(price),
  oco: z.exactOptional(line(64)),
  state: z.enum(orderStates),
  reason: z.exactOptional(prose(1_000)),
  where: z.enum(['broker', 'platform', 'unknown']),
})
export type OrderWire = z.infer<typeof orderWire>

const event = <K extends string, S extends z.core.$ZodShape>(kind: K, fields: S) =>
  z.strictObject({ id: name, at: instant, kind: z.literal(kind), ...fields })

export const eventWire = z.discriminatedUnion('kind', [
  event('hello', {
    versions: z.strictObject({ bridge: line(40), platform: line(40) }),
    simulator: z.boolean(),
    allowOrders: z.boolean(),
    maxContracts: count,
    accounts: z
      .array(
        z.strictObject({
          name,
          connection: line(64),
          provider: z.exactOptional(line(64)),
          currency: z.exactOptional(line(16)),
        }),
      )
      .max(200),
    instruments: z.array(instrument).max(500),
    commandsAfter: z.int().min(0).max(1e12),
  }),
  event('heartbeat', {
    connections: z.array(z.strictObject({ name: line(64), price: connection, orders: connection })).max(50),
    marketDataAt: z.exactOptional(instant),
    queues: z.strictObject({ executions: count, market: count }),
    dropped: count,
  }),
  event('account', {
    account: name,
    cash: z.exactOptional(dollarAmount),
    realized: z.exactOptional(dollarAmount),
    unrealized: z.exactOptional(dollarAmount),
    netLiquidation: z.exactOptional(dollarAmount),
    basis: z.enum(['gross', 'net', 'unknown']),
  }),
  event('positions', {
    account: name,
    positions: z
      .array(
        z.strictObject({
          instrument,
          quantity: z
            .int()
            .min(-10_000)
            .max(10_000)
            .refine((signed) => signed !== 0, word('quantity-zero')),
          averagePrice: price,
          unrealized: z.exactOptional(dollarAmount),
        }),
      )
      .max(500),
    orders: z.array(orderWire).max(1_000),
  }),
  event('order', { account: name, order: orderWire }),
  event('execution', {
    account: name,
    executionId: line(128).min(1),
    orderId: name,
    orderName: line(50),
    instrument,
    side,
    quantity,
    price,
    commission: z.exactOptional(dollarAmount),
  }),
  event('price', { instrument, last: price, bid: z.exactOptional(price), ask: z.exactOptional(price) }),
  event('commandResult', {
    command: name,
    state: z.enum(['received', 'working', 'done', 'failed']),
    reason: z.exactOptional(prose(1_000)),
  }),
  event('log', { level: z.enum(['info', 'warn', 'error']), text: prose(500) }),
])
export type EventWire = z.infer<typeof eventWire>

export const bridgeName = /^[A-Za-z0-9._-]{1,40}$/

const envelope = {
  v: z.literal(1, word('unknown-version')),
  bridge: z.string().regex(bridgeName),
  boot: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/),
  batch: z.int().min(1),
  sentAt: instant,
}
const mostEvents = 200

/** The whole body as published; each event is judged alone when it comes, so that a bad one costs only itself. */
export const batchWire = z.strictObject({ ...envelope, events: z.array(eventWire).max(mostEvents) })

const openBatchWire = z.strictObject({
  ...envelope,
  events: z.array(z.unknown()).max(mostEvents, word('too-many-events')),
})
export type Batch = z.infer<typeof openBatchWire>

const ascii = (text: string): string => text.replace(/[^\w.-]/g, '?').slice(0, 64)

const valueAt = (given: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given)

const reasonOf = (issue: z.core.$ZodIssue, given: unknown): WireReason => {
  if (valueAt(given, issue.path) === undefined) return 'field-missing'
  if (issue.code === 'invalid_union') return 'unknown-kind'
  return wireReasons.find((reason) => reason === issue.message) ?? 'field-wrong'
}

/** The first thing wrong, by the field's own path; `whole` names the thing itself when it is none of ours at all. */
export const complaintOf = (error: z.ZodError, given: unknown, whole: string): Complaint => {
  const [issue] = error.issues
  if (issue === undefined) return { field: whole, reason: 'field-wrong' }
  const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...issue.path, ...extra].map(String).join('.')
  // What is named may be the sender's own text: only letters, digits and dots of it go back and are kept.
  return { field: ascii(path) || whole, reason: extra.length > 0 ? 'unknown-field' : reasonOf(issue, given) }
}

type Read<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Complaint)

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads bytes as JSON that fits a schema; a refusal names the field. */
export const readJson = <T>(schema: z.ZodType<T>, body: Uint8Array): Read<T> => {
  let given: unknown
  try {
    given = JSON.parse(utf8.decode(body))
  } catch {
    return { ok: false, field: 'body', reason: 'not-json' }
  }
  const parsed = schema.safeParse(given)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, ...complaintOf(parsed.error, given, 'body') }
}

/** Reads a batch's envelope; its events are still as they came. */
export const readBatch = (body: Uint8Array): Read<Batch> => readJson(openBatchWire, body)

const rejectionWire = z.strictObject({ index: z.int().min(0), reason: z.string(), field: z.string() })

/** What a batch is answered. */
export const answerWire = z.strictObject({
  batch: z.int().min(1),
  accepted: z.int().min(0),
  alreadyKnown: z.int().min(0),
  rejected: z.array(rejectionWire),
})
export type Answer = Readonly<z.infer<typeof answerWire>>

const command = <K extends string, S extends z.core.$ZodShape>(
  kind: K,
  account: z.ZodString | z.ZodLiteral<''>,
  own: S,
) =>
  z.strictObject({
    id: name,
    number: z.int().min(1),
    kind: z.literal(kind),
    account,
    issuedAt: instant,
    expiresAt: instant,
    ...own,
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  })
const nobody = z.literal('')

const commandWire = z.discriminatedUnion('kind', [
  command('ping', nobody, {}),
  command('cancelAll', name, {}),
  command('flattenAccount', name, {}),
  command('flattenAll', nobody, {}),
  command('placeBracket', name, {
    instrument,
    side,
    quantity,
    entry: z.enum(['limit', 'market']),
    limit: price,
    stop: price,
    target1: price,
    target2: price,
    tag: line(50),
  }),
  command('changeStop', name, { orderId: name, stopPrice: price }),
  command('lockout', name, { until: instant }),
])

/** What the bridge is given when it asks for commands. */
export const commandsWire = z.strictObject({ commands: z.array(commandWire) })

/** The body of every answer that is no 200. */
export const errorWire = z.strictObject({
  error: z.strictObject({ field: z.string(), reason: z.string(), serverTime: z.exactOptional(instant) }),
})
