import type { DayColumns } from '../optimization/trial.ts'
import type { History } from './history.ts'
import { type RoundTrip, rOf, roundTripsOf } from './round-trip.ts'
import type { TradeTape } from './trade-tape.ts'

/** Columns by trade date of these trades, each on the date it was left; one without a stop counts 0 R. */
export const dayColumnsOfTrips = (
  trips: readonly RoundTrip[],
  history: Pick<History, 'date' | 'dates'>,
): DayColumns => {
  const count = history.dates.length
  const columns = {
    net: new Float64Array(count),
    r: new Float64Array(count),
    rSquared: new Float64Array(count),
    trades: new Int32Array(count),
    wins: new Int32Array(count),
  }
  for (const trip of trips) {
    const date = history.date[trip.leftAt] as number
    const r = rOf(trip)
    columns.net[date] = (columns.net[date] as number) + trip.net
    columns.trades[date] = (columns.trades[date] as number) + 1
    if (trip.net > 0) columns.wins[date] = (columns.wins[date] as number) + 1
    if (Number.isNaN(r)) continue
    columns.r[date] = (columns.r[date] as number) + r
    columns.rSquared[date] = (columns.rSquared[date] as number) + r * r
  }
  return columns
}

/** What a run made on each trade date of its history; parts of one setup count as one trade. */
export const dayColumnsOf = (tape: TradeTape, history: Pick<History, 'date' | 'dates'>): DayColumns =>
  dayColumnsOfTrips(roundTripsOf(tape), history)
