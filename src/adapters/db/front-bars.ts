import { dateOfBar, nextTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { dailyBars, intradayBars, rollAll } from '#src/domain/market/aggregate.ts'
import { type Bar, finalities, minuteMs, type RecordedBar, type Timeframe } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt, toColumns } from '#src/domain/market/series.ts'
import { readBars, selectBars } from './bars.ts'
import type { Db } from './connect.ts'

type Stretch = { readonly contract: number; readonly from: number; readonly to: number }
type Range = { readonly from: number; readonly to: number }

/** Where the bars of a trade date end: at 18:00 New York, when those of the next begin. */
const endOfDate = (date: string): number => easternMs(date, 18 * 60)

/** Which contract was the front when: the stretches of [from, to) between rolls. A roll happens with a trade date. */
const frontStretches = (instrument: InstrumentId, { from, to }: Range): readonly Stretch[] => {
  const { group } = specOf(instrument)
  const stretches: Stretch[] = []
  let start = from
  for (let date = dateOfBar(group, from); start < to; date = nextTradeDate(group, date)) {
    const contract = contractMonth(frontContract(instrument, date))
    const end = Math.min(to, endOfDate(date))
    const last = stretches.at(-1)
    if (last?.contract === contract) stretches[stretches.length - 1] = { ...last, to: end }
    else stretches.push({ contract, from: start, to: end })
    start = end
  }
  return stretches
}

const barsOf = (columns: BarColumns): Bar[] => {
  const bars: Bar[] = []
  for (let i = 0; i < columns.time.length; i++) bars.push(barAt(columns, i))
  return bars
}

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

/** Where the last bar that begins before `to` ends; epoch ms. */
const endOfBars = (group: MarketGroup, timeframe: Exclude<Timeframe, '1m'>, to: number): number => {
  if (timeframe === '1d') return endOfDate(dateOfBar(group, to))
  const spanMs = Number.parseInt(timeframe, 10) * minuteMs
  return Math.ceil(to / spanMs) * spanMs
}

/** Front bars of a timeframe that begin in [from, to) epoch ms, each made of all its minutes that are stored. */
export const readTimeframe = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  timeframe: Timeframe,
  { from, to }: Range,
): Promise<BarColumns> => {
  if (timeframe === '1m') return toColumns(await readFrontBars(db, market, instrument, { from, to }))
  const { group } = specOf(instrument)
  const minutes = await readFrontBars(db, market, instrument, { from, to: endOfBars(group, timeframe, to) })
  const openOf = (time: number): number => sessionOf(group, dateOfBar(group, time))?.open ?? time
  const bars = rollAll(timeframe === '1d' ? dailyBars(openOf) : intradayBars(timeframe), minutes)
  return toColumns(bars.filter(({ time }) => time >= from && time < to))
}

/** Front bars with what is known of how they came to be; meant for a day, not for a year. */
export const readFrontRecords = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: Range,
): Promise<readonly RecordedBar[]> => {
  const parts = await Promise.all(
    frontStretches(instrument, range).map((stretch) => selectBars(db, { market, instrument, ...stretch })),
  )
  return parts.flat().map(({ market: _, instrument: __, contract: ___, finality, ...bar }) => ({
    ...bar,
    finality: finalities[finality] ?? 'partial',
  }))
}
