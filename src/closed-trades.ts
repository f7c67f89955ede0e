import { accountsOf } from '#src/adapters/db/accounts.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import { fillsOf } from '#src/adapters/db/platform.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Account, Fees } from '#src/domain/trading/account.ts'
import { tradesOf } from '#src/domain/trading/day.ts'
import type { Fill } from '#src/domain/trading/fill.ts'
import { record } from '#src/domain/trading/ledger.ts'
import type { Trade } from '#src/domain/trading/trade.ts'

/** The closed trades of all fills of a book; a holding is folded from its first fill on. */
const tradesIn = (fills: readonly Fill[], accounts: readonly Account[], fees: Fees): readonly Trade[] => {
  const holdings = new Map<string, Fill[]>()
  for (const fill of fills) {
    const key = `${fill.account} ${fill.instrument} ${fill.contract}`
    const own = holdings.get(key)
    if (own === undefined) holdings.set(key, [fill])
    else own.push(fill)
  }
  return [...holdings.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const commission = accounts.find(({ name }) => name === first.account)?.commission ?? 'settings'
    return tradesOf(record(specOf(first.instrument), [], [first, ...rest], { commission, fees }))
  })
}

/** Every closed trade of a book, folded from its stored fills. */
export const closedTrades = async (db: Db, book: string, fees: Fees): Promise<readonly Trade[]> =>
  tradesIn(await fillsOf(db, book), await accountsOf(db, book), fees)
