import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
import type { Fill } from '#src/domain/trading/fill.ts'
import type { Order } from '#src/domain/trading/order.ts'
import type { PlatformEvent, Speaker } from '#src/domain/trading/platform-event.ts'
import type { ForeignTrade } from '#src/engine/foreign-markets.ts'
import { settleTold } from './commands.ts'
import type { Db } from './connect.ts'
import { present } from './present.ts'
import { bridgeBatches, executions, platformEvents } from './schema.ts'

/** A batch as it is kept: who sent it under which number, the SHA-256 of its bytes, and what a repetition is answered. */
export type StoredBatch = {
  readonly speaker: Speaker
  readonly batch: number
  readonly digest: string
  readonly answer: unknown
  /** Machine time. */
  readonly receivedAt: number
}

/** What became of a batch: stored now, with the events nobody knew; or stored before, with that batch's digest and answer. */
type Stored =
  | { readonly fresh: true; readonly news: readonly PlatformEvent[] }
  | { readonly fresh: false; readonly digest: string; readonly answer: unknown }

const executionKey = (account: string, executionId: string): string => JSON.stringify([account, executionId])

const eventRows = (events: readonly PlatformEvent[]) =>
  events.map((event, position) => ({ position, id: event.id, kind: event.kind, at: event.at, body: event }))

const fillRows = (events: readonly PlatformEvent[]) =>
  events.flatMap((event, position) => (event.kind === 'execution' ? [{ position, ...event.fill }] : []))

/** One statement is one transaction and one round trip: a fill is on the screen that much sooner. */
const insertBatch = (
  { speaker, batch, digest, answer, receivedAt }: StoredBatch,
  events: readonly PlatformEvent[],
) => sql`
  with batch as (
    insert into ${bridgeBatches} (bridge, boot, batch, digest, answer, received_at)
    values (${speaker.bridge}, ${speaker.boot}, ${batch}, ${digest}, ${JSON.stringify(answer)}::jsonb, ${receivedAt})
    on conflict do nothing
    returning batch
  ), told as (
    insert into ${platformEvents} (book, id, bridge, kind, at, received_at, body)
    select ${speaker.book}, e.id, ${speaker.bridge}, e.kind, e.at, ${receivedAt}::bigint, e.body
    from batch, jsonb_to_recordset(${JSON.stringify(eventRows(events))}::jsonb)
      as e(position integer, id text, kind text, at bigint, body jsonb)
    order by e.position
    on conflict do nothing
    returning id
  ), filled as (
    insert into ${executions} (book, account, execution_id, order_id, order_name, instrument, contract, side, quantity,
      price, at, commission, received_at)
    select ${speaker.book}, f.account, f."executionId", f."orderId", f."orderName", f.instrument, f.contract, f.side,
      f.quantity, f.price, f.at, f.commission, ${receivedAt}::bigint
    from batch, jsonb_to_recordset(${JSON.stringify(fillRows(events))}::jsonb)
      as f(position integer, account text, "executionId" text, "orderId" text, "orderName" text, instrument text,
        contract integer, side text, quantity integer, price double precision, at bigint, commission bigint)
    order by f.position
    on conflict do nothing
    returning account, execution_id
  ), settled as (${settleTold(speaker, events, receivedAt)})
  select exists(select from batch) as fresh,
    coalesce((select jsonb_agg(id) from told), '[]') as ids,
    coalesce((select jsonb_agg(jsonb_build_array(account, execution_id)) from filled), '[]') as fills`

type Inserted = {
  readonly fresh: boolean
  readonly ids: readonly string[]
  readonly fills: readonly (readonly [string, string])[]
}

/** What of the batch was new, each once: a fill by its ExecutionId, everything else by its id. */
const newsOf = (events: readonly PlatformEvent[], { ids, fills }: Inserted): readonly PlatformEvent[] => {
  const newIds = new Set(ids)
  const newFills = new Set(fills.map(([account, executionId]) => executionKey(account, executionId)))
  return events.filter((event) =>
    event.kind === 'execution'
      ? newFills.delete(executionKey(event.fill.account, event.fill.executionId))
      : newIds.delete(event.id),
  )
}

