import type { Money } from '../money.ts'
import { originOf } from './fees.ts'
import type { Line } from './ledger.ts'
import type { Trade } from './trade.ts'

/** One trade date of an account, closed trades only. Money. */
export type DayTally = {
  /** What was closed, after the fees of both its sides. */
  readonly closed: Money
  /** Everything charged on the date, for what is still open too. */
  readonly fees: Money
  readonly trades: number
  readonly executions: number
  /** Contracts bought and sold. */
  readonly traded: number
}

/** What a line added to the balance: the result of what it closed, after the fees of both sides. */
export const netOf = ({ closing }: Line): Money => (closing === undefined ? 0 : closing.gross - closing.fees)

const byClose = (a: Trade, b: Trade): number => a.closedAt - b.closedAt

/** The closed trades of lines, in the order of their close. */
export const tradesOf = (lines: readonly Line[]): readonly Trade[] =>
  lines.flatMap(({ closed }) => closed ?? []).sort(byClose)

/** Sums the lines of one trade date. */
export const tallyDay = (lines: readonly Line[]): DayTally => {
  const executed = lines.filter(({ fill }) => originOf(fill) === 'execution')
  return {
    closed: lines.reduce((sum, line) => sum + netOf(line), 0),
    fees: lines.reduce((sum, { fee }) => sum + fee, 0),
    trades: tradesOf(lines).length,
    executions: executed.length,
    traded: executed.reduce((sum, { fill }) => sum + fill.quantity, 0),
  }
}
