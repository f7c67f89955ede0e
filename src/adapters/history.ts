import {
  dateOfBar,
  isOpen,
  nextChangeAt,
  previousTradeDate,
  sessionOf,
  tradeDateAt,
} from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId, MarketGroup } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { type Bar, minuteMs, type RecordedBar } from '#src/domain/market/bar.ts'
import { type BarColumns, barAt } from '#src/domain/market/series.ts'
import { saveBars } from './db/bars.ts'
import type { Db } from './db/connect.ts'

/** How far back the cards look, in trade dates. */
const historyDates = 30

/** Epoch ms at which the trade date `historyDates` before the one of `now` opened. */
export const historyStart = (instrument: InstrumentId, now: number): number => {
  const { group } = specOf(instrument)
  let date = tradeDateAt(group, now)
  for (let i = 0; i < historyDates; i++) date = previousTradeDate(group, date)
  return sessionOf(group, date)?.open ?? now
}

/** A thin market leaves out minutes, never an hour of open market. */
const holeMs = 60 * minuteMs

/** How long the market was open in [from, to), ms. */
const openMs = (group: MarketGroup, from: number, to: number): number => {
  let open = 0
  for (let at = from; at < to; at = nextChangeAt(group, at))
    if (isOpen(group, at)) open += Math.min(to, nextChangeAt(group, at)) - at
  return open
}

/**
 * The first instant (epoch ms) of [from, to) from which on bars are missing, `to` when none are. `bars` are those held
 * of that range, oldest first; only an hour of open market without any is a hole.
 */
export const heldUntil = (
  instrument: InstrumentId,
  bars: readonly Pick<Bar, 'time'>[],
  { from, to }: { readonly from: number; readonly to: number },
): number => {
  const { group } = specOf(instrument)
  let until = from
  for (const { time } of bars) {
    if (time - until >= holeMs && openMs(group, until, time) >= holeMs) return until
    until = time + minuteMs
  }
  return Math.min(until, to)
}

/** Columns as bars known whole from history. */
export const toHistory = (columns: BarColumns, source: string, asOf: number): readonly RecordedBar[] => {
  const bars: RecordedBar[] = []
  for (let i = 0; i < columns.time.length; i++) {
    const { time, open, high, low, close, volume } = barAt(columns, i)
    bars.push({ time, open, high, low, close, volume, finality: 'history', asOf, source })
  }
  return bars
}

/** The most bars stored as one: what else is asked of the database has its turn between two of these. */
const savedAtOnce = 4_000

/**
 * Saves bars (given in order of time) under the contract that was the front when each traded, newest first: whoever reads
 * meanwhile, or after it was cut off, lacks a beginning, which is looked for again, and never a middle. `stopping` ends it
 * between two parts.
 */
export const saveHistory = async (
  db: Db,
  market: string,
  instrument: InstrumentId,
  bars: readonly RecordedBar[],
  stopping?: AbortSignal,
): Promise<void> => {
  const { group } = specOf(instrument)
  const byContract = new Map<number, RecordedBar[]>()
  let tradeDate = ''
  let front = 0
  for (const bar of bars) {
    const date = dateOfBar(group, bar.time)
    if (date !== tradeDate) front = contractMonth(frontContract(instrument, date))
    tradeDate = date
    const held = byContract.get(front) ?? []
    held.push(bar)
    byContract.set(front, held)
  }
  for (const [contract, held] of [...byContract].reverse()) {
    // Alike in size: a short rest that a crash kept from the disk would pass for the minutes of a thin market.
    const size = Math.ceil(held.length / Math.ceil(held.length / savedAtOnce))
    for (let to = held.length; to > 0 && stopping?.aborted !== true; to -= size)
      await saveBars(db, { market, instrument, contract, bars: held.slice(Math.max(0, to - size), to) })
  }
}

/** Bars of several instruments in market order; at the same minute in the order of the instruments. */
export const interleave = <B extends Bar>(
  series: readonly { readonly instrument: InstrumentId; readonly bars: readonly B[] }[],
): readonly (B & { readonly instrument: InstrumentId })[] =>
  series.flatMap(({ instrument, bars }) => bars.map((bar) => ({ ...bar, instrument }))).sort((a, b) => a.time - b.time)
