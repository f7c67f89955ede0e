import { dateOfBar, nextTradeDate, previousTradeDate, sessionOf } from '#src/domain/instruments/calendar.ts'
import { contractMonth, contractOf } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { Fronts } from '#src/domain/instruments/fronts.ts'
import type { InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { easternMs } from '#src/domain/instruments/zone.ts'
import { dailyBars, intradayBars, rollAll } from '#src/domain/market/aggregate.ts'
import { backAdjust, priceGap } from '#src/domain/market/back-adjust.ts'
import { type Bar, finalities, minuteMs, type RecordedBar, type Timeframe } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt, toColumns } from '#src/domain/market/series.ts'
import { type BarsOf, readBars, selectBars } from './bars.ts'
import type { Db } from './connect.ts'

type Range = { readonly from: number; readonly to: number }

/** The minutes in which a contract (yyyymm) was the front, epoch ms. */
export type FrontStretch = Range & { readonly contract: number }

/** Which contract was the front when: as the calendar has it, or as it was decided. */
type FrontOptions = { readonly fronts?: Fronts }

/** Where the bars of a trade date end: at 18:00 New York, when those of the next begin. */
const endOfDate = (date: string): number => easternMs(date, 18 * 60)

/** When the bars of a trade date may begin: [from, to), epoch ms, from the end of the trade date before. */
export const rangeOfDate = (group: MarketGroup, date: string): Range => ({
  from: endOfDate(previousTradeDate(group, date)),
  to: endOfDate(date),
})

/** The stretches of [from, to) between rolls, oldest first. A roll happens with a trade date. */
export const frontStretches = (
  instrument: InstrumentId,
  { from, to }: Range,
  fronts: Fronts = frontContract,
): readonly FrontStretch[] => {
  const { group } = specOf(instrument)
  const stretches: FrontStretch[] = []
  let start = from
  for (let date = dateOfBar(group, from); start < to; date = nextTradeDate(group, date)) {
    const contract = contractMonth(fronts(instrument, date))
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

/** Ticks from the new contract up to the old one at the last minute both traded of the old one's last trade date. */
const gapAtRoll = async (db: Db, of: Omit<BarsOf, 'contract'>, older: FrontStretch, newer: number) => {
  const { group, ...spec } = specOf(of.instrument)
  const range = rangeOfDate(group, dateOfBar(group, older.to - minuteMs))
  const [before, after] = await Promise.all(
    [older.contract, newer].map((contract) => readBars(db, { ...of, contract, ...range })),
  )
  return before && after && priceGap({ group, ...spec }, barsOf(before), barsOf(after))
}

/**
 * The 1m bars of whichever contract was the front, in [from, to) epoch ms, oldest first. With `adjust: 'back'` those before
 * a roll are moved by its price gap (see backAdjust); where no minute of both contracts is stored they stay as they were.
 */
export const readFrontBars = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: Range,
  { fronts, adjust = 'none' }: FrontOptions & { readonly adjust?: 'none' | 'back' } = {},
): Promise<readonly Bar[]> => {
  const stretches = frontStretches(instrument, range, fronts)
  const parts = await Promise.all(
    stretches.map(async (stretch) => ({
      contract: contractOf(instrument, stretch.contract),
      bars: barsOf(await readBars(db, { market, instrument, ...stretch })),
    })),
  )
  if (adjust === 'none') return parts.flatMap(({ bars }) => bars)
  const gaps = new Map<number, number>()
  for (const [i, older] of stretches.slice(0, -1).entries()) {
    const newer = (stretches[i + 1] as FrontStretch).contract
    gaps.set(older.contract, (await gapAtRoll(db, { market, instrument }, older, newer)) ?? 0)
  }
  return backAdjust(specOf(instrument), parts, (older) => gaps.get(contractMonth(older))).bars
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
  options: FrontOptions = {},
): Promise<BarColumns> => {
  if (timeframe === '1m') return toColumns(await readFrontBars(db, market, instrument, { from, to }, options))
  const { group } = specOf(instrument)
  const minutes = await readFrontBars(db, market, instrument, { from, to: endOfBars(group, timeframe, to) }, options)
  const openOf = (time: number): number => sessionOf(group, dateOfBar(group, time))?.open ?? time
  const bars = rollAll(timeframe === '1d' ? dailyBars(openOf) : intradayBars(timeframe), minutes)
  return toColumns(bars.filter(({ time }) => time >= from && time < to))
}

/** Bars of one contract that begin in [from, to) with how they came to be, oldest first; meant for a day, not for a year. */
export const readRecords = async (db: Db, wanted: BarsOf & Range): Promise<readonly RecordedBar[]> =>
  (await selectBars(db, wanted)).map(({ market: _, instrument: __, contract: ___, finality, ...bar }) => ({
    ...bar,
    finality: finalities[finality] ?? 'partial',
  }))

/** Front bars with what is known of how they came to be; meant for a day, not for a year. */
export const readFrontRecords = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  range: Range,
  { fronts }: FrontOptions = {},
): Promise<readonly RecordedBar[]> => {
  const stretches = frontStretches(instrument, range, fronts)
  return (await Promise.all(stretches.map((stretch) => readRecords(db, { market, instrument, ...stretch })))).flat()
}
