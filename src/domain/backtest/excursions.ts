import type { ContractSpec } from '../instruments/instrument.ts'
import { worthOf } from '../instruments/ticks.ts'
import type { RoundTrip } from './round-trip.ts'
import { quantileOf } from './statistics.ts'

/** The shares of trades below each figure of a distribution. */
export const quantileShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const

/** The figures at `quantileShares`. */
export type Quantiles = readonly [number, number, number, number, number]

/** How far price went for (MFE, from 0 up) and against (MAE, from 0 down) trades while they were open (Sweeney 1996); null of none. */
export type Excursions = {
  readonly n: number
  readonly mfeTicks: Quantiles | null
  readonly maeTicks: Quantiles | null
  /** Of those with a stop. */
  readonly mfeR: Quantiles | null
  readonly maeR: Quantiles | null
}

const quantilesOf = (values: readonly number[]): Quantiles | null => {
  const known = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort()
  if (known.length === 0) return null
  const at = (share: number): number => quantileOf(known, share)
  const [low, quarter, middle, upper, high] = quantileShares
  return [at(low), at(quarter), at(middle), at(upper), at(high)]
}

/** Distributions of the best and worst price of trades, in ticks from the entry and in R. */
export const excursionsOf = (trips: readonly RoundTrip[], spec: ContractSpec): Excursions => {
  const inR = ({ quantity, risked }: RoundTrip, ticks: number): number => worthOf(spec, ticks, quantity) / risked
  return {
    n: trips.length,
    mfeTicks: quantilesOf(trips.map(({ best }) => best)),
    maeTicks: quantilesOf(trips.map(({ worst }) => worst)),
    mfeR: quantilesOf(trips.map((trip) => inR(trip, trip.best))),
    maeR: quantilesOf(trips.map((trip) => inR(trip, trip.worst))),
  }
}
