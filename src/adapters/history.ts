import { dateOfBar, previousTradeDate, sessionOf, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import { barCoverage, saveBars } from './db/bars.ts'
import type { Db } from './db/connect.ts'

/** How far back the cards look, in trade dates. */
export const historyDates = 30

/** Epoch ms at which the trade date `historyDates` before the one of `now` opened. */
export const historyStart = (instrument: InstrumentId, now: number): number => {
  const { group } = specOf(instrument)
  let date = tradeDateAt(group, now)
  for (let i = 0; i < historyDates; i++) date = previousTradeDate(group, date)
  return sessionOf(group, date)?.open ?? now
}

/** The first instant (epoch ms) whose bars are not stored, when everything from `from` up to it is; `from` itself when nothing is. */
export const storedUntil = async (db: Db, market: string, instrument: InstrumentId, from: number): Promise<number> => {
  const coverage = await barCoverage(db, { market, instrument })
  const reached = Math.max(from, ...coverage.map(({ to }) => to + minuteMs))
  return coverage.some((contract) => contract.from <= from) ? reached : from
}

/** Columns as bars known whole from history. */
export const toHistory = (columns: BarColumns, source: string, asOf: number): readonly RecordedBar[] =>
  Array.from(columns.time, (_, i) => ({ ...barAt(columns, i), finality: 'history', asOf, source }))

/** Saves bars under the contract that was the front when each traded. */
export const saveHistory = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  bars: readonly RecordedBar[],
): Promise<void> => {
  const { group } = specOf(instrument)
  const byContract = new Map<number, RecordedBar[]>()
  let tradeDate = ''
  let contract = 0
  for (const bar of bars) {
    const date = dateOfBar(group, bar.time)
    if (date !== tradeDate) contract = contractMonth(frontContract(instrument, date))
    tradeDate = date
    const held = byContract.get(contract) ?? []
    held.push(bar)
    byContract.set(contract, held)
  }
  for (const [yyyymm, group] of byContract) await saveBars(db, { market, instrument, contract: yyyymm, bars: group })
}

/** Bars of several instruments in market order; at the same minute in the order of the instruments. */
export const interleave = <B extends Bar>(
  series: readonly { readonly instrument: InstrumentId; readonly bars: readonly B[] }[],
): readonly (B & { readonly instrument: InstrumentId })[] =>
  series.flatMap(({ instrument, bars }) => bars.map((bar) => ({ ...bar, instrument }))).sort((a, b) => a.time - b.time)
