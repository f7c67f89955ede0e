import { desc, eq, gt, sql } from 'drizzle-orm'
import type { Head, Seal, SealedFields } from './audit-seal.ts'
import type { Db } from './connect.ts'
import { auditLog } from './schema.ts'

/** What is to be kept for ever: 'settings', by 'the trader'. `at` is machine time; `body` any JSON, numbers finite. */
export type AuditEntry = { readonly at: number; readonly kind: string; readonly who: string; readonly body: unknown }

/** An entry in its place; the hash seals it and everything before it. */
export type AuditLine = AuditEntry & { readonly number: number; readonly previousHash: string; readonly hash: string }

/** A line as stored: the body as its very text. */
type Row = SealedFields & { readonly hash: string }

export type Audit = {
  /** Appends a line; resolves once it is stored. */
  readonly append: (entry: AuditEntry) => Promise<AuditLine>
  /**
   * Runs `work` in a transaction and appends the entry it gives: both are stored or neither. Without an entry nothing is
   * appended. Work of this process runs one after the other, so it must not append by itself.
   */
  readonly along: (work: (tx: Db) => Promise<AuditEntry | undefined>) => Promise<AuditLine | undefined>
}

const lockNumber = 7_266_002

/** Kind of a line that says: the log was found not to reach as far as it once did. */
const breakKind = 'audit-broken'

const columns = {
  number: auditLog.number,
  at: auditLog.at,
  kind: auditLog.kind,
  who: auditLog.who,
  // As text, so that the seal is checked over what is stored and not over what a parser made of it.
  text: sql<string>`${auditLog.body}::text`,
  previousHash: auditLog.previousHash,
  hash: auditLog.hash,
}

const toLine = ({ text, ...row }: Row): AuditLine => ({ ...row, body: JSON.parse(text) })

const lastRow = async (db: Db): Promise<Head> => {
  const [row] = await db
    .select({ number: auditLog.number, hash: auditLog.hash })
    .from(auditLog)
    .orderBy(desc(auditLog.number))
    .limit(1)
  return row ?? { number: 0, hash: '' }
}

const insertLine = async (db: Db, seal: Seal, before: Head, entry: AuditEntry): Promise<AuditLine> => {
  const { at, kind, who, body } = entry
  const fields = { number: before.number + 1, at, kind, who, previousHash: before.hash, text: JSON.stringify(body) }
  const hash = seal.ofLine(fields)
  const { text, ...row } = fields
  await db.insert(auditLog).values({ ...row, hash, body: sql`${text}::text::json` })
  return { ...entry, number: row.number, previousHash: row.previousHash, hash }
}

/** Whether the log reaches as far as it once did. */
const reaches = (head: Head | undefined, last: Head): boolean =>
  head !== undefined && (head.number < last.number || (head.number === last.number && head.hash === last.hash))

/** A log that ends before its head was cut: its next line says so, because the head moves on with it. */
const tellBreak = (db: Db, seal: Seal, last: Head, at: number): Promise<Head> => {
  const body = { head: seal.readHead() ?? null, last }
  return insertLine(db, seal, last, { at, kind: breakKind, who: 'the audit log', body })
}

/** Opens the log for appending; one per process and data directory. */
export const createAudit = ({ db, seal }: { readonly db: Db; readonly seal: Seal }): Audit => {
  let queue: Promise<unknown> = Promise.resolve()

  const store = async (work: (tx: Db) => Promise<AuditEntry | undefined>): Promise<AuditLine | undefined> => {
    let mends = false
    const line = await db.transaction(async (tx) => {
      // Other processes append too; taken first, so that no two transactions ever wait for each other.
      await tx.execute(sql`select pg_advisory_xact_lock(${lockNumber})`)
      const entry = await work(tx)
      if (entry === undefined) return undefined
      const last = await lastRow(tx)
      mends = !reaches(seal.readHead(), last)
      return insertLine(tx, seal, mends ? await tellBreak(tx, seal, last, entry.at) : last, entry)
    })
    // After the commit: a head behind the log is harmless, one ahead of it would be a false alarm.
    if (line) seal.keepHead({ number: line.number, hash: line.hash }, mends)
    return line
  }
  const along: Audit['along'] = (work) => {
    const done = queue.then(() => store(work))
    queue = done.catch(() => {})
    return done
  }
  return {
    along,
    append: async (entry) => (await along(async () => entry)) as AuditLine,
  }
}

