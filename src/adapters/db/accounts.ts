import { asc, eq } from 'drizzle-orm'
import type { Account } from '#src/domain/trading/account.ts'
import type { Db } from './connect.ts'
import { accounts } from './schema.ts'

/** Keeps an account as the trader wants it, in place of what was kept under its name; `at` is machine time. */
export const saveAccount = async (db: Db, book: string, account: Account, at: number): Promise<void> => {
  const { anchor, peak = null, unwatchedFrom = null, ...rest } = account
  const row = { ...rest, anchorBalance: anchor.balance, anchorAt: anchor.at, peak, unwatchedFrom, changedAt: at }
  await db
    .insert(accounts)
    .values({ book, ...row })
    .onConflictDoUpdate({ target: [accounts.book, accounts.name], set: row })
}

/** The accounts of a book, by name. */
export const accountsOf = async (db: Db, book: string): Promise<readonly Account[]> => {
  const rows = await db.select().from(accounts).where(eq(accounts.book, book)).orderBy(asc(accounts.name))
  return rows.map(({ book: _, changedAt: __, anchorBalance, anchorAt, peak, unwatchedFrom, ...rest }) => ({
    ...rest,
    anchor: { balance: anchorBalance, at: anchorAt },
    ...(peak === null ? {} : { peak }),
    ...(unwatchedFrom === null ? {} : { unwatchedFrom }),
  }))
}