/**
 * Stores a batch with its events that are to be kept, all or none, and returns those nobody knew. The results of commands
 * among them are written to the commands at once. A batch whose number is taken changes nothing.
 */
export const storeBatch = async (db: Db, batch: StoredBatch, events: readonly PlatformEvent[]): Promise<Stored> => {
  const [row] = await db.execute<Inserted>(insertBatch(batch, events))
  if (row?.fresh) return { fresh: true, news: newsOf(events, row) }
  const { bridge, boot } = batch.speaker
  const [kept] = await db
    .select({ digest: bridgeBatches.digest, answer: bridgeBatches.answer })
    .from(bridgeBatches)
    .where(and(eq(bridgeBatches.bridge, bridge), eq(bridgeBatches.boot, boot), eq(bridgeBatches.batch, batch.batch)))
  if (kept === undefined) throw new Error(`batch ${batch.batch} of ${bridge} is neither new nor known`)
  return { fresh: false, ...kept }
}

/** The book a bridge that started at `boot` speaks for, undefined where nothing of that start was kept. */
export const bookOfBoot = async (db: Db, bridge: string, boot: string): Promise<string | undefined> => {
  const book = `sim:${boot}`
  const [simulated] = await db
    .select({ id: platformEvents.id })
    .from(platformEvents)
    .where(and(eq(platformEvents.book, book), eq(platformEvents.bridge, bridge)))
    .limit(1)
  if (simulated) return book
  const [batch] = await db
    .select({ batch: bridgeBatches.batch })
    .from(bridgeBatches)
    .where(and(eq(bridgeBatches.bridge, bridge), eq(bridgeBatches.boot, boot)))
    .limit(1)
  return batch && 'real'
}

/** The newest hello of a book, with the bridge that said it. */
export const latestHello = async (
  db: Db,
  book: string,
): Promise<{ readonly bridge: string; readonly hello: PlatformEvent & { kind: 'hello' } } | undefined> => {
  const [row] = await db
    .select({ bridge: platformEvents.bridge, body: platformEvents.body })
    .from(platformEvents)
    .where(and(eq(platformEvents.book, book), eq(platformEvents.kind, 'hello')))
    .orderBy(desc(platformEvents.order))
    .limit(1)
  return row?.body.kind === 'hello' ? { bridge: row.bridge, hello: row.body } : undefined
}

/** The fills of a book whose platform time is `from` or later, in the order they were stored. */
export const fillsOf = async (db: Db, book: string, from = 0): Promise<readonly Fill[]> => {
  const rows = await db
    .select()
    .from(executions)
    .where(and(eq(executions.book, book), gte(executions.at, from)))
    .orderBy(asc(executions.order))
  return rows.map(({ book: _, order: __, receivedAt: ___, ...row }) => present(row))
}

/** Keeps a fill that was made here, an adjustment the trader asked for, unless it is kept already; `at` is machine time. */
export const keepFill = async (db: Db, book: string, fill: Fill, at: number): Promise<void> => {
  await db
    .insert(executions)
    .values({ book, ...fill, receivedAt: at })
    .onConflictDoNothing()
}

/** Every word of orders heard in a book since machine time `since`, in the order they were stored. */
export const ordersOf = async (db: Db, book: string, since: number): Promise<readonly Order[]> => {
  const rows = await db
    .select({ body: platformEvents.body })
    .from(platformEvents)
    .where(and(eq(platformEvents.book, book), eq(platformEvents.kind, 'order'), gte(platformEvents.receivedAt, since)))
    .orderBy(asc(platformEvents.order))
  return rows.flatMap(({ body }) => (body.kind === 'order' ? [body.order] : []))
}

/** Every execution in a market the product does not know, in the order they were stored. */
export const foreignTradesOf = async (db: Db, book: string): Promise<readonly ForeignTrade[]> => {
  const rows = await db
    .select({ body: platformEvents.body })
    .from(platformEvents)
    .where(and(eq(platformEvents.book, book), eq(platformEvents.kind, 'foreignExecution')))
    .orderBy(asc(platformEvents.order))
  return rows.flatMap(({ body }) =>
    body.kind === 'foreignExecution' ? [{ account: body.account, market: body.market, at: body.at }] : [],
  )
}
