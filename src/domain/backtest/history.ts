import { dateOfBar } from '../instruments/calendar.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { toTicks } from '../instruments/ticks.ts'
import { easternAt } from '../instruments/zone.ts'
import { minuteMs } from '../market/bar.ts'
import type { BarColumns } from '../market/series.ts'

const hourMs = 60 * minuteMs

/** The prices of the bars in whole ticks: what orders are compared with. */
type TickColumns = {
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
}

/**
 * Closed bars of one market laid out to be replayed. Nothing in it changes once it is made, so threads share it: every column
 * may rest on a SharedArrayBuffer.
 */
export type History = {
  /** Prices in points, `time` epoch ms of a bar's first instant; for indicators. */
  readonly columns: BarColumns
  /** For orders and fills. */
  readonly ticks: TickColumns
  /** Of each bar: the index of its trade date in `dates`. */
  readonly date: Int32Array
  /** Of each bar: the minute of the New York day (0–1439) in which it begins. */
  readonly minute: Int16Array
  /** Trade dates, ascending; every one has a bar. */
  readonly dates: readonly string[]
  /** The first bar of each trade date, and after the last of them the number of bars. */
  readonly firstOf: Int32Array
}

/** A column of `length` numbers; the default lies in plain memory, a caller may let it lie in shared memory. */
export type Column = <T extends Float64Array | Int32Array | Int16Array>(
  kind: { new (length: number): T; new (buffer: ArrayBufferLike): T; readonly BYTES_PER_ELEMENT: number },
  length: number,
) => T

/** Columns every thread sees. */
export const sharedColumn: Column = (kind, length) => new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT))

/** Columns of one thread's own. */
export const plainColumn: Column = (kind, length) => new kind(length)

const ticksOf = (spec: ContractSpec, prices: Float64Array, column: Column): Int32Array => {
  const ticks = column(Int32Array, prices.length)
  for (let i = 0; i < prices.length; i++) ticks[i] = toTicks(spec, prices[i] as number)
  return ticks
}

const copy = (values: Float64Array, column: Column): Float64Array => {
  const copied = column(Float64Array, values.length)
  copied.set(values)
  return copied
}

/** Lays bars out to be replayed; `columns` ascend in time, prices in points. */
export const historyOf = (spec: ContractSpec, columns: BarColumns, column: Column = plainColumn): History => {
  const { time, open, high, low, close, volume } = columns
  const n = time.length
  const date = column(Int32Array, n)
  const minute = column(Int16Array, n)
  const dates: string[] = []
  const first: number[] = []
  // The calendar is asked once an hour: neither a trade date nor New York's offset changes within one.
  let hour = Number.NaN
  let minuteOfHour = 0
  for (let i = 0; i < n; i++) {
    const at = time[i] as number
    const begun = at - (at % hourMs)
    if (begun !== hour) {
      hour = begun
      minuteOfHour = easternAt(begun).minute
      const tradeDate = dateOfBar(spec.group, begun)
      if (dates.at(-1) !== tradeDate) {
        dates.push(tradeDate)
        first.push(i)
      }
    }
    date[i] = dates.length - 1
    minute[i] = minuteOfHour + (at - begun) / minuteMs
  }
  const firstOf = column(Int32Array, first.length + 1)
  firstOf.set([...first, n])
  return {
    columns: {
      time: copy(time, column),
      open: copy(open, column),
      high: copy(high, column),
      low: copy(low, column),
      close: copy(close, column),
      volume: copy(volume, column),
    } as BarColumns,
    ticks: {
      open: ticksOf(spec, open, column),
      high: ticksOf(spec, high, column),
      low: ticksOf(spec, low, column),
      close: ticksOf(spec, close, column),
    },
    date,
    minute,
    dates,
    firstOf,
  }
}
