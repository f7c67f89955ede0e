import { and, desc, eq, gt, inArray, lte, or, type SQL, sql } from 'drizzle-orm'
import type {
  CommandRecord,
  CommandState,
  IssuedCommand,
  PlatformCommand,
  PlatformEvent,
} from '#src/domain/trading/platform-event.ts'
import type { Db } from './connect.ts'
import { commands } from './schema.ts'

/** A bridge and the book its accounts belong to. */
type Desk = { readonly bridge: string; readonly book: string }

type Row = typeof commands.$inferSelect

const commandId = (number: number): string => `c-${number}`

const numberOf = (id: string): number | undefined => {
  const digits = /^c-(\d{1,15})$/.exec(id)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

const toCommand = ({ number, body, issuedAt, expiresAt }: Row): IssuedCommand => ({
  ...body,
  id: commandId(number),
  number,
  issuedAt,
  expiresAt,
})

const toRecord = (row: Row): CommandRecord => ({
  command: toCommand(row),
  state: row.state,
  ...(row.reason === null ? {} : { reason: row.reason }),
  changedAt: row.changedAt,
})

/** Writes a command down under the next number, for one bridge; times are machine time. */
export const issueCommand = async (
  db: Db,
  { bridge, book }: Desk,
  body: PlatformCommand,
  { issuedAt, expiresAt, by }: { readonly issuedAt: number; readonly expiresAt: number; readonly by: string },
): Promise<IssuedCommand> => {
  const [row] = await db
    .insert(commands)
    .values({ bridge, book, body, issuedAt, expiresAt, state: 'queued', changedAt: issuedAt, by })
    .returning()
  if (row === undefined) throw new Error('a command was not stored')
  return toCommand(row)
}

/**
 * Takes the commands of a bridge numbered above `after` to hand them out: they count as sent before they are. One that was
 * sent and not heard of is given again, under its number; one that has expired at machine time `now` never.
 */
export const takeCommands = async (
  db: Db,
  bridge: string,
  after: number,
  now: number,
): Promise<readonly { readonly book: string; readonly command: IssuedCommand }[]> => {
  const rows = await db
    .update(commands)
    .set({
      state: 'sent',
      changedAt: sql`case when ${commands.state} = 'queued' then ${now} else ${commands.changedAt} end`,
    })
    .where(
      and(
        eq(commands.bridge, bridge),
        gt(commands.number, after),
        gt(commands.expiresAt, now),
        inArray(commands.state, ['queued', 'sent']),
      ),
    )
    .returning()
  return rows
    .map((row) => ({ book: row.book, command: toCommand(row) }))
    .sort((a, b) => a.command.number - b.command.number)
}

/** A command only ever moves to the right; a late word ends a silence. */
const course: readonly CommandState[] = ['queued', 'sent', 'unknown', 'received', 'working', 'done', 'failed']

type Result = { readonly number: number; readonly state: CommandState; readonly reason?: string }

/** The furthest result of each command that a batch tells: within a batch a command may be received, working and done. */
const resultsOf = (events: readonly PlatformEvent[]): readonly Result[] => {
  const furthest = new Map<number, Result>()
  for (const event of events) {
    if (event.kind !== 'commandResult') continue
    const number = numberOf(event.command)
    if (number === undefined) continue
    const { state, reason } = event
    const before = furthest.get(number)
    if (before !== undefined && course.indexOf(before.state) >= course.indexOf(state)) continue
    furthest.set(number, { number, state, ...(reason === undefined ? {} : { reason }) })
  }
  return [...furthest.values()]
}

const rank = (state: SQL): SQL =>
  sql`array_position(array[${sql.raw(course.map((each) => `'${each}'`).join(', '))}], ${state})`

/** The part of storing a batch that writes results to their commands; it leans on the statement's `batch`. What ended stays. */
export const settleTold = ({ bridge, book }: Desk, events: readonly PlatformEvent[], at: number): SQL => sql`
    update ${commands} as c set state = r.state, reason = r.reason, changed_at = ${at}::bigint
    from batch, jsonb_to_recordset(${JSON.stringify(resultsOf(events))}::jsonb) as r(number bigint, state text, reason text)
    where c.number = r.number and c.bridge = ${bridge} and c.book = ${book}
      and c.state not in ('done', 'failed') and ${rank(sql`c.state`)} < ${rank(sql`r.state`)}
    returning c.number`

/** After its end a command may still be answered for this long, and after its last word for that long, ms. */
const graceMs = 5_000
const patienceMs = 60_000

/**
 * Ends the silence of commands at machine time `now`, and returns the books they are of. One that was never handed out is failed:
 * it was certainly not executed. One that was sent is unknown `graceMs` after its end, one at work `patienceMs` after its
 * last word.
 */
export const lapseCommands = async (db: Db, now: number): Promise<readonly string[]> => {
  const isQueued = eq(commands.state, 'queued')
  const rows = await db
    .update(commands)
    .set({
      state: sql`case when ${isQueued} then 'failed' else 'unknown' end`,
      reason: sql`case when ${isQueued} then 'expired' end`,
      changedAt: now,
    })
    .where(
      or(
        and(inArray(commands.state, ['queued', 'sent']), lte(commands.expiresAt, now - graceMs)),
        and(inArray(commands.state, ['received', 'working']), lte(commands.changedAt, now - patienceMs)),
      ),
    )
    .returning({ book: commands.book })
  return [...new Set(rows.map(({ book }) => book))]
}

const ends: readonly CommandState[] = ['done', 'failed', 'unknown']

/** What became of a command: whose it was, and how it ended at machine time `at`. */
export type CommandEnd = {
  readonly book: string
  readonly bridge: string
  readonly id: string
  readonly kind: PlatformCommand['kind']
  readonly account: string
  readonly state: CommandState
  readonly reason?: string
  readonly at: number
}

const toEnd = ({ book, bridge, number, body, state, reason, changedAt }: Row): CommandEnd => ({
  ...{ book, bridge, id: commandId(number), kind: body.kind, account: body.account, state, at: changedAt },
  ...(reason !== null && { reason }),
})

/**
 * The oldest end of a command that was never told, marked as told; undefined when all were. A silence that ends after all is
 * another end.
 */
export const tellNextEnd = async (tx: Db): Promise<CommandEnd | undefined> => {
  const next = tx
    .select({ number: commands.number })
    .from(commands)
    .where(and(inArray(commands.state, ends), sql`${commands.told} is distinct from ${commands.state}`))
    .orderBy(commands.number)
    .limit(1)
  const [row] = await tx
    .update(commands)
    .set({ told: sql`${commands.state}` })
    .where(inArray(commands.number, next))
    .returning()
  return row && toEnd(row)
}

/** Makes the next number higher than `number`: a bridge that has executed it before would take no lower one. */
export const numberCommandsAbove = async (db: Db, number: number): Promise<void> => {
  await db.execute(sql`
    select setval('commands_number_seq', ${number}::bigint) from commands_number_seq where last_value < ${number}::bigint`)
}

/** The newest `count` commands of a book, newest first. */
export const latestCommands = async (db: Db, book: string, count: number): Promise<readonly CommandRecord[]> => {
  const rows = await db
    .select()
    .from(commands)
    .where(eq(commands.book, book))
    .orderBy(desc(commands.number))
    .limit(count)
  return rows.map(toRecord)
}
