import type { Terms } from '#src/domain/backtest/terms.ts'
import { exitReasons, type TradeTape } from '#src/domain/backtest/trade-tape.ts'
import { oracleRows } from '../oracles.ts'
import { type Market, pathOf } from './market.ts'

/** A closed trade as a list shows it. */
export type Listed = {
  readonly side: 'long' | 'short'
  /** Epoch ms of the bars in which it was entered and left. */
  readonly entered: number
  readonly left: number
  /** Points. */
  readonly entry: number
  readonly exit: number
  readonly quantity: number
  /** Dollars, fees taken off. */
  readonly net: number
  /** The last digit to which the net is printed: the cent, and below it the amount's first digit. */
  readonly unit: number
  /** What it made, at best and at worst would have made, in percent of what was paid for it. */
  readonly made: number
  readonly best: number
  readonly worst: number
}

/** The money a list counts in. */
export type Currency = 'USD' | 'USDT'

const unitOf = (printed: string): number => Math.min(0.01, 10 ** -(printed.split('.')[1] ?? '').length)

/** The closed trades of a list; the last of most is still open at the last bar and left out. */
export const tradesIn = (file: string, currency: Currency): readonly Listed[] => {
  const price = `Price ${currency}` as const
  const net = `Net P&L ${currency}` as const
  const percents = ['Net P&L %', 'Run-up %', 'Drawdown %'] as const
  const rows = oracleRows(pathOf(file), 'Type', 'Date/Time', 'Signal', price, 'Position size (qty)', net, ...percents)
  const trades: Listed[] = []
  for (let i = 0; i < rows.length; i += 2) {
    const [entry, exit] = [rows[i], rows[i + 1]]
    if (entry === undefined || exit === undefined) throw new Error(`${file}: an entry without an exit`)
    if (exit.Signal === 'Open' || exit.Signal === '') continue
    const [made, best, worst] = percents.map((name) => Number(exit[name])) as [number, number, number]
    trades.push({
      side: entry.Type === 'Entry long' ? 'long' : 'short',
      entered: Date.parse(entry['Date/Time']),
      left: Date.parse(exit['Date/Time']),
      entry: Number(entry[price]),
      exit: Number(exit[price]),
      quantity: Number(entry['Position size (qty)']),
      net: Number(exit[net]),
      unit: unitOf(exit[net]),
      made,
      best,
      worst,
    })
  }
  return trades
}

/** The columns of a tape that are read here, at one row. */
const rowOf = (tape: TradeTape, row: number) => {
  const of = (column: ArrayLike<number>): number => column[row] as number
  return {
    side: of(tape.side),
    quantity: of(tape.quantity),
    enteredAt: of(tape.enteredAt),
    leftAt: of(tape.leftAt),
    entry: of(tape.entry),
    exit: of(tape.exit),
    net: of(tape.gross) - of(tape.fees),
    best: of(tape.best),
    worst: of(tape.worst),
  }
}

const end = exitReasons.indexOf('end')

/**
 * The closed trades of a tape as TradingView lists them: percents are of the entry's value and fee, an excursion has paid
 * that fee, and the worst of them counts the price of the exit itself, slippage included.
 */
export const tradesOf = (tape: TradeTape, { history, dollar }: Market, terms: Terms): readonly Listed[] => {
  const { time } = history.columns
  const { ticksPerPoint, tickValue, feeShare } = terms
  const trades: Listed[] = []
  for (let i = 0; i < tape.length; i++) {
    if (tape.reason[i] === end) continue
    const { side, quantity, enteredAt, leftAt, entry, exit, net, best, worst } = rowOf(tape, i)
    const worth = quantity * tickValue
    const fee = feeShare * worth * entry
    const percentOf = (amount: number): number => (100 * amount) / (worth * entry + fee)
    trades.push({
      side: side > 0 ? 'long' : 'short',
      entered: time[enteredAt] as number,
      left: time[leftAt] as number,
      entry: entry / ticksPerPoint,
      exit: exit / ticksPerPoint,
      quantity,
      net: net / dollar,
      unit: 0,
      made: percentOf(net),
      best: Math.max(0, percentOf(best * worth - fee)),
      worst: percentOf(Math.min(worst, (exit - entry) * side) * worth - fee),
    })
  }
  return trades
}
