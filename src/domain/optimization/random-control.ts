import { slipOf, stopFill } from '../backtest/fill-model.ts'
import type { History } from '../backtest/history.ts'
import type { RoundTrip } from '../backtest/round-trip.ts'
import type { Terms } from '../backtest/terms.ts'
import type { Money } from '../money.ts'
import { type ChanceTest, shareAsGood } from './permutation.ts'

/** A strategy's net against the same trades entered at random; `expected` is what those made on average. Money. */
export type RandomControl = ChanceTest & { readonly expected: Money }

/** The bars a control may enter in: the dates that were traded, the hours in which the strategy entered. */
const entriesOf = (trips: readonly RoundTrip[], { date, minute, firstOf }: History): Int32Array => {
  const entered = trips.map(({ enteredAt }) => enteredAt)
  const dates = entered.map((bar) => date[bar] as number)
  const minutes = entered.map((bar) => minute[bar] as number)
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const [from, until] = [least(minutes), most(minutes)]
  const bars: number[] = []
  const end = firstOf[most(dates) + 1] as number
  for (let bar = firstOf[least(dates)] as number; bar < end; bar++)
    if ((minute[bar] as number) >= from && (minute[bar] as number) <= until) bars.push(bar)
  return Int32Array.from(bars)
}

/** A trade as it is entered anew: how long it may last, how far its stop is (ticks), what a tick of it is worth, its fees. */
type Form = {
  readonly side: 1 | -1
  readonly bars: number
  readonly stop: number
  readonly worth: Money
  readonly fees: Money
}

const formOf = ({ side, quantity, enteredAt, leftAt, risked, fees }: RoundTrip, terms: Terms): Form => {
  const worth = terms.tickValue * quantity
  const away = Math.max(1, Math.round((risked - fees) / worth) - slipOf(terms))
  return { side, bars: leftAt - enteredAt, stop: risked > 0 ? away : Number.POSITIVE_INFINITY, worth, fees }
}

/** Ticks made by entering `slip` worse than the open of a bar, out at the stop or at the close of `last`, as much worse. */
const ticksMade = (ticks: History['ticks'], { side, stop }: Form, slip: number, bar: number, last: number): number => {
  const { open, close } = ticks
  const against = side > 0 ? ticks.low : ticks.high
  const entry = (open[bar] as number) + side * slip
  const out = entry - side * stop
  for (let i = bar; i <= last; i++)
    if (side * ((against[i] as number) - out) <= 0)
      return side * (stopFill(side > 0 ? -1 : 1, out, open[i] as number) - entry) - slip
  return side * ((close[last] as number) - entry) - slip
}

/**
 * The random-entry control: `runs` times every trade is entered at the open of a random bar of the same dates and hours, on
 * its own side, in its own size, with its own stop and fees and the slippage of `terms`, for as many bars at most and never
 * past its trade date. The null says that the moments of entry carry nothing: what the side, the hours, the stops and the
 * market's drift bring, the control has too. Its trades may overlap, and it has no targets. One-sided; NaN of no trades.
 */
export const randomControl = (
  trips: readonly RoundTrip[],
  history: History,
  { terms, runs, random }: { terms: Terms; runs: number; random: () => number },
): RandomControl => {
  const observed = trips.reduce((sum, { net }) => sum + net, 0)
  if (trips.length === 0) return { observed, expected: Number.NaN, p: Number.NaN, runs }
  const { ticks, date, firstOf } = history
  const slip = slipOf(terms)
  const entries = entriesOf(trips, history)
  const forms = trips.map((trip) => formOf(trip, terms))
  let [asGood, total] = [0, 0]
  for (let run = 0; run < runs; run++) {
    let net = 0
    for (const form of forms) {
      const bar = entries[Math.floor(random() * entries.length)] as number
      const last = Math.min(bar + form.bars, (firstOf[(date[bar] as number) + 1] as number) - 1)
      net += ticksMade(ticks, form, slip, bar, last) * form.worth - form.fees
    }
    total += net
    if (net >= observed) asGood++
  }
  return { observed, expected: total / runs, p: shareAsGood(asGood, runs), runs }
}
