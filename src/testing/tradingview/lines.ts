import { type Indicator, series } from '#src/domain/indicators/indicator.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { barAt } from '#src/domain/market/series.ts'
import type { Market } from './market.ts'

/** A number at each bar's close; NaN where it is not known. */
export type Line = (bar: number) => number

/** The same at every bar. */
export const level =
  (value: number): Line =>
  () =>
    value

/** Values of each bar as a line. */
export const lineOf =
  (values: ArrayLike<number>): Line =>
  (bar) =>
    values[bar] ?? Number.NaN

/** An indicator's run over the closes, points. */
export const overCloses = <State>({ history }: Market, indicator: Indicator<State, number>): Line =>
  lineOf(series(indicator, history.columns.close))

/** An indicator's run over the bars. */
export const overBars = <State>({ history: { columns } }: Market, indicator: Indicator<State, Bar>): Line =>
  lineOf(
    series(
      indicator,
      Array.from(columns.time, (_, bar) => barAt(columns, bar)),
    ),
  )

/** +1 where `line` crosses above the other, −1 where below, else 0. TradingView `ta.crossover` and `ta.crossunder`. */
export const crossing =
  (line: Line, other: Line) =>
  (bar: number): -1 | 0 | 1 => {
    const [before, after] = [line(bar - 1) - other(bar - 1), line(bar) - other(bar)]
    if (before <= 0 && after > 0) return 1
    return before >= 0 && after < 0 ? -1 : 0
  }

/** A price within a millionth of a tick of the grid is on it. */
const tolerance = 1e-6

/** The first tick at or above, and at or below, a price in points: buy stops and sell limits rest above, the others below. */
export const gridOf = ({ terms: { ticksPerPoint } }: Market) => ({
  up: (price: number): number => Math.ceil(price * ticksPerPoint - tolerance),
  down: (price: number): number => Math.floor(price * ticksPerPoint + tolerance),
})
