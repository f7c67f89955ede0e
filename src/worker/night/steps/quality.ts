import { coverStored } from '#src/adapters/db/coverage.ts'
import { sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { DateCoverage } from '#src/domain/market/coverage.ts'
import { qualityWords } from '#src/domain/night/step-words.ts'
import type { StepWork } from '../night.ts'
import { type NightDeps, turnOf } from '../night-deps.ts'

/** Counts what is held of the day: holes, minutes seen in part, prices that cannot be. */
export const quality =
  (deps: NightDeps): StepWork =>
  async ({ night: { tradeDate }, signal, tell }) => {
    const { db, market, instruments, fronts, clock, deepen } = deps
    const words = (): string => qualityWords(dates, deepen === undefined)
    const turn = turnOf(deps, signal)
    const dates: { instrument: InstrumentId; coverage: DateCoverage }[] = []
    for (const instrument of instruments) {
      if (sessionOf(specOf(instrument).group, tradeDate) === undefined) continue
      const contract = contractMonth(fronts()(instrument, tradeDate))
      const of = { market, instrument, contract, tradeDate, now: clock.now(), wall: clock.wall() }
      const { coverage } = await coverStored(db, of)
      dates.push({ instrument, coverage })
      tell(dates.length / instruments.length, words())
      await turn()
    }
    return words()
  }
