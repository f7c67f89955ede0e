import type { Money } from '../money.ts'
import type { Terms } from './terms.ts'
import type { TradeTape } from './trade-tape.ts'

/** What is held of one entry: bought or sold at one price, left in one or more parts. Prices are ticks. */
export type Lot = {
  readonly side: 1 | -1
  /** What is still held. */
  quantity: number
  /** Where it filled, and of that what slippage and spread cost. */
  readonly entry: number
  readonly slip: number
  readonly enteredAt: number
  /** NaN without one. */
  stop: number
  /** The first stop it had; NaN without one. */
  firstStop: number
  targets: Target[]
  /** The market's extremes while it was held. */
  high: number
  low: number
  /** The walk within which it was entered, away from the open; −1 when at an open. */
  within: number
  /** The walk in which its stop last took what the bar gave. */
  touched: number
  readonly setup: number
  readonly grade: number
  readonly regime: number
}

/** A target of a lot. */
export type Target = { readonly price: number; quantity: number; touched: number }

/** Bytes of one row: nine doubles, three whole numbers, four small ones. */
const rowBytes = 9 * 8 + 3 * 4 + 4

/** All columns in one piece of memory; the capacity is a multiple of 8. */
const columnsOf = (capacity: number) => {
  const memory = new ArrayBuffer(rowBytes * capacity)
  const doubles = (n: number) => new Float64Array(memory, 8 * n * capacity, capacity)
  const whole = (n: number) => new Int32Array(memory, (72 + 4 * n) * capacity, capacity)
  const small = (n: number) => new Int8Array(memory, (84 + n) * capacity, capacity)
  return {
    side: small(0),
    quantity: doubles(0),
    enteredAt: whole(0),
    leftAt: whole(1),
    entry: doubles(1),
    exit: doubles(2),
    gross: doubles(3),
    fees: doubles(4),
    slipped: doubles(5),
    best: doubles(6),
    worst: doubles(7),
    risked: doubles(8),
    reason: new Uint8Array(memory, 85 * capacity, capacity),
    grade: small(2),
    regime: small(3),
    setup: whole(2),
  }
}

type Columns = ReturnType<typeof columnsOf>

const names = Object.keys(columnsOf(0)) as readonly (keyof Columns)[]

const widened = (columns: Columns): Columns => {
  const next = columnsOf(4 * columns.side.length)
  for (const name of names) next[name].set(columns[name])
  return next
}

/** Money is whole ten-thousandths; the 0 makes of −0 what it is. */
const whole = (amount: number): Money => Math.round(amount) + 0

/** Collects closed trades. */
export const createTape = ({ tickValue, feePerSide, feeShare }: Terms, stopSlip: number) => {
  let columns = columnsOf(512)
  let length = 0

  /** Fees of both sides: a fixed sum a contract, and a share of the value traded where the market charges so. */
  const feesOf = (quantity: number, entry: number, exit: number): Money => {
    const fixed = 2 * feePerSide * quantity
    return whole(feeShare === 0 ? fixed : fixed + feeShare * tickValue * quantity * (entry + exit))
  }

  /** Writes `quantity` of a lot left at `exit` (ticks), `slip` of it slippage and spread; returns the net. */
  const write = (lot: Lot, quantity: number, exit: number, slip: number, leftAt: number, reason: number): Money => {
    if (length === columns.side.length) columns = widened(columns)
    const { side, entry } = lot
    const gross = whole((exit - entry) * side * quantity * tickValue)
    const fees = feesOf(quantity, entry, exit)
    const row = length++
    columns.side[row] = side
    columns.quantity[row] = quantity
    columns.enteredAt[row] = lot.enteredAt
    columns.leftAt[row] = leftAt
    columns.entry[row] = entry
    columns.exit[row] = exit
    columns.gross[row] = gross
    columns.fees[row] = fees
    columns.slipped[row] = whole((lot.slip + slip) * quantity * tickValue)
    const up = Math.max(0, lot.high - entry)
    const down = Math.max(0, entry - lot.low)
    columns.best[row] = side > 0 ? up : down
    columns.worst[row] = 0 - (side > 0 ? down : up)
    columns.risked[row] = riskOf(lot, quantity)
    columns.reason[row] = reason
    columns.grade[row] = lot.grade
    columns.regime[row] = lot.regime
    columns.setup[row] = lot.setup
    return gross - fees
  }

  /** What the first stop would have lost, slipped and with fees; NaN where there was none, or it lay where nothing was lost. */
  const riskOf = (lot: Lot, quantity: number): Money => {
    const exit = lot.firstStop - lot.side * stopSlip
    const lost = (lot.entry - exit) * lot.side * quantity * tickValue + feesOf(quantity, lot.entry, exit)
    return lost > 0 ? whole(lost) : Number.NaN
  }

  return {
    write,
    /** What leaving a lot at a price (ticks) would add, the fees of both sides taken off. */
    worthOf: ({ side, quantity, entry }: Lot, price: number): Money =>
      whole((price - entry) * side * quantity * tickValue) - feesOf(quantity, entry, price),
    length: () => length,
    tape: (): TradeTape => {
      const { side, quantity, enteredAt, leftAt, entry, exit, gross, fees, slipped } = columns
      const { best, worst, risked, reason, grade, regime, setup } = columns
      return {
        length,
        side: side.subarray(0, length),
        quantity: quantity.subarray(0, length),
        enteredAt: enteredAt.subarray(0, length),
        leftAt: leftAt.subarray(0, length),
        entry: entry.subarray(0, length),
        exit: exit.subarray(0, length),
        gross: gross.subarray(0, length),
        fees: fees.subarray(0, length),
        slipped: slipped.subarray(0, length),
        best: best.subarray(0, length),
        worst: worst.subarray(0, length),
        risked: risked.subarray(0, length),
        reason: reason.subarray(0, length),
        grade: grade.subarray(0, length),
        regime: regime.subarray(0, length),
        setup: setup.subarray(0, length),
      }
    },
  }
}
