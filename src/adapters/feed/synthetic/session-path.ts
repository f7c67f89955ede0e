import type { Session } from '#src/domain/instruments/calendar.ts'
import { easternAt } from '#src/domain/instruments/zone.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import type { Character } from './character.ts'
import { type DriverDay, driverDayStart } from './driver.ts'
import type { Level } from './levels.ts'

/** A trade date's hidden course, minute by minute; prices are in ticks and lie between the grid. */
export type SessionPath = {
  /** Epoch ms of each open minute. */
  readonly time: Float64Array
  /** The middle of the market at the start of each minute, and at the end of the last. */
  readonly middle: Float64Array
  /** Standard deviation of the minute, in ticks. */
  readonly sigma: Float64Array
  /** Trades to expect in the minute. */
  readonly trades: Float64Array
}

type Shape = {
  readonly session: Session
  readonly character: Character
  readonly level: Level
  readonly profile: Float64Array
  readonly ticksPerPoint: number
  readonly driverDay: (driver: number, date: string) => DriverDay
}

const minutesOf = ({ segments }: Session): number =>
  segments.reduce((sum, { open, close }) => sum + (close - open) / minuteMs, 0)

/** Sums the drivers over a segment into the shock of each minute and its variance, both before the day's profile. */
const followDrivers = (
  { character, driverDay }: Shape,
  segment: Session['segments'][number],
  shock: Float64Array,
  variance: Float64Array,
): void => {
  const { date } = easternAt(segment.close - 1)
  const first = (segment.open - driverDayStart(date)) / minuteMs
  for (const { driver, weight } of character.pulls) {
    const day = driverDay(driver, date)
    for (let i = 0; i < shock.length; i++) {
      shock[i] = (shock[i] as number) + weight * (day.shock[first + i] as number)
      variance[i] = (variance[i] as number) + weight * weight * (day.variance[first + i] as number)
    }
  }
}

/**
 * Bends the drivers' walk so that it starts and ends where the day's level says: a Brownian bridge in the time of the
 * accumulated variance, X(t) = open + W(t) − s(t)·W(1) + s(t)·(close − open). Fills the middle and the deviations.
 */
const bend = (
  { middle, sigma }: SessionPath,
  { level, ticksPerPoint }: Shape,
  shock: Float64Array,
  variance: Float64Array,
) => {
  const total = variance.reduce((sum, each) => sum + each, 0)
  const scale = level.sigma / Math.sqrt(total)
  const missing = level.close - level.open - scale * shock.reduce((sum, each) => sum + each, 0)
  let walk = 0
  let elapsed = 0
  middle[0] = Math.exp(level.open) * ticksPerPoint
  for (let i = 0; i < shock.length; i++) {
    walk += scale * (shock[i] as number)
    elapsed += (variance[i] as number) / total
    middle[i + 1] = Math.exp(level.open + walk + missing * elapsed) * ticksPerPoint
    sigma[i] = scale * Math.sqrt(variance[i] as number) * (middle[i] as number)
  }
}

/** Traces a session from the day's level and its drivers; volume and variance follow the profile of New York's day. */
export const traceSession = (shape: Shape): SessionPath => {
  const { session, character, level, profile } = shape
  const length = minutesOf(session)
  const path = {
    time: new Float64Array(length),
    middle: new Float64Array(length + 1),
    sigma: new Float64Array(length),
    trades: new Float64Array(length),
  }
  const shock = new Float64Array(length)
  const variance = new Float64Array(length)
  const busy = character.trades * Math.sqrt(level.sigma / character.sigma)
  let from = 0
  for (const segment of session.segments) {
    const to = from + (segment.close - segment.open) / minuteMs
    followDrivers(shape, segment, shock.subarray(from, to), variance.subarray(from, to))
    const { minute } = easternAt(segment.open)
    for (let i = from; i < to; i++) {
      const activity = profile[(minute + i - from) % 1440] as number
      path.time[i] = segment.open + (i - from) * minuteMs
      path.trades[i] = busy * activity * Math.sqrt(variance[i] as number)
      shock[i] = Math.sqrt(activity) * (shock[i] as number)
      variance[i] = activity * (variance[i] as number)
    }
    from = to
  }
  bend(path, shape, shock, variance)
  return path
}

/** The index of the open minute that starts at `minute` (epoch ms), -1 when the market is closed then. */
export const minuteIndex = ({ time }: SessionPath, minute: number): number => {
  let low = 0
  let high = time.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const at = time[middle] as number
    if (at === minute) return middle
    if (at < minute) low = middle + 1
    else high = middle - 1
  }
  return -1
}
