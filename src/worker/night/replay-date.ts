import { rangeOfDate, readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import type { DayStory } from '#src/domain/night/parity.ts'
import { liveDate, warm } from '../shadow-date.ts'
import { createShadow } from '../shadow-engine.ts'
import type { NightDeps } from './night-deps.ts'
import { readPast } from './read-past.ts'

/** Lives a trade date of one market again from the stored bars, as a terminal that was started that midnight would have. */
export const replayDate = async (
  deps: NightDeps,
  { instrument, tradeDate }: { readonly instrument: InstrumentId; readonly tradeDate: string },
  turn: () => Promise<void>,
): Promise<DayStory & { readonly bars: readonly RecordedBar[] }> => {
  const { db, market, ledger } = deps
  const fronts = deps.fronts()
  const options = { ...deps, fronts, instrument, turn }
  const { from, to } = rangeOfDate(specOf(instrument).group, tradeDate)
  const shadow = createShadow(options)
  for await (const bars of readPast(deps, instrument, Math.min(from, easternMs(tradeDate, 0))))
    await warm(shadow, bars, turn)
  const bars = await readFrontRecords(db, market, instrument, { from, to }, { fronts })
  await liveDate({ ...options, market: ledger }, shadow, tradeDate, bars)
  const { cards, transitions } = shadow.take()
  return { cards, transitions, bars }
}
