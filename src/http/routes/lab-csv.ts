import type { KeptReport } from '#src/adapters/db/reports.ts'
import type { TradeRow } from '#src/domain/backtest/report.ts'

const columns: readonly (readonly [name: string, value: (trade: TradeRow) => string | number | null])[] = [
  ['trade_date', ({ date }) => date],
  ['entered_utc', ({ enteredAt }) => new Date(enteredAt).toISOString()],
  ['left_utc', ({ leftAt }) => new Date(leftAt).toISOString()],
  ['side', ({ side }) => side],
  ['quantity', ({ quantity }) => quantity],
  ['entry', ({ entry }) => entry],
  ['exit', ({ exit }) => exit],
  ['net_dollars', ({ net }) => net / 10_000],
  ['r', ({ r }) => r],
  ['mfe_ticks', ({ mfeTicks }) => mfeTicks],
  ['mae_ticks', ({ maeTicks }) => maeTicks],
  ['reason', ({ reason }) => reason],
  ['grade', ({ grade }) => grade],
  ['regime', ({ regime }) => regime],
  ['setup', ({ setup }) => setup],
]

/** The trades as comma-separated values (RFC 4180), oldest first; what is not known is empty. No value holds a comma. */
export const tradesCsv = (list: readonly TradeRow[]): string =>
  [columns.map(([name]) => name), ...list.map((trade) => columns.map(([, value]) => value(trade) ?? ''))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('')

/** A name for the file: 'backtest-MGC-rsi-2025-01-02-2026-01-02.csv'. */
export const csvName = ({ spec: { instrument, strategy }, report: { from, to } }: KeptReport): string =>
  `backtest-${instrument}-${strategy}-${from}-${to}.csv`
