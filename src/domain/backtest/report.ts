import type { ContractSpec } from '../instruments/instrument.ts'
import { toPrice } from '../instruments/ticks.ts'
import type { Money } from '../money.ts'
import { type Shuffled, shuffledOf } from '../optimization/shuffle.ts'
import { type Grade, grades } from '../signals/focus-card.ts'
import { finite, type Intervals, intervalsOf } from './bootstrap.ts'
import type { Played } from './broker.ts'
import { type DailyFigures, dailyFiguresOf } from './daily-figures.ts'
import { dayColumnsOfTrips } from './day-columns.ts'
import { type Excursions, excursionsOf } from './excursions.ts'
import type { AccountCourse } from './firm-account.ts'
import type { History } from './history.ts'
import { type RoundTrip, rOf, roundTripsOf } from './round-trip.ts'
import { type Slices, slicesOf } from './slice.ts'
import { type TradeFigures, tradeFiguresOf, winnersAndLosers } from './trade-figures.ts'
import type { ExitReason } from './trade-tape.ts'

/** One line of the list of trades. Prices in points, times epoch ms of the bars in which it was entered and left. */
export type TradeRow = {
  /** The trade date on which it was left. */
  readonly date: string
  readonly enteredAt: number
  readonly leftAt: number
  readonly side: 'long' | 'short'
  readonly quantity: number
  readonly entry: number
  readonly exit: number
  readonly net: Money
  readonly r: number | null
  readonly mfeTicks: number
  readonly maeTicks: number
  readonly reason: ExitReason
  readonly grade: Grade | null
  readonly regime: number | null
  readonly setup: number | null
}

/** What became of the same run with every cost doubled. */
type CostsDoubled = { readonly net: Money; readonly expectancyR: number | null }

/** What a run came to. Plain JSON: every number is finite, and null where there is none to tell. */
export type Report = TradeFigures &
  DailyFigures & {
    /** First and last trade date, and how many there were. */
    readonly from: string
    readonly to: string
    readonly dates: number
    readonly accountSize: Money
    /** Share of the bars in which a position was held, those of entry and exit included. */
    readonly exposure: number
    readonly costsDoubled?: CostsDoubled
    /** How the account went that it was played on. */
    readonly account?: AccountCourse
    readonly intervals?: Intervals
    /** Absent of fewer than twenty trades, and where an older version made the report. */
    readonly shuffled?: Shuffled
    readonly excursions: { readonly winners: Excursions; readonly losers: Excursions }
    readonly by: Slices
    readonly list: readonly TradeRow[]
  }

/** What a report is made of; the history has at least one bar. */
export type ReportInput = {
  readonly tape: Played
  readonly history: History
  readonly spec: ContractSpec
  readonly accountSize: Money
  /** The bars that were traded, `to` excluded; all unless said. */
  readonly from?: number
  readonly to?: number
  /** Chance in [0, 1) for the intervals and the orders; without it there are none. */
  readonly random?: () => number
  readonly costsDoubled?: CostsDoubled
}

const exposureOf = (trips: readonly RoundTrip[], from: number, to: number): number => {
  const held = new Uint8Array(to - from)
  for (const { enteredAt, leftAt } of trips) held.fill(1, enteredAt - from, leftAt + 1 - from)
  return held.reduce((sum, bar) => sum + bar, 0) / held.length
}

const rowOf = (trip: RoundTrip, { columns: { time }, date, dates }: History, spec: ContractSpec): TradeRow => ({
  date: dates[date[trip.leftAt] as number] as string,
  enteredAt: time[trip.enteredAt] as number,
  leftAt: time[trip.leftAt] as number,
  side: trip.side === 1 ? 'long' : 'short',
  quantity: trip.quantity,
  entry: toPrice(spec, trip.entry),
  exit: toPrice(spec, trip.exit),
  net: trip.net,
  r: finite(rOf(trip)),
  mfeTicks: trip.best,
  maeTicks: trip.worst,
  reason: trip.reason,
  grade: grades[trip.grade] ?? null,
  regime: trip.regime < 0 ? null : trip.regime,
  setup: trip.setup < 0 ? null : trip.setup,
})

/** The trade dates of bars `from` to `to`, each with its net and the market's last price. */
const daysOf = (trips: readonly RoundTrip[], history: History, from: number, to: number) => {
  const { date, dates, firstOf, columns } = history
  const [first, end] = [date[from] as number, (date[to - 1] as number) + 1]
  const lastBars = firstOf.subarray(first + 1, end + 1)
  return {
    dates: dates.slice(first, end),
    nets: dayColumnsOfTrips(trips, history).net.subarray(first, end),
    closes: Float64Array.from(lastBars, (next) => columns.close[next - 1] as number),
  }
}

/** Judges a run by its tape. The same tape, history and chance give the same report. */
export const reportOf = (input: ReportInput): Report => {
  const { tape, history, spec, accountSize, from = 0, to = history.date.length, random, costsDoubled } = input
  const trips = roundTripsOf(tape)
  const days = daysOf(trips, history, from, to)
  const nets = Float64Array.from(trips, ({ net }) => net)
  const rs = Float64Array.from(trips, rOf)
  const { winners, losers } = winnersAndLosers(trips)
  const intervals = random && intervalsOf({ nets, rs, days: days.nets }, random)
  const shuffled = random && shuffledOf(nets, random)
  return {
    from: days.dates[0] as string,
    to: days.dates.at(-1) as string,
    dates: days.dates.length,
    accountSize,
    ...tradeFiguresOf(trips, history),
    exposure: exposureOf(trips, from, to),
    ...dailyFiguresOf(days, accountSize),
    ...(costsDoubled && { costsDoubled }),
    ...(tape.account && { account: tape.account }),
    ...(intervals && { intervals }),
    ...(shuffled && { shuffled }),
    excursions: { winners: excursionsOf(winners, spec), losers: excursionsOf(losers, spec) },
    by: slicesOf(trips, history),
    list: trips.map((trip) => rowOf(trip, history, spec)),
  }
}
