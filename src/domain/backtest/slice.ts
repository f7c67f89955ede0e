import { weekdayOf } from '../instruments/zone.ts'
import type { Money } from '../money.ts'
import { type Grade, grades } from '../signals/focus-card.ts'
import { finite } from './bootstrap.ts'
import type { History } from './history.ts'
import { type RoundTrip, rOf } from './round-trip.ts'
import { meanOf } from './statistics.ts'
import { type ExitReason, exitReasons } from './trade-tape.ts'

/** The trades that share one trait. `r` is the mean of those with a stop, null without any. */
export type Slice<Trait> = {
  readonly of: Trait
  readonly n: number
  readonly won: number
  readonly net: Money
  readonly r: number | null
}

/** The trades parted by what they have in common; every slice has a trade. null is what the strategy said nothing of. */
export type Slices = {
  /** New York hour of the entry, 0–23. */
  readonly hour: readonly Slice<number>[]
  /** Weekday of the trade date it ended on, 0 is Sunday. */
  readonly weekday: readonly Slice<number>[]
  readonly side: readonly Slice<'long' | 'short'>[]
  readonly reason: readonly Slice<ExitReason>[]
  readonly grade: readonly Slice<Grade | null>[]
  /** The strategy's own number of a regime. */
  readonly regime: readonly Slice<number | null>[]
}

const sliceOf = <Trait>(of: Trait, trips: readonly RoundTrip[]): Slice<Trait> => {
  const rs = trips.map(rOf).filter((r) => !Number.isNaN(r))
  return {
    of,
    n: trips.length,
    won: trips.filter(({ net }) => net > 0).length,
    net: trips.reduce((sum, { net }) => sum + net, 0),
    r: finite(meanOf(rs)),
  }
}

/** Parts trades by a trait, in the order of `placeOf`. */
const partedBy = <Trait>(
  trips: readonly RoundTrip[],
  traitOf: (trip: RoundTrip) => Trait,
  placeOf: (trait: Trait) => number,
): readonly Slice<Trait>[] => {
  const groups = new Map<Trait, RoundTrip[]>()
  for (const trip of trips) {
    const trait = traitOf(trip)
    const group = groups.get(trait)
    if (group === undefined) groups.set(trait, [trip])
    else group.push(trip)
  }
  return [...groups].sort(([a], [b]) => placeOf(a) - placeOf(b)).map(([trait, group]) => sliceOf(trait, group))
}

const itself = (place: number | null): number => place ?? Number.MAX_VALUE

/** Parts trades by hour, weekday, side, reason, grade and regime. */
export const slicesOf = (trips: readonly RoundTrip[], { minute, date, dates }: History): Slices => {
  const weekdays = dates.map(weekdayOf)
  return {
    hour: partedBy(trips, ({ enteredAt }) => Math.floor((minute[enteredAt] as number) / 60), itself),
    weekday: partedBy(trips, ({ leftAt }) => weekdays[date[leftAt] as number] as number, itself),
    side: partedBy(
      trips,
      ({ side }) => (side === 1 ? 'long' : 'short'),
      (side) => (side === 'long' ? 0 : 1),
    ),
    reason: partedBy(
      trips,
      ({ reason }) => reason,
      (reason) => exitReasons.indexOf(reason),
    ),
    grade: partedBy(
      trips,
      ({ grade }) => grades[grade] ?? null,
      (grade) => (grade === null ? grades.length : grades.indexOf(grade)),
    ),
    regime: partedBy(trips, ({ regime }) => (regime < 0 ? null : regime), itself),
  }
}
