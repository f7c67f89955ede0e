import type { KeptReport } from '#src/adapters/db/reports.ts'
import type { BacktestSpec } from '#src/domain/backtest/backtest-spec.ts'
import type { TradeRow } from '#src/domain/backtest/report.ts'
import { specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { regimeName } from '#views/lab/words.ts'

/** A price with the market's decimals; a mean of several fills that lies between two of them with two more. */
const priceText = (price: number, instrument: InstrumentId): string => {
  const { decimals } = specOf(instrument)
  const text = price.toFixed(decimals)
  return Math.abs(Number(text) - price) < 1e-6 ? text : price.toFixed(decimals + 2)
}

type Value = (trade: TradeRow, spec: BacktestSpec) => string | number | null

const columns: readonly (readonly [name: string, value: Value])[] = [
  ['trade_date', ({ date }) => date],
  ['entered_utc', ({ enteredAt }) => new Date(enteredAt).toISOString()],
  ['left_utc', ({ leftAt }) => new Date(leftAt).toISOString()],
  ['side', ({ side }) => side],
  ['quantity', ({ quantity }) => quantity],
  ['entry', ({ entry }, { instrument }) => priceText(entry, instrument)],
  ['exit', ({ exit }, { instrument }) => priceText(exit, instrument)],
  ['net_dollars', ({ net }) => net / 10_000],
  ['r', ({ r }) => (r === null ? null : r.toFixed(4))],
  ['mfe_ticks', ({ mfeTicks }) => mfeTicks],
  ['mae_ticks', ({ maeTicks }) => maeTicks],
  ['reason', ({ reason }) => reason],
  ['grade', ({ grade }) => grade],
  ['regime', ({ regime }, { strategy }) => (regime === null ? null : regimeName(strategy, regime))],
]

/** The trades as comma-separated values (RFC 4180), oldest first; what is not known is empty. No value holds a comma. */
export const tradesCsv = ({ spec, report: { list } }: KeptReport): string =>
  [columns.map(([name]) => name), ...list.map((trade) => columns.map(([, value]) => value(trade, spec) ?? ''))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('')

/** A name for the file: 'backtest-MGC-rsi-2025-01-02-2026-01-02.csv'. */
export const csvName = ({ spec: { instrument, strategy }, report: { from, to } }: KeptReport): string =>
  `backtest-${instrument}-${strategy}-${from}-${to}.csv`
