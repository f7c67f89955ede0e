import type { Indicator } from '../indicators/indicator.ts'
import { sessionOf } from '../instruments/calendar.ts'
import type { MarketGroup } from '../instruments/instrument.ts'
import { easternOffset } from '../instruments/zone.ts'
import { minuteMs } from '../market/bar.ts'
import type { FlowBar } from './minute-flow.ts'

/** Volume of each minute of New York's day; NaN where nothing can be said, 0 where the market was open and nobody traded. */
type Row = Float64Array

export type MinuteVolumeState = {
  readonly tradeDate: string
  /** The complete trade dates before, oldest first. */
  readonly past: readonly Row[]
  /** Their mean of every minute; undefined while they are too few. */
  readonly usual: Row | undefined
  /** Written in place, and not read before it is complete. */
  readonly today: Row | undefined
  readonly minute: number
  readonly volume: number
}

const dayMinutes = 1440
const tradeDates = 10

const minuteOfDay = (time: number): number => {
  const minute = Math.floor(time / minuteMs) + easternOffset(time)
  return minute - dayMinutes * Math.floor(minute / dayMinutes)
}

/** An empty row of a trade date whose bars are known from an instant on, epoch ms. */
const openRow = (group: MarketGroup, tradeDate: string, knownFrom: number): Row => {
  const row = new Float64Array(dayMinutes).fill(Number.NaN)
  for (const { open, close } of sessionOf(group, tradeDate)?.segments ?? []) {
    // Clocks change on a Sunday before the market opens, never while it trades: a segment is a run of minutes.
    const from = Math.max(open, knownFrom)
    const [first, minutes] = [minuteOfDay(from), Math.ceil((close - from) / minuteMs)]
    for (let i = 0; i < minutes; i++) row[(first + i) % dayMinutes] = 0
  }
  return row
}

/** The mean of each minute of day over the rows that know it; NaN where none does. Undefined of too few rows. */
const usualRow = (rows: readonly Row[]): Row | undefined => {
  if (rows.length < tradeDates) return undefined
  const sums = new Float64Array(dayMinutes)
  const known = new Uint8Array(dayMinutes)
  for (const row of rows)
    for (let minute = 0; minute < dayMinutes; minute++) {
      const volume = row[minute] as number
      if (Number.isNaN(volume)) continue
      sums[minute] = (sums[minute] as number) + volume
      known[minute] = (known[minute] as number) + 1
    }
  for (let minute = 0; minute < dayMinutes; minute++)
    sums[minute] = (sums[minute] as number) / (known[minute] as number)
  return sums
}

/**
 * Volume of a minute over the mean of the same minute of New York's day on the last 10 trade dates with any bar. On those a
 * minute without a bar counts as 0 while the market was open, and not at all while it was shut or before the first bar
 * known; where a merged holiday session holds a minute twice the later counts. NaN before 10 trade dates are complete,
 * and where the mean is 0.
 */
export const relativeVolume = (group: MarketGroup): Indicator<MinuteVolumeState, FlowBar> => ({
  warmup: 1,
  initial: { tradeDate: '', past: [], usual: undefined, today: undefined, minute: 0, volume: Number.NaN },
  step: (state, { bar: { time, volume }, tradeDate }) => {
    const minute = minuteOfDay(time)
    if (state.today !== undefined && state.tradeDate === tradeDate) {
      state.today[minute] = volume
      return { tradeDate, past: state.past, usual: state.usual, today: state.today, minute, volume }
    }
    const past = state.today === undefined ? state.past : [...state.past, state.today].slice(-tradeDates)
    const today = openRow(group, tradeDate, state.today === undefined ? time : Number.NEGATIVE_INFINITY)
    today[minute] = volume
    return { tradeDate, past, usual: usualRow(past), today, minute, volume }
  },
  value: ({ usual, minute, volume }) => {
    const mean = usual?.[minute] ?? Number.NaN
    return mean > 0 ? volume / mean : Number.NaN
  },
})

/**
 * Contracts usual of some minutes from an instant (epoch ms) on: the sum of the means of all of them, whether anybody
 * trades in them now or not. NaN where one is not known.
 */
export const usualVolume = ({ usual }: MinuteVolumeState, from: number, minutes: number): number => {
  const first = minuteOfDay(from)
  let sum = 0
  for (let i = 0; i < minutes; i++) sum += usual?.[(first + i) % dayMinutes] ?? Number.NaN
  return sum
}

/** The state as it stands, apart from the one that goes on. */
export const keepVolumes = (state: MinuteVolumeState): MinuteVolumeState => ({ ...state, today: state.today?.slice() })
