import { createDay } from '../backtest/day-rules.ts'
import { slipOf, stopFill } from '../backtest/fill-model.ts'
import type { History } from '../backtest/history.ts'
import type { RoundTrip } from '../backtest/round-trip.ts'
import type { Discipline, Terms } from '../backtest/terms.ts'
import type { Money } from '../money.ts'
import { type ChanceTest, shareAsGood } from './permutation.ts'

/** A strategy's net against the same trades entered at random; `expected` is what those made on average. Money. */
export type RandomControl = ChanceTest & { readonly expected: Money }

/** A bar a control may be entered in: the first bar through which it is not held any more, and the price that leaves it then. */
type Entry = { readonly bar: number; readonly end: number; readonly price: number }

/** Where a control may enter: from the first date traded to the last, in the hours of the strategy's entries, as its discipline allows. */
const entriesOf = (trips: readonly RoundTrip[], history: History, discipline: Discipline): readonly Entry[] => {
  const { ticks, date, minute, firstOf } = history
  const entered = trips.map(({ enteredAt }) => enteredAt)
  const dates = entered.map((bar) => date[bar] as number)
  const minutes = entered.map((bar) => minute[bar] as number)
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const [from, until] = [least(minutes), most(minutes)]
  const day = createDay(history, discipline)
  const entries: Entry[] = []
  const last = firstOf[most(dates) + 1] as number
  for (let bar = firstOf[least(dates)] as number; bar < last; bar++) {
    if ((minute[bar] as number) < from || (minute[bar] as number) > until || !day.mayEnter(bar, true)) continue
    const leaves = day.leavesAt(bar)
    const isOver = day.isOver(leaves)
    const price = (isOver ? ticks.open[leaves] : ticks.close[leaves]) as number
    entries.push({ bar, end: isOver ? leaves : leaves + 1, price })
  }
  return entries
}

/** A trade as it is entered anew: how long it may last, how far its stop is (ticks), what a tick of it is worth, what it paid. */
type Form = {
  readonly side: 1 | -1
  readonly bars: number
  readonly stop: number
  readonly worth: Money
  readonly costs: Money
}

const unslipped = ['target', 'limit']

const formOf = (
  { side, quantity, enteredAt, leftAt, risked, fees, slipped, reason }: RoundTrip,
  terms: Terms,
): Form => {
  const worth = terms.tickValue * quantity
  const slip = slipOf(terms)
  const slipIn = Math.max(0, slipped / worth - (unslipped.includes(reason) ? 0 : slip))
  const away = Math.max(1, Math.round((risked - fees) / worth - slip - slipIn))
  const stop = risked > 0 ? away : Number.POSITIVE_INFINITY
  return { side, bars: leftAt - enteredAt, stop, worth, costs: fees + slipped }
}

/** Ticks made from the open of a bar to the stop, or else to the close before the trade's time is up, or where it must be left. */
const ticksMade = ({ open, high, low, close }: History['ticks'], { side, stop, bars }: Form, entry: Entry): number => {
  const against = side > 0 ? low : high
  const begun = open[entry.bar] as number
  const out = begun - side * stop
  const end = Math.min(entry.bar + bars + 1, entry.end)
  for (let i = entry.bar; i < end; i++)
    if (side * ((against[i] as number) - out) <= 0)
      return side * (stopFill(side > 0 ? -1 : 1, out, open[i] as number) - begun)
  return side * ((end === entry.end ? entry.price : (close[end - 1] as number)) - begun)
}

/**
 * The random-entry control: `runs` times every trade is entered at the open of a random bar of the same dates and hours, on
 * its own side, in its own size, with its own stop and for its own costs, for as many bars at most and under the same
 * discipline. The null says that the moments of entry carry nothing: what the side, the hours, the stops, the kind of orders
 * and the market's drift bring, the control has too. Its trades may overlap, and it has no targets. One-sided; NaN of no
 * trades.
 */
export const randomControl = (
  trips: readonly RoundTrip[],
  history: History,
  options: { terms: Terms; discipline: Discipline; runs: number; random: () => number },
): RandomControl => {
  const { terms, discipline, runs, random } = options
  const observed = trips.reduce((sum, { net }) => sum + net, 0)
  if (trips.length === 0) return { observed, expected: Number.NaN, p: Number.NaN, runs }
  const entries = entriesOf(trips, history, discipline)
  const forms = trips.map((trip) => formOf(trip, terms))
  let [asGood, total] = [0, 0]
  for (let run = 0; run < runs; run++) {
    let net = 0
    for (const form of forms) {
      const entry = entries[Math.floor(random() * entries.length)] as Entry
      net += ticksMade(history.ticks, form, entry) * form.worth - form.costs
    }
    total += net
    if (net >= observed) asGood++
  }
  return { observed, expected: total / runs, p: shareAsGood(asGood, runs), runs }
}