/** The newest `count` lines, newest first. */
export const latestAudit = async (db: Db, count: number): Promise<readonly AuditLine[]> => {
  const rows = await db.select(columns).from(auditLog).orderBy(desc(auditLog.number)).limit(count)
  return rows.map(toLine)
}

/** The lines of one kind, first to last: those whose own seal is right, and those whose seal is wrong. */
export const auditOfKind = async (
  db: Db,
  seal: Seal,
  kind: string,
): Promise<{ readonly lines: readonly AuditLine[]; readonly broken: readonly AuditLine[] }> => {
  const rows = await db.select(columns).from(auditLog).where(eq(auditLog.kind, kind)).orderBy(auditLog.number)
  const isSound = (row: Row): boolean => seal.ofLine(row) === row.hash
  return { lines: rows.filter(isSound).map(toLine), broken: rows.filter((row) => !isSound(row)).map(toLine) }
}

/**
 * Why a log is not what it was: `changed` by hand; `missing` (the number is the first one missing); `not-following` what is before
 * it; `end-cut` (lines from there on are gone or were replaced); `head-missing` (the file that remembers the end);
 * `break-told` (a line written because the end had been cut).
 */
export type AuditBreak = 'changed' | 'missing' | 'not-following' | 'end-cut' | 'head-missing' | 'break-told'

/** A break at a line; two breaks never have one `trace`. */
export type Broken = { readonly number: number; readonly reason: AuditBreak; readonly trace: string }

export type Verdict = { readonly lines: number; readonly breaks: readonly Broken[] }

const reasonOf = (seal: Seal, before: Head, row: Row): AuditBreak | undefined => {
  if (row.number !== before.number + 1) return 'missing'
  if (seal.ofLine(row) !== row.hash) return 'changed'
  if (row.previousHash !== before.hash) return 'not-following'
  return row.kind === breakKind ? 'break-told' : undefined
}

const breakAt = (seal: Seal, before: Head, row: Row): readonly Broken[] => {
  const reason = reasonOf(seal, before, row)
  const trace = `${before.number}-${row.number} ${seal.ofLine(row)}`
  return reason === undefined ? [] : [{ number: before.number + 1, reason, trace }]
}

/** What the file that remembers the end says of the log: `found` is the hash of its line, if the log has that line. */
const breakAtHead = (head: Head | undefined, lines: number, found: string | undefined): readonly Broken[] => {
  if (head === undefined) return [{ number: lines, reason: 'head-missing', trace: `no head ${lines}` }]
  if (head.number === 0 || head.hash === found) return []
  return [{ number: Math.min(head.number, lines + 1), reason: 'end-cut', trace: `head ${head.number} ${head.hash}` }]
}

const pageLines = 1_000

/** Walks the whole log: how many lines it has, and every break, first to last. None means that it is unbroken. */
export const verifyAudit = async (db: Db, seal: Seal): Promise<Verdict> => {
  const head = seal.readHead()
  const breaks: Broken[] = []
  let [before, lines, found]: [Head, number, string | undefined] = [{ number: 0, hash: '' }, 0, undefined]
  for (;;) {
    const rows = await db
      .select(columns)
      .from(auditLog)
      .where(gt(auditLog.number, before.number))
      .orderBy(auditLog.number)
      .limit(pageLines)
    for (const row of rows) {
      breaks.push(...breakAt(seal, before, row))
      if (row.number === head?.number) found = row.hash
      before = row
    }
    lines += rows.length
    if (rows.length < pageLines) break
  }
  return { lines, breaks: [...breaks, ...breakAtHead(head, before.number, found)] }
}
