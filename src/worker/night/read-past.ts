import { rangeOfDate, readFrontBars } from '#src/adapters/db/front-bars.ts'
import { historyStart } from '#src/adapters/history.ts'
import { dateOfBar, nextTradeDate } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import type { NightDeps } from './night-deps.ts'

/**
 * The bars a terminal that started at `to` (epoch ms) would warm up with, oldest first: those of a trade date at a time, except
 * where a change of contract moves those before it.
 */
export async function* readPast(
  { db, market, fronts, adjust }: Pick<NightDeps, 'db' | 'market' | 'fronts' | 'adjust'>,
  instrument: InstrumentId,
  to: number,
): AsyncGenerator<readonly Bar[]> {
  const { group } = specOf(instrument)
  const from = historyStart(instrument, to)
  const options = { fronts: fronts(), adjust }
  if (adjust === 'back') return yield await readFrontBars(db, market, instrument, { from, to }, options)
  for (let date = dateOfBar(group, from); ; date = nextTradeDate(group, date)) {
    const range = rangeOfDate(group, date)
    if (range.from >= to) return
    yield await readFrontBars(
      db,
      market,
      instrument,
      { from: Math.max(from, range.from), to: Math.min(to, range.to) },
      options,
    )
  }
}
