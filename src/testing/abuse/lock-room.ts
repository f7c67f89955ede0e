import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { createAudit } from '#src/adapters/db/audit.ts'
import { openSeal } from '#src/adapters/db/audit-seal.ts'
import type { Database } from '#src/adapters/db/connect.ts'
import { type LockKeeper, openLockKeeper } from '#src/adapters/db/lock-keeper.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A machine with a terminal that keeps locks, and a trader who can do with it whatever he likes but break its arithmetic. */
export type LockRoom = Awaited<ReturnType<typeof openLockRoom>>

/** Opens the room at a true instant; the clock shows what it is set to, the uptime runs with the truth. */
export const openLockRoom = async ({ db }: Database, startAt: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-abuse-'))
  let [truth, offset, uptime] = [startAt, 0, 10 * day]
  let keepers: LockKeeper[] = []

  const byHand = async (table: 'lockouts' | 'audit_log' | 'settings', ...statements: string[]): Promise<void> => {
    const all = [`alter table ${table} disable trigger user`, ...statements, `alter table ${table} enable trigger user`]
    for (const each of all) await db.execute(sql.raw(each))
  }
  const openKeeper = async (book = 'real'): Promise<LockKeeper> => {
    const seal = openSeal(folder)
    const keeper = await openLockKeeper({
      db,
      seal,
      audit: createAudit({ db, seal }),
      book,
      clock: { now: () => truth + offset, wall: () => truth + offset, speed: 1 },
      uptime: () => uptime,
      onError: (error) => {
        throw error
      },
    })
    keepers.push(keeper)
    return keeper
  }
  const stop = async (): Promise<void> => {
    await Promise.all(keepers.map((keeper) => keeper.close()))
    keepers = []
  }
  for (const table of ['lockouts', 'audit_log', 'settings'] as const) await byHand(table, `delete from ${table}`)
  let keeper = await openKeeper()

  return {
    folder,
    byHand,
    openKeeper,
    keeper: () => keeper,
    truth: () => truth,
    /** What the clock on the wall says. */
    clock: () => truth + offset,
    setClock: (at: number) => {
      offset = at - truth
    },
    /** Time passes, looked at every minute of the first ten and then once. */
    pass: (ms: number) => {
      for (let left = ms; left > 0; ) {
        const step = Math.min(left, ms - left < 10 * minute ? minute : left)
        truth += step
        uptime += step
        left -= step
        keeper.lockOf('')
      }
    },
    /** The program ends as it should and starts again `down` later; `meanwhile` happens between. */
    restart: async (meanwhile: () => unknown = () => {}, down = 5_000) => {
      await stop()
      truth += down
      uptime += down
      await meanwhile()
      keeper = await openKeeper()
    },
    isLocked: (account: string): boolean => keeper.lockOf(account) !== undefined,
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}
