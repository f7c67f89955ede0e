import { accountsOf } from '#src/adapters/db/accounts.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import type { Fees } from '#src/domain/trading/account.ts'
import { tradesOf } from '#src/domain/trading/day.ts'
import { foldFills } from '#src/domain/trading/fold-fills.ts'
import type { Trade } from '#src/domain/trading/trade.ts'

/** Every closed trade of a book, folded from its stored fills. */
export const closedTrades = async (db: Db, book: string, fees: Fees): Promise<readonly Trade[]> => {
  const [fills, accounts] = await Promise.all([fillsOf(db, book), accountsOf(db, book)])
  const commissionOf = (name: string) => accounts.find((account) => account.name === name)?.commission ?? 'settings'
  return foldFills(fills, (account) => ({ commission: commissionOf(account), fees })).flatMap(tradesOf)
}
