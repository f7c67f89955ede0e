import { previousTradeDate, tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { type BarColumns, sliceColumns } from '#src/domain/market/series.ts'
import type { SyntheticMarket } from './synthetic-market.ts'

const join = (parts: readonly BarColumns[], name: keyof BarColumns): Float64Array<ArrayBuffer> => {
  const joined = new Float64Array(parts.reduce((sum, { time }) => sum + time.length, 0))
  let at = 0
  for (const { [name]: column } of parts) {
    joined.set(column, at)
    at += column.length
  }
  return joined
}

/**
 * The closed one-minute bars before an instant (epoch ms): those of its own trade date so far and of the `tradeDates`
 * whole ones before it. The minute still running at `endMs` is not among them.
 */
export const historyOf = (
  market: SyntheticMarket,
  instrument: InstrumentId,
  endMs: number,
  tradeDates = 30,
): BarColumns => {
  const { group } = specOf(instrument)
  const dates = [tradeDateAt(group, endMs)]
  while (dates.length <= tradeDates) dates.unshift(previousTradeDate(group, dates[0] as string))
  const parts = dates.map((date) => market.minutes(instrument, date))
  const today = parts.pop() as BarColumns
  parts.push(sliceColumns(today, 0, today.time.filter((time) => time + minuteMs <= endMs).length))
  return {
    time: join(parts, 'time'),
    open: join(parts, 'open'),
    high: join(parts, 'high'),
    low: join(parts, 'low'),
    close: join(parts, 'close'),
    volume: join(parts, 'volume'),
  }
}
