import { specOf } from './contract-spec.ts'
import { addBusinessDays, isBusinessDay, nthWeekday } from './holidays.ts'
import type { Contract, InstrumentId } from './instrument.ts'
import { addDays, easternMs } from './zone.ts'

const friday = 5

/** The first date of the month `months` after (before, when negative) a contract's delivery month. */
export const firstOfMonth = ({ year, month }: Contract, months = 0): string =>
  new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)

/** The third Friday of the delivery month, on which equity indexes settle. */
export const thirdFriday = ({ year, month }: Contract): string => nthWeekday(year, month, friday, 3)

/** The third business day before the 25th of the month before delivery; the fourth when the 25th is no business day. */
const crudeLastTrade = (contract: Contract): string => {
  const twentyFifth = addDays(firstOfMonth(contract, -1), 24)
  return addBusinessDays(twentyFifth, isBusinessDay(twentyFifth) ? -3 : -4)
}

/**
 * The last date a contract trades. Equity: the third Friday, or the business day before when that is a holiday. Metals:
 * the third last business day of the delivery month; micro copper, settled in cash, of the month before. Crude: three
 * business days before the 25th of the month before; micro crude one day earlier. From the exchange's rule books.
 */
export const lastTradeDate = (contract: Contract): string => {
  const { group } = specOf(contract.id)
  if (group === 'equity') {
    const expiration = thirdFriday(contract)
    return isBusinessDay(expiration) ? expiration : addBusinessDays(expiration, -1)
  }
  if (group === 'metals') return addBusinessDays(firstOfMonth(contract, contract.id === 'MHG' ? 0 : 1), -3)
  return contract.id === 'MCL' ? addBusinessDays(crudeLastTrade(contract), -1) : crudeLastTrade(contract)
}

/** Minutes after midnight, New York, at which trading ends on the last day; micros end with their full size. */
const endOfTrading: Partial<Record<InstrumentId, number>> = {
  GC: 13 * 60 + 30,
  SI: 13 * 60 + 25,
  HG: 13 * 60,
  CL: 14 * 60 + 30,
}
const openingBell = 9 * 60 + 30

/** The instant (epoch ms) a contract stops trading; equity stops with the opening of the stock exchanges. */
export const lastTradeAt = (contract: Contract): number => {
  const full = specOf(contract.id).microOf?.id ?? contract.id
  return easternMs(lastTradeDate(contract), endOfTrading[full] ?? openingBell)
}
