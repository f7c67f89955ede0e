import { nextTradeDate } from './calendar.ts'
import { contractMonth, contractOf } from './contract-code.ts'
import { specOf } from './contract-spec.ts'
import type { Contract, InstrumentId } from './instrument.ts'
import { frontContract, rollDate } from './roll.ts'

/** From a trade date on a market is traded in this contract (yyyymm): decided once, from the volumes of the date before. */
export type Roll = {
  readonly instrument: InstrumentId
  readonly tradeDate: string
  readonly contract: number
  readonly reason: 'calendar' | 'volume'
  /** Contracts traded on the trade date before, where they decided. */
  readonly volumes?: { readonly front: number; readonly next: number }
}

/** Which contract of a market is the front on a trade date. */
export type Fronts = (instrument: InstrumentId, tradeDate: string) => Contract

/**
 * The front contracts as they were decided. A decision stands for later dates too, until the calendar is past it: nobody
 * rolls back into a month that was left.
 */
export const createFronts = (rolls: readonly Roll[]): Fronts => {
  const ordered = rolls.toSorted((a, b) => (a.tradeDate < b.tradeDate ? -1 : 1))
  return (instrument, tradeDate) => {
    const calendar = frontContract(instrument, tradeDate)
    const decided = ordered.findLast((roll) => roll.instrument === instrument && roll.tradeDate <= tradeDate)
    return decided !== undefined && decided.contract > contractMonth(calendar)
      ? contractOf(instrument, decided.contract)
      : calendar
  }
}

/** The contract a market changes into when it leaves one. */
export const contractAfter = (contract: Contract): Contract => frontContract(contract.id, rollDate(contract))

/** How many trade dates of a market `until` is away from a trade date; 0 when it is not later. */
export const tradeDatesUntil = (id: InstrumentId, tradeDate: string, until: string): number => {
  const { group } = specOf(id)
  let count = 0
  for (let date = tradeDate; date < until; date = nextTradeDate(group, date)) count++
  return count
}

/** Volumes move over within two weeks of the calendar's roll; a month ahead of it they are an accident. */
const earliestTradeDates = 10

/**
 * Whether a market changes contract with the trade date that begins: when the calendar is past the current one, or when
 * more of the next than of the current was traded on the last full trade date (`volumes`, contracts) and the calendar's
 * roll is at most ten trade dates away. A current contract without any trade is missing data and decides nothing.
 */
export const decideRoll = ({
  id,
  tradeDate,
  current,
  volumes,
}: {
  readonly id: InstrumentId
  readonly tradeDate: string
  readonly current: Contract
  readonly volumes?: { readonly front: number; readonly next: number } | undefined
}): Roll | undefined => {
  const calendar = contractMonth(frontContract(id, tradeDate))
  if (calendar > contractMonth(current)) return { instrument: id, tradeDate, contract: calendar, reason: 'calendar' }
  if (volumes === undefined || volumes.front === 0 || volumes.next <= volumes.front) return undefined
  if (tradeDatesUntil(id, tradeDate, rollDate(current)) > earliestTradeDates) return undefined
  return { instrument: id, tradeDate, contract: contractMonth(contractAfter(current)), reason: 'volume', volumes }
}
