import { type Indicator, series } from '#src/domain/indicators/indicator.ts'
import type { Bar } from '#src/domain/market/bar.ts'
import { oracleRows } from '../oracles.ts'

/** One column of somebody else's answers beside ours; `note` is the reason where a convention differs. */
export type OracleCase = {
  /** Who answered, and in which file. */
  readonly oracle: string
  readonly column: string
  readonly indicator: string
  /** How many rows both know; one that only one of them knows is never forgiven. */
  readonly rows: number
  /** The answers, and the prices they were made from, were rounded when printed. */
  readonly rounded?: boolean
  /** What the rounding of the prices alone can move the answer, where that is more; the note says how much and why. */
  readonly within?: number
  readonly note?: string
  readonly theirs: () => readonly string[]
  readonly ours: () => readonly number[]
}

/** What a comparison found: `worst` is the largest difference in the column's unit, `beyond` the rows where it is too large. */
export type Comparison = {
  readonly oracle: string
  readonly indicator: string
  readonly rows: number
  readonly worst: number
  readonly beyond: number
  readonly note: string
}

/** "", "NaN", "None", "#N/A" and TradingView's 1e+100 say that there is no value. */
const numberOf = (text: string): number => (text === '' || text === '1e+100' ? Number.NaN : Number(text))

/** How a number is printed: digits behind the point (−3 of 4.1E+04 counts thousands) and digits in all; a 16th is only binary noise. */
const printOf = (text: string): { readonly decimals: number; readonly digits: number } => {
  const told = text.replace(/\D/g, '').length < 16 ? text : String(Number(Number(text).toPrecision(15)))
  const [mantissa = '', power = '0'] = told.toLowerCase().split('e')
  return {
    decimals: (mantissa.split('.')[1] ?? '').length - Number(power),
    digits: mantissa.replace(/^-?0*\.?0*/, '').replace('.', '').length,
  }
}

/**
 * What may separate a row: 1e-9, and of a rounded column one unit of its last printed digit — half for the answer's own
 * rounding, half for that of its prices. A column is printed to some decimals or to some digits in all.
 */
const allowance = (texts: readonly string[], rounded: boolean): ((value: number) => number) => {
  const prints = texts.filter((text) => !Number.isNaN(numberOf(text))).map(printOf)
  const decimals = Math.max(...prints.map((print) => print.decimals))
  const digits = Math.max(...prints.map((print) => print.digits))
  return (value) =>
    rounded ? 1e-9 + Math.max(10 ** -decimals, 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits)) : 1e-9
}

/** Compares row by row; a row only one side knows differs infinitely, and so does a comparison of nothing. */
export const compareWith = (each: OracleCase): Comparison => {
  const { oracle, indicator, note = '', rounded = false, within = 0 } = each
  const [texts, values] = [each.theirs(), each.ours()]
  const allowed = allowance(texts, rounded)
  let [rows, worst, beyond] = [0, 0, Math.abs(texts.length - values.length)]
  texts.forEach((text, i) => {
    const [their, our = Number.NaN] = [numberOf(text), values[i]]
    if (Number.isNaN(their) && Number.isNaN(our)) return
    const difference = Number.isNaN(their - our) ? Number.POSITIVE_INFINITY : Math.abs(their - our)
    rows++
    worst = Math.max(worst, difference)
    if (!(difference <= Math.max(allowed(their), within))) beyond++
  })
  return { oracle, indicator, rows, worst: rows === 0 ? Number.POSITIVE_INFINITY : worst, beyond, note }
}

/** One column's texts. */
export const textsOf = (path: string, column: string): readonly string[] =>
  oracleRows(path, column).map((row) => row[column] ?? '')

/** Bars from a file's named columns, by their names in lower case; what it does not tell is the close, volume 0 and time 0. */
export const barsIn = (path: string, ...names: readonly string[]): readonly Bar[] =>
  oracleRows(path, ...names).map((row) => {
    const told = Object.fromEntries(names.map((name) => [name.toLowerCase(), Number(row[name])]))
    const close = told['close'] ?? Number.NaN
    return { time: 0, open: close, high: close, low: close, close, volume: 0, ...told }
  })

type Run = (bars: readonly Bar[]) => readonly number[]

/** An answer's column, what it is, the rows both know, our run over the bars, and the reason where a convention differs. */
export type Answer = readonly [column: string, indicator: string, rows: number, ours: Run, note?: string]

/** A file of answers, the bars they were made from, and the rows that are compared: from the first to before `to`. */
export type Source = {
  readonly oracle: string
  readonly path: string
  readonly bars: () => readonly Bar[]
  readonly from?: number
  readonly to?: number | undefined
  readonly rounded?: boolean
}

/** A case for each of a file's answers. */
export const casesOf = (
  { oracle, path, bars, from = 0, to, rounded = false }: Source,
  answers: readonly Answer[],
): readonly OracleCase[] =>
  answers.map(([column, indicator, rows, ours, note = '']) => ({
    oracle,
    column: column.trim().replaceAll('&quot;', '"'),
    indicator,
    rows,
    rounded,
    note,
    theirs: () => textsOf(path, column).slice(from, to),
    ours: () => ours(bars()).slice(from, to),
  }))

/** One number of an indicator's value, by name or made of it, from its first step on: the value itself says when it is not known. */
export const part = <State, Input, Output>(
  { initial, step, value }: Indicator<State, Input, Output>,
  of: keyof Output | ((output: Output) => unknown),
): Indicator<State, Input> => ({
  warmup: 1,
  initial,
  step,
  value: (state) => Number(typeof of === 'function' ? of(value(state)) : value(state)[of]),
})

/** An indicator's run over one number of each bar. */
export const over =
  <State>(indicator: Indicator<State, number>, of: (bar: Bar) => number): Run =>
  (bars) =>
    series(indicator, bars.map(of))

/** An indicator's run over whole bars. */
export const overBars =
  <State>(indicator: Indicator<State, Bar>): Run =>
  (bars) =>
    series(indicator, bars)

export const hl2 = ({ high, low }: Bar): number => (high + low) / 2
export const hlc3 = ({ high, low, close }: Bar): number => (high + low + close) / 3
export const closeOf = ({ close }: Bar): number => close
