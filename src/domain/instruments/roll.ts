import { monthCodes } from './contract-code.ts'
import { specOf } from './contract-spec.ts'
import { firstOfMonth, lastTradeDate, thirdFriday } from './expiry.ts'
import { addBusinessDays } from './holidays.ts'
import type { Contract, InstrumentId } from './instrument.ts'
import { addDays } from './zone.ts'

/**
 * The first trade date on which a contract is no longer the front, whatever its volume. Equity: the Monday before it
 * expires, when the exchange makes the next contract the lead. Metals: three business days before first notice (the last
 * business day of the month before delivery), which is also before micro copper's last trade. Crude: four business days
 * before its last trade.
 */
export const rollDate = (contract: Contract): string => {
  const { group } = specOf(contract.id)
  if (group === 'equity') return addDays(thirdFriday(contract), -4)
  return group === 'metals' ? addBusinessDays(firstOfMonth(contract), -4) : addBusinessDays(lastTradeDate(contract), -4)
}

/** The first active contract of a market delivering in month `from` or later; months counted from year 0. */
const activeFrom = (id: InstrumentId, from: number): Contract => {
  const { months } = specOf(id)
  let at = from
  while (!months.includes(monthCodes.charAt(at % 12))) at++
  return { id, year: Math.floor(at / 12), month: (at % 12) + 1 }
}

const nextActive = ({ id, year, month }: Contract): Contract => activeFrom(id, year * 12 + month)

/**
 * The contract to trade on a trade date: the nearest active one before its roll date; the one after it as soon as
 * `volumes` of the last full trade date (contracts) say that more of the next than of the front was traded.
 */
export const frontContract = (
  id: InstrumentId,
  tradeDate: string,
  volumes?: { readonly front: number; readonly next: number },
): Contract => {
  let front = activeFrom(id, Number(tradeDate.slice(0, 4)) * 12 + Number(tradeDate.slice(5, 7)) - 1)
  while (tradeDate >= rollDate(front)) front = nextActive(front)
  return volumes !== undefined && volumes.next > volumes.front ? nextActive(front) : front
}
