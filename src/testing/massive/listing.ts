import { contractCode, contractMonth } from '#src/domain/instruments/contract-code.ts'
import { firstOfMonth, lastTradeDate } from '#src/domain/instruments/expiry.ts'
import type { Contract, InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract, rollDate } from '#src/domain/instruments/roll.ts'
import { addDays } from '#src/domain/instruments/zone.ts'

/** How many contracts of a market are listed beginning with the oldest, which may have expired. */
const listed = 6

/** The vendor's name of a contract: 'MGCZ6'. */
export const tickerOf = (contract: Contract): string => contractCode(contract).replace(' ', '')

/** The first date a contract is listed: a year and a half before its delivery month. */
export const firstTradeDate = (contract: Contract): string => firstOfMonth(contract, -18)

/** Whether a contract can be traded on a date. */
export const isActive = (contract: Contract, date: string): boolean =>
  firstTradeDate(contract) <= date && date <= lastTradeDate(contract)

/** The contracts of a market around a date, nearest month first: one that has just gone, the front, those that follow. */
export const contractsAround = (id: InstrumentId, date: string): readonly Contract[] => {
  const chain = [frontContract(id, addDays(date, -45))]
  while (chain.length < listed) {
    const last = chain.at(-1) as Contract
    const next = frontContract(id, rollDate(last))
    chain.push(
      contractMonth(next) > contractMonth(last) ? next : frontContract(id, rollDate(last), { front: 0, next: 1 }),
    )
  }
  return chain
}
