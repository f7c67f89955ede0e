import { type Lock, type Locks, lockOf, lockOut } from '#src/domain/risk/lockout.ts'
import type { Clock } from '#src/engine/ports.ts'
import type { Audit } from './audit.ts'
import type { Seal } from './audit-seal.ts'
import type { Db } from './connect.ts'
import { type LockRefusal, readLocks, refuseLock, storeLock } from './lockouts.ts'
import { openMarketTime } from './market-time.ts'

type Options = {
  readonly db: Db
  readonly seal: Seal
  readonly audit: Audit
  readonly book: string
  readonly clock: Clock
  /** How long the machine has run, ms. */
  readonly uptime: () => number
  readonly onError: (error: unknown) => void
}

/** A lock as asked for: of one account or of all (''), until the session ends or, if that is later, an instant of market time. */
export type AskedLock = { readonly account: string; readonly reason: string; readonly until?: number | undefined }

export type LockKeeper = {
  /** Takes a lock that begins now; resolves when it is stored. Nothing takes it back, not even a store that failed. */
  readonly lock: (
    asked: AskedLock,
    who: string,
  ) => Promise<{ readonly ok: true; readonly lock: Lock } | { readonly ok: false; readonly reason: LockRefusal }>
  /**
   * The lock an account is under that ends last, undefined when it is free. Call it at least every few seconds: between two calls
   * market time is believed to pass no faster than the machine runs.
   */
  readonly lockOf: (account: string) => Lock | undefined
  /** Every lock of the book, ended ones too. */
  readonly locks: () => readonly Lock[]
  /** Reads the store again, after another process took a lock. */
  readonly reload: () => Promise<void>
  /** What was found changed by hand since this was opened, in words for the log; a lock until the session ends answered each. */
  readonly findings: () => readonly string[]
  /** Stores the market time. */
  readonly close: () => Promise<void>
}

const dayMs = 86_400_000
const tamperReason = 'What is stored was changed by hand'

/** Opens the locks of a book. What was changed by hand counts as a lock of every account until the session ends. */
export const openLockKeeper = async (options: Options): Promise<LockKeeper> => {
  const { db, seal, audit, book, clock } = options
  const store = { db, seal, audit, book }
  const time = await openMarketTime({ ...options, wall: clock.wall, speed: clock.speed })
  const found: string[] = []
  let held: readonly Lock[] = []

  /** Only ever adds: a lock taken while the store was being read is not in what was read. */
  const hold = (locks: readonly Lock[]): void => {
    held = [
      ...new Map(
        [...held, ...locks].map((lock) => [JSON.stringify([lock.account, lock.from, lock.until, lock.reason]), lock]),
      ).values(),
    ]
  }
  const isHeld = (at: number): boolean => held.some(({ until }) => until > at)
  const now = (): number => time.believe(clock.now(), isHeld)

  /** The locks as the domain knows them, at the time that is believed: that, never the clock, decides. */
  const state = (): Locks => ({ highest: now(), locks: held })
  const toLock = ({ account, reason, until = 0 }: AskedLock): Lock => {
    const before = state()
    return lockOut(before, { account, reason, until, at: before.highest }).locks.at(-1) as Lock
  }

  /** Answers what was changed by hand with a lock, and that with its own line in the log. */
  const answer = async (findings: readonly string[], until?: number): Promise<void> => {
    const lock = toLock({ account: '', reason: tamperReason, until })
    await storeLock(store, lock, { who: 'the terminal', at: clock.wall(), findings })
    found.push(...findings)
  }
  /** Reads the store; what it shows to be changed is answered, and read again with the answer. */
  const reload = async (): Promise<void> => {
    const read = await readLocks(store, clock.now())
    hold(read.locks)
    if (read.findings.length === 0) return
    await answer(read.findings)
    // The answer to a log whose end was cut off leaves a line that tells of the cut, which is found once more.
    await reload()
  }
  /**
   * A lock is stored after the time it began, so one without a time that can be believed had it taken away. Nothing but the clock is
   * left then, which may be wrong by any number of hours: the answer holds for a day of the machine's own time and more.
   */
  const open = async (): Promise<void> => {
    const { locks, findings, latest } = await readLocks(store, clock.now())
    if (time.found !== 'kept' && locks.length + findings.length > 0) {
      hold(locks)
      if (latest !== undefined) time.assume(latest)
      await answer([...findings, `the market time was ${time.found === 'new' ? 'gone' : 'changed'}`], now() + dayMs)
      await time.save()
    }
    await reload()
  }
  await open()

  return {
    lock: async (asked, who) => {
      const lock = toLock(asked)
      const refusal = refuseLock({ ...lock, until: asked.until ?? lock.until })
      if (refusal) return { ok: false, reason: refusal }
      try {
        await time.save()
        await storeLock(store, lock, { who, at: clock.wall() })
      } finally {
        // Who wanted to be locked is, while this process lives, though it could not be kept.
        hold([lock])
      }
      return { ok: true, lock }
    },
    lockOf: (account) => {
      const now = state()
      return lockOf(now, account, now.highest)
    },
    locks: () => held,
    reload: () => reload(),
    findings: () => found,
    close: time.save,
  }
}
