import { type ExitReason, exitReasons, type TradeTape } from '#src/domain/backtest/trade-tape.ts'

/** One row of a tape as a test writes it; everything unsaid is plain. */
export type TapeRow = {
  readonly side?: 1 | -1
  readonly quantity?: number
  readonly bars: readonly [entered: number, left: number]
  readonly entry?: number
  readonly exit?: number
  readonly gross: number
  readonly fees?: number
  readonly slipped?: number
  readonly best?: number
  readonly worst?: number
  readonly risked?: number
  readonly reason?: ExitReason
  readonly grade?: number
  readonly regime?: number
  readonly setup?: number
}

/** A tape of these rows, in the order they closed. */
export const tapeOf = (rows: readonly TapeRow[]): TradeTape => ({
  length: rows.length,
  side: Int8Array.from(rows, ({ side }) => side ?? 1),
  quantity: Float64Array.from(rows, ({ quantity }) => quantity ?? 1),
  enteredAt: Int32Array.from(rows, ({ bars }) => bars[0]),
  leftAt: Int32Array.from(rows, ({ bars }) => bars[1]),
  entry: Float64Array.from(rows, ({ entry }) => entry ?? 0),
  exit: Float64Array.from(rows, ({ exit }) => exit ?? 0),
  gross: Float64Array.from(rows, ({ gross }) => gross),
  fees: Float64Array.from(rows, ({ fees }) => fees ?? 0),
  slipped: Float64Array.from(rows, ({ slipped }) => slipped ?? 0),
  best: Float64Array.from(rows, ({ best }) => best ?? 0),
  worst: Float64Array.from(rows, ({ worst }) => worst ?? 0),
  risked: Float64Array.from(rows, ({ risked }) => risked ?? Number.NaN),
  reason: Uint8Array.from(rows, ({ reason }) => exitReasons.indexOf(reason ?? 'signal')),
  grade: Int8Array.from(rows, ({ grade }) => grade ?? -1),
  regime: Int8Array.from(rows, ({ regime }) => regime ?? -1),
  setup: Int32Array.from(rows, ({ setup }) => setup ?? -1),
})
