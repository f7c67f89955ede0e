import { rangeOfDate, readFrontRecords } from '#src/adapters/db/front-bars.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import type { RecordedBar } from '#src/domain/market/bar.ts'
import { type BarColumns, createBarSeries } from '#src/domain/market/series.ts'
import type { DayStory } from '#src/domain/night/parity.ts'
import { liveDate, warm } from '../shadow-date.ts'
import { createShadow } from '../shadow-engine.ts'
import type { NightDeps } from './night-deps.ts'
import { readPast } from './read-past.ts'

/** The date's bars as they are kept, and all that were read: the past before them too. */
type Read = { readonly bars: readonly RecordedBar[]; readonly read: BarColumns }

/** Lives a trade date of one market again from the stored bars, as a terminal that was started that midnight would have. */
export const replayDate = async (
  deps: NightDeps,
  { instrument, tradeDate }: { readonly instrument: InstrumentId; readonly tradeDate: string },
  turn: () => Promise<void>,
): Promise<DayStory & Read> => {
  const { db, market, ledger } = deps
  const fronts = deps.fronts()
  const options = { ...deps, fronts, instrument, turn }
  const { from, to } = rangeOfDate(specOf(instrument).group, tradeDate)
  const shadow = createShadow(options)
  const series = createBarSeries()
  for await (const bars of readPast(deps, instrument, Math.min(from, easternMs(tradeDate, 0)))) {
    for (const bar of bars) series.push(bar)
    await warm(shadow, bars, turn)
  }
  const bars = await readFrontRecords(db, market, instrument, { from, to }, { fronts })
  for (const bar of bars) series.push(bar)
  await liveDate({ ...options, market: ledger }, shadow, tradeDate, bars)
  const { cards, transitions } = shadow.take()
  return { cards, transitions, bars, read: series.columns() }
}
