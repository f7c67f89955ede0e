import type { RollReading } from '../picture.ts'
import { nextTradeDate, sessionOf } from './calendar.ts'
import { contractCode } from './contract-code.ts'
import { specOf } from './contract-spec.ts'
import { contractAfter, type Fronts, tradeDatesUntil } from './fronts.ts'
import type { InstrumentId } from './instrument.ts'
import { rollDate } from './roll.ts'

/** The market's next change of contract as seen from a trade date; `volumes` (contracts) are of the last full one. */
export const previewRoll = (
  id: InstrumentId,
  tradeDate: string,
  fronts: Fronts,
  volumes?: RollReading['volumes'],
): RollReading => {
  const { group } = specOf(id)
  const contract = fronts(id, tradeDate)
  const date = rollDate(contract)
  const rollsOn = sessionOf(group, date) === undefined ? nextTradeDate(group, date) : date
  return {
    instrument: id,
    contract: contractCode(contract),
    next: contractCode(contractAfter(contract)),
    rollsOn,
    tradeDates: tradeDatesUntil(id, tradeDate, rollsOn),
    ...(volumes === undefined ? {} : { volumes }),
  }
}
