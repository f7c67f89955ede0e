import type { Money } from '../money.ts'
import { type ExitReason, exitReasons, type TradeTape } from './trade-tape.ts'

/**
 * One decision from its entry to its end. Statistics count these: half a position sold at the first target and half at the
 * second are one trade, not two that happen to agree.
 */
export type RoundTrip = {
  side: 1 | -1
  /** Contracts over all parts. */
  quantity: number
  enteredAt: number
  leftAt: number
  /** Averages in ticks. */
  entry: number
  exit: number
  gross: Money
  fees: Money
  net: Money
  slipped: Money
  /** Sum of what the parts risked; NaN where one had no stop. */
  risked: Money
  /** Best and worst ticks from the entry of any part. */
  best: number
  worst: number
  /** Of the last part. */
  reason: ExitReason
  grade: number
  regime: number
  setup: number
}

const tripAt = (tape: TradeTape, row: number): RoundTrip => {
  const gross = tape.gross[row] as number
  const fees = tape.fees[row] as number
  return {
    side: tape.side[row] === 1 ? 1 : -1,
    quantity: tape.quantity[row] as number,
    enteredAt: tape.enteredAt[row] as number,
    leftAt: tape.leftAt[row] as number,
    entry: tape.entry[row] as number,
    exit: tape.exit[row] as number,
    gross,
    fees,
    net: gross - fees,
    slipped: tape.slipped[row] as number,
    risked: tape.risked[row] as number,
    best: tape.best[row] as number,
    worst: tape.worst[row] as number,
    reason: exitReasons[tape.reason[row] as number] ?? 'end',
    grade: tape.grade[row] as number,
    regime: tape.regime[row] as number,
    setup: tape.setup[row] as number,
  }
}

/** Takes a later part into its trade. */
const join = (trip: RoundTrip, part: RoundTrip): void => {
  const quantity = trip.quantity + part.quantity
  trip.entry = (trip.entry * trip.quantity + part.entry * part.quantity) / quantity
  trip.exit = (trip.exit * trip.quantity + part.exit * part.quantity) / quantity
  trip.quantity = quantity
  trip.enteredAt = Math.min(trip.enteredAt, part.enteredAt)
  trip.leftAt = part.leftAt
  trip.gross += part.gross
  trip.fees += part.fees
  trip.net += part.net
  trip.slipped += part.slipped
  trip.risked += part.risked
  trip.best = Math.max(trip.best, part.best)
  trip.worst = Math.min(trip.worst, part.worst)
  trip.reason = part.reason
}

/**
 * The trades of a tape in the order they first closed. Parts belong together when the strategy gave them one setup (0 or
 * more), they lie on one side, and the later was entered before the earlier had wholly left.
 */
export const roundTripsOf = (tape: TradeTape): readonly RoundTrip[] => {
  const trips: RoundTrip[] = []
  const last = new Map<number, RoundTrip>()
  for (let row = 0; row < tape.length; row++) {
    const part = tripAt(tape, row)
    const trip = part.setup < 0 ? undefined : last.get(part.setup)
    if (trip !== undefined && trip.side === part.side && part.enteredAt <= trip.leftAt) join(trip, part)
    else {
      trips.push(part)
      if (part.setup >= 0) last.set(part.setup, part)
    }
  }
  return trips
}

/** Net over what was risked; NaN where there was no stop. */
export const rOf = ({ net, risked }: RoundTrip): number => net / risked
