import type { Money } from '../money.ts'
import { finite } from './bootstrap.ts'
import type { History } from './history.ts'
import { type RoundTrip, rOf } from './round-trip.ts'
import { meanOf, profitFactorOf, sqnOf } from './statistics.ts'

/** What the trades came to, each with all its parts. A winner has a net above 0, a loser one below. */
export type TradeFigures = {
  readonly net: Money
  readonly gross: Money
  readonly fees: Money
  /** What slippage and spread took; inside `gross`. */
  readonly slipped: Money
  /** Fees over the gross of the trades that made any. */
  readonly feesShare: number | null
  readonly trades: number
  readonly winners: number
  readonly losers: number
  readonly winRate: number | null
  readonly averageWin: Money | null
  readonly averageLoss: Money | null
  /** Mean net of a trade: Money, and R of those with a stop. */
  readonly expectancy: { readonly money: Money | null; readonly r: number | null }
  /** Net of the winners over that of the losers. */
  readonly profitFactor: number | null
  /** Of the trades' R; of their net where one of them has no stop. */
  readonly sqn: number | null
  /** The most winners and losers in a row. */
  readonly streaks: { readonly winning: number; readonly losing: number }
  /** From the bar of the entry to that of the exit. */
  readonly averageLength: { readonly bars: number | null; readonly minutes: number | null }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const isWinner = ({ net }: RoundTrip): boolean => net > 0
const isLoser = ({ net }: RoundTrip): boolean => net < 0

/** Trades parted into those that made money and those that lost it. */
export const winnersAndLosers = (trips: readonly RoundTrip[]) => ({
  winners: trips.filter(isWinner),
  losers: trips.filter(isLoser),
})

const longestRun = (trips: readonly RoundTrip[], holds: (trip: RoundTrip) => boolean): number => {
  let [longest, run] = [0, 0]
  for (const trip of trips) {
    run = holds(trip) ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** Sums and means over trades in the order they closed. */
export const tradeFiguresOf = (trips: readonly RoundTrip[], { columns: { time } }: History): TradeFigures => {
  const nets = trips.map(({ net }) => net)
  const gross = trips.map((trip) => trip.gross)
  const fees = sumOf(trips.map((trip) => trip.fees))
  const rs = trips.map(rOf).filter((r) => !Number.isNaN(r))
  const { winners, losers } = winnersAndLosers(trips)
  const lengthMs = ({ enteredAt, leftAt }: RoundTrip) => (time[leftAt] as number) - (time[enteredAt] as number)
  return {
    net: sumOf(nets),
    gross: sumOf(gross),
    fees,
    slipped: sumOf(trips.map(({ slipped }) => slipped)),
    feesShare: finite(fees / sumOf(gross.filter((made) => made > 0))),
    trades: trips.length,
    winners: winners.length,
    losers: losers.length,
    winRate: finite(winners.length / trips.length),
    averageWin: finite(meanOf(winners.map(({ net }) => net))),
    averageLoss: finite(meanOf(losers.map(({ net }) => net))),
    expectancy: { money: finite(meanOf(nets)), r: finite(meanOf(rs)) },
    profitFactor: finite(profitFactorOf(nets)),
    sqn: finite(sqnOf(rs.length === nets.length ? rs : nets)),
    streaks: { winning: longestRun(trips, isWinner), losing: longestRun(trips, isLoser) },
    averageLength: {
      bars: finite(meanOf(trips.map(({ enteredAt, leftAt }) => leftAt - enteredAt))),
      minutes: finite(meanOf(trips.map(lengthMs)) / 60_000),
    },
  }
}
