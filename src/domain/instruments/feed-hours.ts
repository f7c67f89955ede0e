import { isOpen, nextChangeAt } from './calendar.ts'
import type { MarketGroup } from './instrument.ts'
import { type PhaseBoundaries, phaseAt } from './phase.ts'

/** Whether the feed is to be connected, until when that stays so (epoch ms), and why. */
export type Attendance = {
  readonly awake: boolean
  /** Infinity where only the override's end changes it. */
  readonly until: number
  readonly reason: 'phase' | 'open' | 'maintenance' | 'closed' | 'off-hours' | 'override'
}

export type FeedHours = {
  readonly boundaries: PhaseBoundaries
  /** The groups whose markets are followed. */
  readonly groups: readonly MarketGroup[]
  /** Whether the feed rests outside the trader's phases. */
  readonly sleeps: boolean
  /** The trader's word: 'on' listens through the off-hours too, 'off' never. */
  readonly override?: 'on' | 'off' | undefined
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Time to connect before a market opens, and before the trader's day begins. */
const beforeOpenMs = 5 * minuteMs
const beforePhaseMs = 10 * minuteMs

const isAttended = (group: MarketGroup, now: number): boolean =>
  isOpen(group, now) || nextChangeAt(group, now) - now <= beforeOpenMs

/** Maintenance is a break of at most an hour: a market traded an hour before the next one opens. */
const breakAt = (groups: readonly MarketGroup[], now: number): 'maintenance' | 'closed' => {
  const opens = Math.min(...groups.map((group) => nextChangeAt(group, now)))
  return groups.some((group) => isOpen(group, opens - hourMs - 1)) ? 'maintenance' : 'closed'
}

const isPhase = (boundaries: PhaseBoundaries, now: number): boolean => {
  const { phase, endsAt } = phaseAt(now, boundaries)
  return phase !== 'OFF-HOURS' || endsAt - now <= beforePhaseMs
}

const judge = ({ boundaries, groups, sleeps, override }: FeedHours, now: number): Omit<Attendance, 'until'> => {
  if (override === 'off') return { awake: false, reason: 'override' }
  if (!groups.some((group) => isAttended(group, now))) return { awake: false, reason: breakAt(groups, now) }
  if (override === 'on') return { awake: true, reason: 'override' }
  if (!sleeps) return { awake: true, reason: 'open' }
  const awake = isPhase(boundaries, now)
  return { awake, reason: awake ? 'phase' : 'off-hours' }
}

/** The next instant after `now` at which anything that decides may change. */
const nextLook = ({ boundaries, groups }: FeedHours, now: number): number => {
  const { endsAt } = phaseAt(now, boundaries)
  const changes = groups.map((group) => nextChangeAt(group, now))
  const looks = [endsAt - beforePhaseMs, endsAt, ...changes.map((change) => change - beforeOpenMs), ...changes]
  return Math.min(...looks.filter((look) => look > now))
}

/**
 * Whether the feed is to be connected at an instant (epoch ms). A feed that sleeps is awake from 10 minutes before
 * PRE-MARKET to flat-by, any other whenever a market is open or opens within 5 minutes; none while all are closed.
 */
export const attendanceAt = (now: number, hours: FeedHours): Attendance => {
  const present = judge(hours, now)
  if (hours.override === 'off' || hours.groups.length === 0) return { ...present, until: Number.POSITIVE_INFINITY }
  let until = nextLook(hours, now)
  while (judge(hours, until).awake === present.awake) until = nextLook(hours, until)
  return { ...present, until }
}
