import { z } from 'zod'
import type { Lock } from '#src/domain/risk/lockout.ts'
import { type Audit, auditOfKind, type Broken, verifyAudit } from './audit.ts'
import type { Seal } from './audit-seal.ts'
import type { Db } from './connect.ts'
import { lockouts } from './schema.ts'

export type LockStore = { readonly db: Db; readonly seal: Seal; readonly audit: Audit; readonly book: string }

/** Kind of the audit line every lock has. */
const lockKind = 'lockout'

const dayMs = 86_400_000
/** No lock reaches further than this: a slip of the finger may not cost a quarter. */
const longestMs = 31 * dayMs

const claimSchema = z.looseObject({
  book: z.string(),
  account: z.string(),
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  seal: z.string(),
  /** What was found changed by hand, when that is why there is this lock. */
  findings: z.array(z.string()).default([]),
})

/** A lock as a row or an audit line has it, believed or not. */
type Claim = z.infer<typeof claimSchema>

/** The seal of a lock: over its book and everything it says. */
const sealOf = (seal: Seal, { book, account, from, until, reason }: Lock & { readonly book: string }): string =>
  seal.of(['lockout', book, account, from, until, reason])

export type LockRefusal = 'until-not-later' | 'until-too-far'

/** Why a lock cannot be taken, if so: it must end after it begins, and within 31 days. */
export const refuseLock = ({ from, until }: Lock): LockRefusal | undefined => {
  if (!(until > from)) return 'until-not-later'
  return until - from > longestMs ? 'until-too-far' : undefined
}

/**
 * Stores a lock and its audit line, both or neither; there is no way to take one back. `who` says who asked, `at` is
 * machine time. Throws RangeError on a lock that `refuseLock` refuses.
 */
export const storeLock = async (
  { seal, audit, book }: LockStore,
  lock: Lock,
  { who, at, findings = [] }: { readonly who: string; readonly at: number; readonly findings?: readonly string[] },
): Promise<void> => {
  const refusal = refuseLock(lock)
  if (refusal) throw new RangeError(refusal)
  const { account, from, until, reason } = lock
  const row = { book, account, from, until, reason, seal: sealOf(seal, { book, ...lock }) }
  await audit.along(async (tx) => {
    await tx.insert(lockouts).values(row)
    return { at, kind: lockKind, who, body: { ...row, ...(findings.length > 0 && { findings }) } }
  })
}

const claimsOfLines = (bodies: readonly unknown[]): readonly Claim[] =>
  bodies.flatMap((body) => claimSchema.safeParse(body).data ?? [])

const foundInLog = ({ number, reason, trace }: Broken): string => `audit line ${number} ${reason} ${trace}`

/** Everything that shows somebody changed what is stored; each finding is worded so that another change words another. */
const findingsOf = (
  { seal }: LockStore,
  rows: readonly (typeof lockouts.$inferSelect)[],
  claims: readonly Claim[],
  breaks: readonly Broken[],
): readonly string[] => {
  const stored = new Set(rows.map((row) => row.seal))
  const told = new Set(claims.map((claim) => claim.seal))
  return [
    ...rows.flatMap((row) => {
      const right = sealOf(seal, row)
      if (row.seal !== right) return [`lock ${row.id} was changed ${right}`]
      return told.has(row.seal) ? [] : [`lock ${row.id} is in no audit line`]
    }),
    ...claims.filter((claim) => !stored.has(claim.seal)).map((claim) => `a lock is gone ${claim.seal}`),
    ...breaks.map(foundInLog),
  ]
}

export type StoredLocks = {
  readonly locks: readonly Lock[]
  /** What was found changed by hand and is not yet answered with a lock of its own. */
  readonly findings: readonly string[]
  /** When the last lock began whose seal is right, market time; it is later now. */
  readonly latest: number | undefined
}

const toLock = ({ account, from, until, reason }: Lock): Lock => ({ account, from, until, reason })

/**
 * The locks of the book: its rows and its audit lines together, so that a deleted row still counts; most are there twice. What was changed by hand
 * counts as it stands — at most 31 days from `now`, market time — and is found: it can add a lock, never take one away.
 */
export const readLocks = async (store: LockStore, now: number): Promise<StoredLocks> => {
  const { db, seal, book } = store
  const rows = await db.select().from(lockouts).orderBy(lockouts.id)
  const { lines, broken } = await auditOfKind(db, seal, lockKind)
  const sound = claimsOfLines(lines.map(({ body }) => body))
  const { breaks } = await verifyAudit(db, seal)
  // A finding answered in another book, as a simulator's, has locked nothing here.
  const answered = new Set(sound.filter((claim) => claim.book === book).flatMap(({ findings }) => findings))
  const isSound = (claim: Claim): boolean => claim.seal === sealOf(seal, claim)
  const own = [
    ...rows.map((row) => ({ ...row, findings: [] })),
    ...sound,
    ...claimsOfLines(broken.map(({ body }) => body)),
  ].filter((claim) => claim.book === book)
  return {
    locks: own.map((claim) =>
      toLock(isSound(claim) ? claim : { ...claim, until: Math.min(claim.until, now + longestMs) }),
    ),
    latest: own
      .filter(isSound)
      .map(({ from }) => from)
      .sort((a, b) => b - a)[0],
    findings: findingsOf(store, rows, sound, breaks).filter((finding) => !answered.has(finding)),
  }
}
