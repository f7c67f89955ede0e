import type { Bar } from './bar.ts'

const columnsOf = (capacity: number) => ({
  time: new Float64Array(capacity),
  open: new Float64Array(capacity),
  high: new Float64Array(capacity),
  low: new Float64Array(capacity),
  close: new Float64Array(capacity),
  volume: new Float64Array(capacity),
})

/** The six columns of a run of bars, oldest first; every column has the same length. */
export type BarColumns = ReturnType<typeof columnsOf>

/** Bars as growing typed-array columns, strictly ascending in time. */
export type BarSeries = {
  readonly length: number
  readonly push: (bar: Bar) => void
  readonly at: (index: number) => Bar
  /** Views on the filled part, valid until the next push. */
  readonly columns: () => BarColumns
}

const names = ['time', 'open', 'high', 'low', 'close', 'volume'] as const

/** Reads bar `index` of the columns; throws RangeError beyond either end. */
export const barAt = ({ time, open, high, low, close, volume }: BarColumns, index: number): Bar => {
  if (!(index >= 0 && index < time.length)) throw new RangeError(`no bar ${index} of ${time.length}`)
  return {
    time: time[index] as number,
    open: open[index] as number,
    high: high[index] as number,
    low: low[index] as number,
    close: close[index] as number,
    volume: volume[index] as number,
  }
}

/** Lays bars out as columns. */
export const toColumns = (bars: readonly Bar[]): BarColumns => {
  const columns = columnsOf(bars.length)
  bars.forEach((bar, i) => {
    for (const name of names) columns[name][i] = bar[name]
  })
  return columns
}

/** Views on bars `from` (inclusive) to `to` (exclusive); nothing is copied. */
export const sliceColumns = (columns: BarColumns, from: number, to?: number): BarColumns =>
  Object.fromEntries(names.map((name) => [name, columns[name].subarray(from, to)])) as BarColumns

/** Creates a series; throws when a pushed bar is not later than the last one. */
export const createBarSeries = (capacity = 1024): BarSeries => {
  let columns = columnsOf(capacity)
  let length = 0
  const grow = (): void => {
    const wider = columnsOf(columns.time.length * 2)
    for (const name of names) wider[name].set(columns[name])
    columns = wider
  }
  return {
    get length() {
      return length
    },
    push: (bar) => {
      if (length > 0 && bar.time <= (columns.time[length - 1] as number))
        throw new RangeError('bars must ascend in time')
      if (length === columns.time.length) grow()
      for (const name of names) columns[name][length] = bar[name]
      length++
    },
    at: (index) => barAt(sliceColumns(columns, 0, length), index),
    columns: () => sliceColumns(columns, 0, length),
  }
}
