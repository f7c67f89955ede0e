import { easternOffset } from '../instruments/zone.ts'
import { type Bar, minuteMs } from './bar.ts'

/** One number a half-hour: minutes learned, the mean of ln(1 + volume), and the share of minutes without a bar. */
type Slots = { readonly learned: Float64Array; readonly level: Float64Array; readonly empty: Float64Array }

/** What a market usually trades by half-hour of New York's week, and by half-hour of its day where a week is not known yet. */
export type UsualVolume = {
  readonly week: Slots
  readonly day: Slots
  /** Start of the newest minute learned, epoch ms. */
  learnedTo: number
  /** Share of minutes without a bar over the last half-hour or so. */
  quiet: number
}

const halfHourMs = 30 * minuteMs
const slotsOfDay = 48
const slotsOfWeek = 7 * slotsOfDay
/** Four weeks of one half-hour: what is older fades. */
const memory = 4 * 30
/** Two weeks of one half-hour before its own weekday is believed, one half-hour before anything is. */
const believed = { week: 60, day: 30 }
const quietMemory = 30
/** Longer gaps between bars are closed hours or holes in what is known, not minutes without a trade; for `quiet` sooner. */
const longestGap = { learned: 30, quiet: 5 }

const slots = (count: number): Slots => ({
  learned: new Float64Array(count),
  level: new Float64Array(count),
  empty: new Float64Array(count),
})

/** Starts with nothing known. */
export const startUsualVolume = (): UsualVolume => ({
  week: slots(slotsOfWeek),
  day: slots(slotsOfDay),
  learnedTo: 0,
  quiet: 0,
})

/** 1970-01-01 was a Thursday. */
const slotAt = (ms: number): number =>
  (Math.floor((ms + easternOffset(ms) * minuteMs) / halfHourMs) + 4 * slotsOfDay) % slotsOfWeek

const learnMinute = ({ learned, level, empty }: Slots, slot: number, volume: number | undefined): void => {
  const count = (learned[slot] as number) + 1
  const weight = 1 / Math.min(count, memory)
  learned[slot] = count
  level[slot] = (level[slot] as number) + weight * (Math.log1p(volume ?? 0) - (level[slot] as number))
  empty[slot] = (empty[slot] as number) + weight * ((volume === undefined ? 1 : 0) - (empty[slot] as number))
}

const learnAt = ({ week, day }: UsualVolume, time: number, volume: number | undefined): void => {
  const slot = slotAt(time)
  learnMinute(week, slot, volume)
  learnMinute(day, slot % slotsOfDay, volume)
}

const learnGap = (usual: UsualVolume, until: number): void => {
  const missing = (until - usual.learnedTo) / minuteMs - 1
  if (missing > longestGap.learned) return
  for (let time = usual.learnedTo + minuteMs; time < until; time += minuteMs) {
    learnAt(usual, time, undefined)
    if (missing <= longestGap.quiet) usual.quiet += (1 - usual.quiet) / quietMemory
  }
}

/**
 * Learns a closed 1m bar, and the minutes left out before it as minutes without a trade; an older bar is passed over.
 * Volumes are averaged as logarithms, so that one wild day does not make the next ones look dead.
 */
export const learnVolume = (usual: UsualVolume, { time, volume }: Pick<Bar, 'time' | 'volume'>): void => {
  if (time <= usual.learnedTo) return
  learnGap(usual, time)
  learnAt(usual, time, volume)
  usual.quiet -= usual.quiet / quietMemory
  usual.learnedTo = time
}

const lookUp = ({ week, day }: UsualVolume, at: number, of: 'level' | 'empty'): number | undefined => {
  const slot = slotAt(at)
  if ((week.learned[slot] as number) >= believed.week) return week[of][slot]
  const time = slot % slotsOfDay
  return (day.learned[time] as number) >= believed.day ? day[of][time] : undefined
}

/** Contracts an ordinary minute trades at this time of the week, undefined while too little is known. */
export const usualVolumeAt = (usual: UsualVolume, at: number): number | undefined => {
  const level = lookUp(usual, at, 'level')
  return level === undefined ? undefined : Math.expm1(level)
}

/** Share of minutes without a bar, 0–1: the larger of the usual one of this time of the week and that of late. */
export const emptyShareAt = (usual: UsualVolume, at: number): number | undefined => {
  const usually = lookUp(usual, at, 'empty')
  return usually === undefined ? undefined : Math.max(usually, usual.quiet)
}
