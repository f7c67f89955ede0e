import { and, asc, eq, gte, lt } from 'drizzle-orm'
import { dateOfBar, nextTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { dailyBars, intradayBars, rollAll } from '#src/domain/market/aggregate.ts'
import { type Bar, finalities, type RecordedBar, type Timeframe } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt, toColumns } from '#src/domain/market/series.ts'
import { readBars } from './bars.ts'
import type { Db } from './connect.ts'
import { bars as stored } from './schema.ts'

type Stretch = { readonly contract: number; readonly from: number; readonly to: number }
type Range = { readonly from: number; readonly to: number }

/** Which contract was the front when: the stretches of [from, to) between rolls. A roll happens with a trade date. */
const frontStretches = (instrument: InstrumentId, { from, to }: Range): readonly Stretch[] => {
  const { group } = specOf(instrument)
  const stretches: Stretch[] = []
  let start = from
  for (let date = dateOfBar(group, from); start < to; date = nextTradeDate(group, date)) {
    const contract = contractMonth(frontContract(instrument, date))
    const end = Math.min(to, sessionOf(group, nextTradeDate(group, date))?.open ?? to)
    const last = stretches.at(-1)
    if (last?.contract === contract) stretches[stretches.length - 1] = { ...last, to: end }
    else stretches.push({ contract, from: start, to: end })
    start = end
  }
  return stretches
}

const barsOf = (columns: BarColumns): Bar[] => Array.from(columns.time, (_, i) => barAt(columns, i))

/** The 1m bars of whichever contract was the front, in [from, to) epoch ms, oldest first; rolls are left as they are. */
export const readFrontBars = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: Range,
): Promise<readonly Bar[]> => {
  const parts = await Promise.all(
    frontStretches(instrument, range).map((stretch) => readBars(db, { market, instrument, ...stretch })),
  )
  return parts.flatMap(barsOf)
}

/** Front bars in any timeframe; all but the stored 1m bars derive here. */
export const readTimeframe = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  timeframe: Timeframe,
  range: Range,
): Promise<BarColumns> => {
  const minutes = await readFrontBars(db, market, instrument, range)
  if (timeframe === '1m') return toColumns(minutes)
  const { group } = specOf(instrument)
  const openOf = (time: number): number => sessionOf(group, dateOfBar(group, time))?.open ?? time
  return toColumns(rollAll(timeframe === '1d' ? dailyBars(openOf) : intradayBars(timeframe), minutes))
}

/** Front bars with what is known of how they came to be; meant for a day, not for a year. */
export const readFrontRecords = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: Range,
): Promise<readonly RecordedBar[]> => {
  const parts = await Promise.all(
    frontStretches(instrument, range).map(({ contract, from, to }) =>
      db
        .select()
        .from(stored)
        .where(
          and(
            eq(stored.market, market),
            eq(stored.instrument, instrument),
            eq(stored.contract, contract),
            gte(stored.time, from),
            lt(stored.time, to),
          ),
        )
        .orderBy(asc(stored.time)),
    ),
  )
  return parts.flat().map(({ market: _, instrument: __, contract: ___, finality, ...bar }) => ({
    ...bar,
    finality: finalities[finality] ?? 'partial',
  }))
}
